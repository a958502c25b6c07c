"""A push service of the test's own, which opens what it is sent with the browser's keys, as a browser does."""

import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.notification.channels.push.seal import pad, unpad


def _step(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


class TestBrowser:
    """A browser's own half of RFC 8291, written from the RFC and not from our code."""

    __test__ = False

    def __init__(self, private: ec.EllipticCurvePrivateKey | None = None, auth: bytes | None = None) -> None:
        self.private = private or ec.generate_private_key(ec.SECP256R1())
        self.auth = auth or secrets.token_bytes(16)
        self.point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, endpoint: str) -> dict[str, Any]:
        """Give what `PushSubscription.toJSON` gives."""
        return {"endpoint": endpoint, "keys": {"p256dh": pad(self.point), "auth": pad(self.auth)}}

    def open(self, body: bytes) -> bytes:
        """Decrypt (RFC 8188, section 2, and RFC 8291, section 3.4)."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
        key = _step(_step(self.auth, shared), b"WebPush: info\x00" + self.point + sender + b"\x01")
        first = _step(salt, key)
        content = _step(first, b"Content-Encoding: aes128gcm\x00\x01")[:16]
        nonce = _step(first, b"Content-Encoding: nonce\x00\x01")[:12]
        plain = AESGCM(content).decrypt(nonce, sealed, None)
        assert plain.endswith(b"\x02")
        return plain[:-1]


@dataclass
class PushService:
    """Keeps what it is sent, and answers as told."""

    origin: str = ""
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list[tuple[str, dict[str, str], bytes]])
    answers: list[int] = field(default_factory=list[int])
    """Statuses of the next answers; 201 when there are none left."""

    def to(self, path: str, browser: TestBrowser) -> list[dict[str, Any]]:
        """Give what was sent to one browser, opened."""
        return [json.loads(browser.open(body)) for where, _, body in self.taken if where == path]

    def signed_by(self, public: str, number: int = 0) -> dict[str, Any]:
        """Check a signature against the key we were told, and give its claims (RFC 8292)."""
        scheme, _, rest = self.taken[number][1]["Authorization"].partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(","))
        assert scheme == "vapid"
        assert said["k"] == public
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpad(public))
        return jwt.decode(said["t"], key, algorithms=["ES256"], audience=self.origin)

    async def take(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 201
        if status == 201:
            self.taken.append((request.path, dict(request.headers), await request.read()))
        return web.Response(status=status)


@asynccontextmanager
async def push_service() -> AsyncGenerator[PushService]:
    """Run one."""
    service = PushService()
    app = web.Application()
    app.router.add_post("/{tail:.*}", service.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield service
    finally:
        await runner.cleanup()

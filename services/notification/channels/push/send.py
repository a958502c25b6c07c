"""Pushes to browsers through their makers' push services (RFC 8030), signed with our key (RFC 8292)."""

import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

import aiohttp
import jwt
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from services.notification.channels.push.seal import BrowserKeysError, pad, seal
from shared.web.reach import GuardedResolver, Private, PrivateAddressError, may_reach

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10.0
TOKEN_SECONDS = 12 * 3600
"""A signed token's life: push services take a day at most."""
RENEWED_SECONDS = 3600
LONGEST_BACK_OFF = 300.0
MOST_SERVICES = 100
"""Push services whose token is kept: there are a handful, but a browser says which is its own."""
_GONE = frozenset({404, 410})
_OK = range(200, 300)
_TOO_MANY = 429
_OWN_FAULT = 500

Became = Literal["taken", "gone", "later", "refused"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one push."""

    became: Became
    after: float | None = None
    """Seconds that the push service asks to wait."""


class AddressError(ValueError):
    """No address that we push to; the message says why."""


def check_endpoint(endpoint: str, private: Private) -> URL:
    """Return where to push to. Raises `AddressError` for what is not https, or leads into a private network."""
    try:
        url = URL(endpoint)
    except ValueError:
        raise AddressError("this is no address") from None
    if url.host is None or url.user is not None or url.password is not None:
        raise AddressError("a push service's address is https://<host>/…, without a user or password")
    if url.scheme != "https" and not (url.scheme == "http" and private != "off" and _is_this_machine(url.host)):
        raise AddressError("a push service's address begins with https://")
    if _is_number(url.host) and not may_reach(url.host, private):
        raise AddressError("this leads into a private network, and Kith does not push there")
    return url


class PushSender:
    """Sends to one browser at a time; a failure is an outcome, never an error."""

    def __init__(self, contact: str, private: Private) -> None:
        self._contact = contact
        """Whom a push service may write to about us: `mailto:` or `https:`."""
        self._private: Private = private
        self._session: aiohttp.ClientSession | None = None
        self._tokens: dict[str, tuple[float, str]] = {}

    async def send(
        self, key: ec.EllipticCurvePrivateKey, endpoint: str, p256dh: str, auth: str, plain: bytes, topic: str, ttl: int
    ) -> Outcome:
        """Push to one browser. A later push of the same topic takes the place of one that waits."""
        try:
            url = check_endpoint(endpoint, self._private)
            body = seal(plain, p256dh, auth)
        except (AddressError, BrowserKeysError):
            return Outcome("gone")
        headers = {
            "Authorization": self._signed(key, url),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(ttl),
            "Urgency": "high",
            "Topic": topic,
        }
        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return _outcome(answer.status, answer.headers.get("Retry-After"))
        except aiohttp.ClientConnectorDNSError as error:
            return Outcome("gone" if isinstance(error.os_error, PrivateAddressError) else "later")
        except (aiohttp.ClientError, OSError, TimeoutError):
            return Outcome("later")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _signed(self, key: ec.EllipticCurvePrivateKey, url: URL) -> str:
        audience = str(url.origin())
        until, signed = self._tokens.get(audience, (0.0, ""))
        now = time.time()
        if now >= until:
            claims = {"aud": audience, "exp": int(now) + TOKEN_SECONDS, "sub": self._contact}
            token = jwt.encode(claims, key, algorithm="ES256")
            point = key.public_key().public_numbers()
            raw = b"\x04" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")
            signed = f"vapid t={token}, k={pad(raw)}"
            if len(self._tokens) >= MOST_SERVICES:
                self._tokens.clear()
            self._tokens[audience] = (now + RENEWED_SECONDS, signed)
        return signed

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=50, resolver=GuardedResolver(self._private)),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def _outcome(status: int, retry_after: str | None) -> Outcome:
    if status in _OK:
        return Outcome("taken")
    if status in _GONE:
        return Outcome("gone")
    if status == _TOO_MANY or status >= _OWN_FAULT:
        wait = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
        return Outcome("later", min(wait, LONGEST_BACK_OFF) if wait is not None else None)
    log.warning("a push service refused", status=status)
    return Outcome("refused")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ip_address(host).is_loopback)

"""Encryption of a push for one browser: RFC 8291 over RFC 8188's `aes128gcm`, in one record.

Ours, for the library that does it comes as source alone, and nothing of a package runs while Kith is installed
(decision 0077). It is checked against the RFC's own example.
"""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_POINT_BYTES = 65
_AUTH_BYTES = 16
_SALT_BYTES = 16
_RECORD_BYTES = 4096
_LAST_RECORD = b"\x02"
MOST_BYTES = 3000
"""Of what is told; push services take 4,096 bytes of ciphertext."""


class BrowserKeysError(ValueError):
    """What a browser gave is no public key and secret."""


def browser_keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """Read a browser's keys. Raises `BrowserKeysError`."""
    try:
        point, secret = unpad(p256dh), unpad(auth)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BrowserKeysError("p256dh is no point of the curve P-256 in base64url") from None
    if len(point) != _POINT_BYTES or len(secret) != _AUTH_BYTES:
        raise BrowserKeysError("p256dh is 65 bytes and auth 16, both in base64url")
    return key, secret


def seal(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    ours: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body of a push. Our key and the salt are made anew for each; only the RFC's example gives them."""
    theirs, secret = browser_keys(p256dh, auth)
    ours = ours or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(_SALT_BYTES)
    point = _point(ours.public_key())
    shared = ours.exchange(ec.ECDH(), theirs)
    material = _derive(shared, secret, b"WebPush: info\x00" + _point(theirs) + point, 32)
    key = _derive(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + _RECORD_BYTES.to_bytes(4, "big") + bytes([len(point)]) + point
    return header + AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)


def pad(raw: bytes) -> str:
    """Write bytes as base64url, without what fills it up."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unpad(text: str) -> bytes:
    """Read base64url, with or without what fills it up. Raises `ValueError`."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(material)

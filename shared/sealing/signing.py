"""Calls between our own processes, signed over their bodies with a secret that both hold."""

import hashlib
import hmac

HEADER = "X-Kith-Signature"
"""Carries `sha256=<hex>`."""


def signature(key: str, purpose: str, body: bytes) -> str:
    """Return the header's value. The purpose keeps a signature from being used elsewhere."""
    signed = b"\n".join((purpose.encode(), body))
    return f"sha256={hmac.digest(key.encode(), signed, hashlib.sha256).hex()}"


def is_signed(key: str, purpose: str, body: bytes, given: str) -> bool:
    """Tell, in constant time, whether this header was made with the key for this body."""
    return hmac.compare_digest(signature(key, purpose, body).encode(), given.encode())

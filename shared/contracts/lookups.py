"""Keyed hashes by which something exact is found again without being kept in clear."""

import hashlib
import hmac
from typing import Literal


def lookup(key: bytes, workspace_id: str, kind: Literal["email", "phone"], value: str) -> str:
    """Return the hash of an email in lower case or of a phone as E.164. `key` is `SecretKeys.lookup_key()`."""
    told = f"{workspace_id}\n{kind}\n{value}".encode()
    return f"{kind[0]}:{hmac.digest(key, told, hashlib.sha256).hex()[:40]}"

"""Secrets at rest and in transit: AES-256-GCM under a key of the workspace, derived from `KITH_SECRET_KEY`.

A ciphertext names the version of the key it was made with: `k<version>.<base64url of nonce and ciphertext>`.
"""

import base64
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_SEALED = re.compile(r"k([0-9]{1,9})\.([A-Za-z0-9_-]+)\Z")


class SecretKeyError(ValueError):
    """`KITH_SECRET_KEY` is missing or not of its form."""


class UnsealError(Exception):
    """A sealed value that this key, workspace or purpose does not open."""


class SecretKeys:
    """Seals and unseals. The purpose (`connection.token`) is authenticated: a value cannot be moved elsewhere."""

    def __init__(self, setting: str) -> None:
        self._roots: dict[int, bytes] = {}
        for part in filter(None, (piece.strip() for piece in setting.split(","))):
            version, _, encoded = part.partition(":")
            try:
                root = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
                number = int(version)
            except ValueError:  # its words would repeat the key
                raise SecretKeyError("KITH_SECRET_KEY: each part is <version>:<base64url of 32 bytes>") from None
            if number < 1 or number in self._roots:
                raise SecretKeyError("KITH_SECRET_KEY: versions are whole numbers from 1, each there once")
            if len(root) != _KEY_BYTES:
                raise SecretKeyError(f"KITH_SECRET_KEY: version {number} has {len(root)} bytes, it needs {_KEY_BYTES}")
            self._roots[number] = root
        if not self._roots:
            raise SecretKeyError("KITH_SECRET_KEY is not set; `kith up` makes one under KITH_HOME for a local run")
        self.newest = max(self._roots)

    def _key(self, version: int, workspace_id: str) -> AESGCM:
        root = self._roots.get(version)
        if root is None:
            raise UnsealError(f"version {version} of KITH_SECRET_KEY is not there any more")
        derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"kith/seal/{workspace_id}".encode()).derive(root)
        return AESGCM(derived)

    def seal(self, workspace_id: str, purpose: str, secret: str) -> str:
        """Encrypt a secret under the newest key."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._key(self.newest, workspace_id).encrypt(nonce, secret.encode(), purpose.encode())
        return f"k{self.newest}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"

    def unseal(self, workspace_id: str, purpose: str, sealed: str) -> str:
        """Decrypt. Raises `UnsealError` for anything that was not sealed for just this."""
        match = _SEALED.match(sealed)
        if match is None:
            raise UnsealError("not a sealed value")
        key = self._key(int(match[1]), workspace_id)
        try:
            raw = base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4))
            return key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError):  # cut short, it is no base64, or has no whole nonce
            raise UnsealError("sealed for another workspace or purpose, or damaged") from None

    def lookup_key(self) -> bytes:
        """Return the key of keyed hashes (shared/contracts/lookups.py), which follows from the oldest version.

        A hash cannot be made anew when a newer key comes: that version stays for as long as hashes are looked up.
        """
        oldest = self._roots[min(self._roots)]
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"kith/lookup").derive(oldest)

"""The key that we sign pushes with (VAPID, RFC 8292): one per installation, made once, sealed at rest.

Not one per workspace: a browser subscribes to one key for our whole origin, and people change workspaces there.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from pymongo.errors import DuplicateKeyError

from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Database

_INSTALLATION = "kith"
_PURPOSE = "push-key"


class PushKey:
    """Read from the database once, then kept."""

    def __init__(self, owned: Database, keys: SecretKeys) -> None:
        self._rows = owned["keys"]
        self._keys = keys
        self._found: ec.EllipticCurvePrivateKey | None = None

    async def private(self) -> ec.EllipticCurvePrivateKey:
        """Return the key, made by whichever process is first. Raises `UnsealError` where it cannot be opened."""
        if self._found is None:
            row = await self._rows.find_one({"_id": "vapid"})
            if row is None:
                row = {"_id": "vapid", "sealed": self._keys.seal(_INSTALLATION, _PURPOSE, _new_pem())}
                try:
                    await self._rows.insert_one(row)
                except DuplicateKeyError:
                    return await self.private()
            loaded = load_pem_private_key(self._keys.unseal(_INSTALLATION, _PURPOSE, row["sealed"]).encode(), None)
            assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
            self._found = loaded
        return self._found

    async def public(self) -> bytes:
        """Return the public key as an uncompressed point, which is what browsers and push services want."""
        private = await self.private()
        return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _new_pem() -> str:
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

"""Access tokens and the keys that sign them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.console.domain.people import User
from shared.contracts.accounts import SigningKeyStateV1
from shared.contracts.scopes import ALGORITHM, ISSUER

TOKEN_LIFE = timedelta(minutes=5)
HAND_OVER = timedelta(seconds=15)
"""From when a key is published until tokens are signed with it: everybody must know it by then."""
SETTLING = timedelta(seconds=60)
"""For how long a process may go on with an old key after the new one took over."""
WORKSPACE = "kith"
"""Signing keys belong to the installation; this stands where a workspace's id is asked for."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key. The private part is kept sealed, and forgotten once nothing is signed with it."""

    id: str
    public_key: str
    sealed_private_key: str | None = field(repr=False)
    signs_from: datetime
    not_after: datetime | None
    rev: int

    def state(self) -> SigningKeyStateV1:
        """Return what the other services are told."""
        return SigningKeyStateV1(
            id=self.id,
            time=self.signs_from,
            workspace_id=WORKSPACE,
            rev=self.rev,
            public_key=self.public_key,
            not_after=self.not_after,
        )


def make_pair() -> tuple[str, str]:
    """Make a key: its private part and its public part, both PEM."""
    private = Ed25519PrivateKey.generate()
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def sign(user: User, *, key_id: str, private_key: str, now: datetime) -> str:
    """Make a user's access token. `iat` has milliseconds: a password's change voids what came right before it."""
    begins = max(now.astimezone(UTC), user.tokens_from)
    claims = {
        "iss": ISSUER,
        "sub": user.id,
        "wid": user.workspace_id,
        "role": user.role,
        "iat": begins.timestamp(),
        "exp": (begins + TOKEN_LIFE).timestamp(),
    }
    return jwt.encode(claims, private_key, algorithm=ALGORITHM, headers={"kid": key_id})

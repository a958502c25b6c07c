"""Invitations: a link that makes one user, once."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from shared.contracts.accounts import Role

LIFE = timedelta(days=7)
_TOKEN_BYTES = 32

State = Literal["pending", "expired", "accepted", "revoked"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who was asked to join. The link's token is never kept, only its hash."""

    id: str
    workspace_id: str
    email: str
    """In its one form (domain/emails.py)."""
    name: str
    role: Role
    token_sha256: str = field(repr=False)
    """Hex. The token has 256 random bits, so a plain hash is enough."""
    invited_by: str
    """The user or the API key that invited; the invitation holds only while that one may still invite."""
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """Tell what has become of it."""
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "pending" if now < self.expires_at else "expired"


def make_token() -> str:
    """Make what a link carries: 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what an invitation is found by."""
    return hashlib.sha256(token.encode()).hexdigest()

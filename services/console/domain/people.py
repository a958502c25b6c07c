"""Who signs in, where they belong, and what calls in their stead."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.accounts import ApiKeyStateV1, Role, UserStateV1


@dataclass(frozen=True, slots=True)
class Workspace:
    """A tenant."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person who signs in. `email` is in its one form (domain/emails.py)."""

    id: str
    workspace_id: str
    email: str
    name: str
    role: Role
    active: bool
    password_hash: str = field(repr=False)
    tokens_from: datetime
    """Sessions and tokens that began before this are over."""
    created_at: datetime
    changed_at: datetime
    rev: int
    last_signed_in_at: datetime | None = None
    """When a password was last checked, or chosen; not when a session was used. No service is told."""

    @property
    def is_acting_admin(self) -> bool:
        return self.active and self.role == "admin"

    def state(self) -> UserStateV1:
        """Return what the other services are told."""
        return UserStateV1(
            id=self.id,
            time=self.changed_at,
            workspace_id=self.workspace_id,
            rev=self.rev,
            email=self.email,
            name=self.name,
            role=self.role,
            active=self.active,
            tokens_from=self.tokens_from,
        )


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that a program calls with. Its secret is kept as a hash."""

    id: str
    workspace_id: str
    name: str
    secret_sha256: str = field(repr=False)
    scopes: tuple[str, ...]
    active: bool
    created_by: str | None
    """The user or the key that made it; None for one made on the command line."""
    created_at: datetime
    revoked_at: datetime | None
    rev: int

    def state(self) -> ApiKeyStateV1:
        """Return what the other services are told."""
        return ApiKeyStateV1(
            id=self.id,
            time=self.revoked_at or self.created_at,
            workspace_id=self.workspace_id,
            rev=self.rev,
            name=self.name,
            secret_sha256=self.secret_sha256,
            scopes=self.scopes,
            active=self.active,
        )

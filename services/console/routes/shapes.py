"""What goes in and what comes out, apart from what is kept."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.console.domain import emails, passwords
from services.console.domain.people import ApiKey, User, Workspace
from services.console.domain.tokens import TOKEN_LIFE
from shared.contracts.accounts import Role
from shared.contracts.scopes import KEY_PREFIX, ROLE_SCOPES, SCOPES, Scope

Email = Annotated[str, Field(max_length=emails.LONGEST, description="In whatever case.", examples=["ada@example.com"])]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[
    str, Field(max_length=4 * passwords.LONGEST, description=f"At least {passwords.SHORTEST} characters.")
]


class In(BaseModel):
    """Something sent to us: a field that we do not know is refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Credentials(In):
    """An email and a password."""

    email: Email
    password: Password


class UserIn(In):
    """A user to be added."""

    email: Email
    name: Name
    role: Role
    password: Password | None = None
    """Without one we make one; the answer shows it once."""


class UserChange(In):
    """What is to change of a user. What is left out stays."""

    name: Name | None = None
    role: Role | None = None
    active: bool | None = None
    password: Password | None = None
    """A new password ends every session of the user."""


class PasswordChange(In):
    """One's own new password."""

    current_password: Password
    new_password: Password


class ApiKeyIn(In):
    """An API key to be made."""

    name: Name
    scopes: list[Scope]
    """What programs may do with it."""


class Me(BaseModel):
    """Who is signed in."""

    id: str
    email: str
    name: str
    role: Role
    scopes: list[Scope]
    """What they may do: pages that need more are left out."""
    workspace_id: str
    workspace_name: str

    @classmethod
    def of(cls, user: User, workspace: Workspace) -> "Me":
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            scopes=[scope for scope in SCOPES if scope in ROLE_SCOPES[user.role]],
            workspace_id=workspace.id,
            workspace_name=workspace.name,
        )


class SignedInOut(BaseModel):
    """A fresh access token."""

    access_token: str
    """Send it as `Authorization: Bearer …`. Keep it in memory only."""
    expires_in: int = int(TOKEN_LIFE.total_seconds())
    """Seconds. Ask for a fresh one before."""
    user: Me


class UserOut(BaseModel):
    """A user of the console."""

    id: str
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    last_signed_in_at: datetime | None
    """With a password; null for who never did, or not since this is kept."""

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            active=user.active,
            created_at=user.created_at,
            last_signed_in_at=user.last_signed_in_at,
        )


class NewUserOut(UserOut):
    """A user just added."""

    temporary_password: str | None
    """Where none was given: it is shown this once."""


class ApiKeyOut(BaseModel):
    """An API key, without its secret."""

    id: str
    name: str
    prefix: str
    """What the key begins with, to tell it from others; the secret follows."""
    scopes: list[str]
    active: bool
    created_by: str | None
    """The id of the user or key that made it; null for one made on the command line."""
    created_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None
    """The last day, in UTC, on which it was used; known within a minute or two. Null where it never was."""

    @classmethod
    def of(cls, key: ApiKey, last_used_on: date | None) -> "ApiKeyOut":
        return cls(
            id=key.id,
            name=key.name,
            prefix=f"{KEY_PREFIX}_{key.id.removeprefix('key_')}_",
            scopes=list(key.scopes),
            active=key.active,
            created_by=key.created_by,
            created_at=key.created_at,
            revoked_at=key.revoked_at,
            last_used_on=last_used_on,
        )


class NewApiKeyOut(ApiKeyOut):
    """An API key just made."""

    key: str
    """The key itself. It is shown this once: we keep only a hash."""


class UserList(BaseModel):
    """A page of users."""

    items: list[UserOut]
    next_cursor: str | None
    total: int
    total_is_exact: Literal[True] = True


class ApiKeyList(BaseModel):
    """A page of API keys."""

    items: list[ApiKeyOut]
    next_cursor: str | None
    total: int
    total_is_exact: Literal[True] = True


Limit = Annotated[int, Field(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Field(max_length=1000, description="`next_cursor` of the page before.")]
Search = Annotated[str, Field(max_length=200)]

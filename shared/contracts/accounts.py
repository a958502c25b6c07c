"""Accounts: connections to channels (`connection.v1`), and who may call us (`access.v1`)."""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.contracts.chat import Channel
from shared.contracts.event import StateEvent, UtcTime

Role = Literal["agent", "marketer", "admin"]
BecomesClient = Literal["on_contact", "on_first_message"]


class ConnectionStateV1(StateEvent, frozen=True):
    """One account of a workspace on one channel. Secrets travel sealed (shared/sealing)."""

    source: ClassVar[str] = "ingest"
    type: Literal["connection.state.v1"] = "connection.state.v1"
    channel: Channel
    name: str
    account_id: str
    """The provider's id of the account: a Telegram bot's id, a WhatsApp phone number's id, a page's id, a site key."""
    username: str | None = None
    enabled: bool = True
    becomes_client: BecomesClient = "on_contact"
    sealed_secrets: dict[str, str] = Field(default_factory=dict)
    """By name: `token`, `secret`."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """What else the channel needs to know, none of it secret."""

    def key(self) -> str:
        return self.id


class SigningKeyStateV1(StateEvent, frozen=True):
    """A public key that access tokens may be signed with."""

    source: ClassVar[str] = "console"
    type: Literal["signing-key.state.v1"] = "signing-key.state.v1"
    public_key: str
    """Ed25519, PEM."""
    not_after: UtcTime | None = None

    def key(self) -> str:
        return f"signing-key/{self.id}"


class UserStateV1(StateEvent, frozen=True):
    """A person who signs in to the console."""

    source: ClassVar[str] = "console"
    type: Literal["user.state.v1"] = "user.state.v1"
    email: str
    name: str
    role: Role
    active: bool
    tokens_from: UtcTime
    """Tokens issued before this are void: it moves when a password changes or sessions are ended."""

    def key(self) -> str:
        return f"user/{self.id}"


class ApiKeyStateV1(StateEvent, frozen=True):
    """An API key, by the hash of its secret."""

    source: ClassVar[str] = "console"
    type: Literal["api-key.state.v1"] = "api-key.state.v1"
    name: str
    secret_sha256: str
    """Hex. The secret has 256 random bits, so a plain hash is enough."""
    scopes: tuple[str, ...]
    active: bool

    def key(self) -> str:
        return f"api-key/{self.id}"


class ApiKeyUsedV1(StateEvent, frozen=True):
    """The last day on which an API key was used. Whichever service sees a key on a new day tells it."""

    source: ClassVar[str] = "console"
    type: Literal["api-key.used.v1"] = "api-key.used.v1"
    day: date
    """In UTC. `rev` is its ordinal, so that the latest day holds whoever tells it."""

    def key(self) -> str:
        return self.id

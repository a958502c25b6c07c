"""What a channel is to ingest. A new channel is a folder with these, and a line in `register.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.ingest.domain.known_by import KnownBy
from shared.contracts.chat import Channel, ChatEvent, UpdateUnknownV1
from shared.contracts.sending import ReceiptReceivedV1

Inbound = ChatEvent | UpdateUnknownV1
"""A receipt goes onto `receipt.v1`, a contact form onto `contact-form.v1`, everything else onto `conversation.v1`."""

__all__ = [
    "Account",
    "AccountRefusedError",
    "Accounts",
    "Headers",
    "Hook",
    "Identity",
    "Inbound",
    "MalformedError",
    "Parsed",
    "Paste",
    "ProviderAwayError",
    "ReceiptReceivedV1",
]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an update says."""

    events: Sequence[Inbound]
    people: Mapping[str, KnownBy] = field(default_factory=dict[str, KnownBy])
    """Where a channel knows people by more than one id: by the contact id that the events bear so far."""


@dataclass(frozen=True, slots=True)
class Account:
    """A connection with its secrets open."""

    workspace_id: str
    connection_id: str
    channel: Channel
    secrets: Mapping[str, str]
    account_id: str = ""
    """The provider's id of the account."""
    settings: Mapping[str, Any] | None = None


class MalformedError(Exception):
    """A body that is not the provider's. `field` names the place, the message says what is wrong there."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


Headers = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them: names in lower case."""


class Hook(Protocol):
    """How one channel's webhooks are read."""

    asks_by_get: bool
    """Whether the provider proves by a GET that the address is its customer's."""

    most_bytes: int
    """The largest body that this provider sends, where it may be above `KITH_HOOK_BYTES`; else 0."""

    def challenge(self, account: Account, query: Mapping[str, str]) -> str | None:
        """Answer a provider that asks by GET whether this address is ours; None where whoever asks proves nothing."""
        ...

    def is_genuine(self, account: Account, headers: Headers, body: bytes) -> bool:
        """Check the provider's proof over the raw bytes, in constant time."""
        ...

    def parse(self, account: Account, body: bytes) -> Parsed:
        """Read what happened. Raises `MalformedError`; an unknown update is an event of its own, never an error."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose credentials these are, as the provider says."""

    account_id: str
    name: str
    username: str | None = None
    made: bool = False
    """Whether the id was made just now, because no provider gives one: a connection keeps the one it got first."""


@dataclass(frozen=True, slots=True)
class Paste:
    """One thing that somebody copies into the provider's own pages."""

    label: str
    value: str


class AccountRefusedError(Exception):
    """The provider does not take these credentials. `field` is the one that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ProviderAwayError(Exception):
    """The provider could not be asked, or did not do it for a reason that may pass."""


class Accounts(Protocol):
    """How accounts of one channel are connected: what they need, whose they are, and where their updates go."""

    needs: frozenset[str]
    """Secrets that whoever connects one must give."""
    may_have: frozenset[str]
    """Secrets that they may give besides, and settings that may be left out."""
    settings: frozenset[str]
    """Names of what it needs to know, none of it secret."""

    def made_secrets(self) -> Mapping[str, str]:
        """Make the secrets that we give to the provider. The one called `secret` is told once, to who connects it."""
        ...

    async def who_is(self, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> Identity:
        """Ask whose these are. Raises `AccountRefusedError` or `ProviderAwayError`."""
        ...

    async def point_here(self, account: Account, url: str) -> bool:
        """Have updates sent to an address; False where somebody has to paste it first.

        Raises `ProviderAwayError`, saying what to do.
        """
        ...

    def to_paste(self, account: Account, url: str) -> Sequence[Paste]:
        """Return what is copied into the provider's pages by hand; nothing where `point_here` does it all."""
        ...

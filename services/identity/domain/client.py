"""A client: a person with a profile, as the business knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.identity.domain.people import RANK, Kind
from services.identity.domain.profile import (
    Address,
    Application,
    FieldValue,
    Location,
    PushToken,
    Refusal,
    Subscription,
)
from shared.contracts.chat import Channel, Strength


@dataclass(frozen=True, slots=True)
class Holding:
    """A phone or an email that a client holds, and how well."""

    kind: Kind
    value: str
    strength: Strength
    at: datetime
    event_id: str

    @property
    def id(self) -> str:
        """How it stands in the client's `ids`."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Taken:
    """A value that a client had merely claimed, and that somebody else then proved to be theirs."""

    kind: Kind
    value: str
    by: str
    """The client that holds it now."""
    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class Client:
    """A person with a profile. `rev` 0: nobody has stored it yet."""

    id: str
    workspace_id: str
    name: str
    created_at: datetime
    changed_at: datetime
    rev: int = 0
    surname: str | None = None
    contact_key: str | None = None
    origin: Channel | None = None
    tags: tuple[str, ...] = ()
    registered: bool = False
    chat_contact_ids: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] = ()
    taken: tuple[Taken, ...] = ()
    language: str | None = None
    """A BCP 47 tag."""
    time_zone: str | None = None
    """An IANA name."""
    address: Address | None = None
    location: Location | None = None
    groups: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Those kept by hand: whether one kept by a filter has somebody is asked of the filter."""
    fields: Mapping[str, FieldValue] = field(default_factory=dict[str, FieldValue])
    """By the id of the additional field."""
    subscriptions: tuple[Subscription, ...] = ()
    applications: tuple[Application, ...] = ()
    push_tokens: tuple[PushToken, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    """What is forbidden of the values that it holds; the workspace's own list of refusals is what counts."""
    imported_by: str | None = None
    """The import that made it."""
    chosen: tuple[str, ...] = ()
    """The holdings that a user wrote by hand, by id: the profile shows them before what is better known."""

    def shown(self, kind: Kind) -> Holding | None:
        """Return the one phone or email that the profile shows: the one written by hand, the best known, the newest."""
        found = [holding for holding in self.holdings if holding.kind == kind]
        return max(found, key=lambda h: (h.id in self.chosen, RANK[h.strength], h.at, h.event_id), default=None)

    def holds(self, kind: Kind, value: str) -> Holding | None:
        return next((h for h in self.holdings if h.kind == kind and h.value == value), None)

    @property
    def ids(self) -> tuple[str, ...]:
        """The values that this client alone may hold. What a business states of several people is not among them."""
        return tuple(sorted(h.id for h in self.holdings if h.strength != "stated"))

    @property
    def is_verified(self) -> bool:
        return any(h.strength == "verified" for h in self.holdings)

    def changed(self, now: datetime) -> "Client":
        return replace(self, rev=self.rev + 1, changed_at=now)

"""Who there is: chat contacts, as one connection sees a person, and clients, as the business does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar, dataclass_transform

from shared.contracts.chat import Channel, Strength

Kind = Literal["phone", "email", "site"]
"""`site` is a sign-in: the connection that vouches, a colon, and the business's own id of the person."""
LinkedBy = Literal["phone", "email", "first_message", "sign_in", "by_hand"]
Given = Literal["own_card", "others_card", "typed", "vouched", "sign_in", "form", "by_hand"]
"""How a value came to us."""

RANK: dict[Strength | None, int] = {"verified": 3, "stated": 2, "claimed": 1, None: 0}
"""How much a value is worth beside another one."""

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Make a dataclass that is frozen as far as the type checker goes.

    Frozen for real, or with slots, a chat contact takes five times as long to make and to copy, and each message
    does both.
    """
    return dataclass(cls)


@value
class Told:
    """What the channel last said of a person, and when. The newest by (the provider's time, event id) stands."""

    value: str
    at: int
    """Milliseconds since 1970, by the provider's clock: only ever compared, and three times as quick to read."""
    event_id: str

    def gives_way_to(self, at: int, event_id: str) -> bool:
        return (at, event_id) > (self.at, self.event_id)


@value
class Mark:
    """The first or the last message of a chat. `id` and `at` are the message's own; its words may be edited later."""

    id: str
    """The provider's id of the message."""
    at: datetime
    text: str
    told_at: int
    """Milliseconds since 1970."""
    told_by: str
    """The event that these words came with, and its time: a late original does not undo an edit."""

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Where the message stands in its chat. Telegram's clock ticks once a second; its ids count up."""
        return self.at, len(self.id), self.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """One value that a person gave in a chat."""

    event_id: str
    kind: Kind
    value: str
    """E.164 with its plus; an email in lower case."""
    strength: Strength
    how: Given
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """Why a chat contact belongs to its client."""

    how: LinkedBy
    strength: Strength | None
    """None where nothing was given: the client was made of the first message."""
    value: str | None
    at: datetime


@value
class ChatContact:
    """A person as one connection sees them. `rev` 0: nobody has stored it yet."""

    id: str
    workspace_id: str
    channel: Channel
    connection_id: str
    contact_id: str
    created_at: datetime
    """The earliest thing that we know of them, by the provider's clock."""
    changed_at: datetime
    rev: int = 0
    told_name: Told | None = None
    told_username: Told | None = None
    told_language: Told | None = None
    told_address: Told | None = None
    """What the channel takes to write to them now: on WhatsApp a contact id may be an id of before."""
    set_name: str | None = None
    set_language: str | None = None
    """What a user wrote by hand holds over what the channel says, until it is cleared."""
    external_code: str | None = None
    proactive: bool = True
    reactive: bool = True
    switches_rev: int | None = None
    """The rev at which a switch last moved; None as long as none ever did, and then nothing is published of them."""
    blocked: bool = False
    blocked_at: datetime | None = None
    blocked_by: str = ""
    """The event that said so last: a provider that only tells seconds still orders what happens within one."""
    registered: bool = False
    client_id: str | None = None
    link: Link | None = None
    parted_at: datetime | None = None
    """When its client was deleted: what was given until then is forgotten, and says nothing when it comes again."""
    evidence: tuple[Evidence, ...] = ()
    first_message: Mark | None = None
    last_message: Mark | None = None

    @property
    def name(self) -> str | None:
        return self.set_name or (self.told_name.value if self.told_name else None)

    @property
    def username(self) -> str | None:
        return self.told_username.value if self.told_username else None

    @property
    def language(self) -> str | None:
        return self.set_language or (self.told_language.value if self.told_language else None)

    @property
    def address(self) -> str | None:
        """What the channel takes to write to them, where that is not their contact id."""
        told = self.told_address
        return told.value if told is not None and told.value != self.contact_id else None

    @property
    def is_visitor(self) -> bool:
        """Whether they have written, and belong to no client: that is Without Contacts."""
        return self.client_id is None and self.first_message is not None

    @property
    def newest(self) -> datetime:
        """What lists are ordered by."""
        return self.last_message.at if self.last_message else self.created_at

    def changed(self, now: datetime) -> "ChatContact":
        return replace(self, rev=self.rev + 1, changed_at=now)

    def with_news(self, news: Mapping[str, Any]) -> "ChatContact":
        """Copy, with some fields changed: `dataclasses.replace` without its checks, for the hot path."""
        copied = object.__new__(ChatContact)
        copied.__dict__.update(self.__dict__)
        copied.__dict__.update(news)
        return copied

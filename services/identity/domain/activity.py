"""What somebody did, and what was sent to them: campaigns, events, orders. Told twice, each is there once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from services.identity.domain.people import ChatContact
from services.identity.domain.profile import Address
from shared.contracts.chat import (
    Channel,
    ChatBlockedV1,
    ChatEvent,
    ChatUnblockedV1,
    DetailsProvidedV1,
    FormLeftV1,
    MarketingResumedV1,
    MarketingStoppedV1,
    MessageReceivedV1,
    SignedInV1,
)
from shared.contracts.sending import DeliveryStatus, DeliveryUpdatedV1

ActivityKind = Literal["campaign", "event", "order"]
KINDS: tuple[ActivityKind, ...] = ("campaign", "event", "order")
Seen = Literal[
    "wrote_first",
    "left_form",
    "signed_in",
    "gave_phone",
    "gave_email",
    "stopped_marketing",
    "resumed_marketing",
    "blocked",
    "unblocked",
]
"""Events that Kith sees by itself."""
PropertyValue = str | float | bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    name: str
    quantity: str | None = None
    price: str | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An order in a shop, as its newest word says. Amounts are decimal numbers, as text."""

    external_id: str
    amount: str
    currency: str
    """ISO 4217."""
    status: str
    told_at: datetime
    """When the shop last changed it."""
    items: tuple[Item, ...] = ()
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A campaign's message to one person, and what became of it."""

    message: str
    """The campaign's own words or subject, before anything personal is put into them."""
    channel: Channel
    status: DeliveryStatus
    told_at: datetime
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened. It belongs to its subject for good: reading follows merges, so that undoing one does."""

    source: str
    """What names it in its workspace: told twice, it is there once."""
    workspace_id: str
    subject: str
    """The client, or the chat contact, that it was told of."""
    kind: ActivityKind
    at: datetime
    name: str = ""
    """An event's: the business's own words, or what Kith saw (`Seen`)."""
    seen: bool = False
    """Whether Kith saw the event by itself."""
    channel: Channel | None = None
    workflows: tuple[str, ...] = ()
    """What the event started, by name."""
    properties: Mapping[str, PropertyValue] = field(default_factory=dict[str, PropertyValue])
    order: Order | None = None
    sent: Sent | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Of whom, of which kinds and from when to when (exclusive) activity is asked."""

    subjects: tuple[str, ...]
    kinds: tuple[ActivityKind, ...] = KINDS
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, one: Activity) -> bool:
        """Tell whether something lies in it."""
        early = self.since is not None and one.at < self.since
        late = self.until is not None and one.at >= self.until
        return one.kind in self.kinds and not early and not late


def seen_in(event: ChatEvent) -> list[Activity]:
    """Return what an event of a chat is to whoever looks at the profile; ordinary messages are none."""
    names: list[Seen] = []
    match event:
        case MessageReceivedV1():
            return []
        case FormLeftV1():
            names = ["left_form"]
        case SignedInV1():
            names = ["signed_in"]
        case DetailsProvidedV1():
            names = ["gave_phone" if kind == "phone" else "gave_email" for kind in _kinds(event)]
        case MarketingStoppedV1():
            names = ["stopped_marketing"]
        case MarketingResumedV1():
            names = ["resumed_marketing"]
        case ChatBlockedV1():
            names = ["blocked"]
        case ChatUnblockedV1():
            names = ["unblocked"]
        case _:
            pass
    return [
        _seen(event.chat_contact_id, event.workspace_id, event.chat.channel, event.time, name, event.id)
        for name in names
    ]


def _kinds(event: DetailsProvidedV1) -> list[str]:
    """Return of which kinds something of their own was given; a form is told of by itself, and so is a sign-in."""
    if event.how in {"form", "vouched", "sign_in", "others_card"}:
        return []
    return sorted({detail.kind for detail in event.details}, reverse=True)


def wrote_first(contact: ChatContact) -> Activity | None:
    """Return that somebody wrote for the first time, as their chat contact says: nothing is written for it."""
    first = contact.first_message
    if first is None:
        return None
    return _seen(contact.id, contact.workspace_id, contact.channel, first.at, "wrote_first", contact.id)


def _seen(subject: str, workspace_id: str, channel: Channel, at: datetime, name: Seen, of: str) -> Activity:
    return Activity(f"seen:{name}:{of}", workspace_id, subject, "event", at, name, seen=True, channel=channel)


def sent_by(event: DeliveryUpdatedV1) -> Activity | None:
    """Return a campaign's message, as an update tells of it; None where no campaign sent it."""
    if event.origin != "campaign":
        return None
    sent = Sent(event.message or "", event.chat.channel, event.status, event.time, event.campaign_id)
    return Activity(
        source=f"sent:{event.outbound_id}",
        workspace_id=event.workspace_id,
        subject=event.chat_contact_id,
        kind="campaign",
        at=event.time,
        channel=event.chat.channel,
        sent=sent,
    )


def newest_sent(events: Iterable[DeliveryUpdatedV1]) -> list[Activity]:
    """Return each campaign message of a batch once, as it was told last; begun when it was told of first."""
    found: dict[str, Activity] = {}
    for one in filter(None, map(sent_by, events)):
        here = found.get(one.source, one)
        newest = one if _told_at(one) >= _told_at(here) else here
        found[one.source] = replace(newest, at=min(one.at, here.at))
    return list(found.values())


def _told_at(one: Activity) -> datetime:
    return one.sent.told_at if one.sent is not None else one.at

"""Who people are, as identity knows it: `client.v1`, `chat-contact.v1`; and what is forbidden: `permission.v1`."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.chat import Channel, Strength
from shared.contracts.event import Part, StateEvent, UtcTime


class MessageMark(Part, frozen=True):
    """The first or the last message of a chat, in short."""

    id: str
    at: UtcTime
    text: str = ""
    """At most 280 characters of it, or the label of what was attached."""


class ChatContactStateV1(StateEvent, frozen=True):
    """A person as one connection sees them."""

    source: ClassVar[str] = "identity"
    type: Literal["chat-contact.state.v1"] = "chat-contact.state.v1"
    channel: Channel
    connection_id: str
    contact_id: str
    name: str | None = None
    username: str | None = None
    language: str | None = None
    address: str | None = None
    """What the channel takes now to write to them; None where that is `contact_id`."""
    external_code: str | None = None
    proactive: bool = True
    reactive: bool = True
    blocked: bool = False
    registered: bool = False
    client_id: str | None = None
    first_message: MessageMark | None = None
    last_message: MessageMark | None = None
    created_at: UtcTime

    def key(self) -> str:
        return self.id


class Contactable(Part, frozen=True):
    """An email or a phone of a client."""

    value: str
    strength: Strength


class SubscriptionMark(Part, frozen=True):
    """What a client chose of one subscription category."""

    category_id: str
    subscribed: bool


class RefusalMark(Part, frozen=True):
    """That the client's email or phone must not be written to."""

    kind: Literal["email", "phone"]
    value: str
    what: Literal["blacklisted", "spam", "unsubscribed"]
    at: UtcTime
    reason: str | None = None


class ClientStateV1(StateEvent, frozen=True):
    """A person with a profile."""

    source: ClassVar[str] = "identity"
    type: Literal["client.state.v1"] = "client.state.v1"
    name: str
    surname: str | None = None
    email: Contactable | None = None
    phone: Contactable | None = None
    contact_key: str | None = None
    origin: Channel | None = None
    """The channel through which the client first came; None for one made by hand."""
    tags: tuple[str, ...] = ()
    registered: bool = False
    chat_contact_ids: tuple[str, ...] = ()
    language: str | None = None
    time_zone: str | None = None
    groups: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Those kept by hand."""
    fields: dict[str, str | float | bool | tuple[str, ...]] = Field(default_factory=dict)
    """Additional fields, by their ids."""
    subscriptions: tuple[SubscriptionMark, ...] = ()
    refusals: tuple[RefusalMark, ...] = ()
    created_at: UtcTime

    def key(self) -> str:
        return self.id


class PermissionStateV1(StateEvent, frozen=True):
    """One fact about what may be sent to one chat. Facts of several sources stand side by side; any "no" wins.

    `blocked` is the person's own doing at the provider: ingest and broadcast both learn of it, `rev` is the
    provider's time in milliseconds; of two at the same moment the provider's own order counts, and where one has none
    the stricter holds. `switches` are the chat
    contact's two switches, `rev` is the chat contact's own. `marketing` is what the person told the provider of
    marketing; it is ordered as `blocked` is. `blacklist` is what the business refuses, or was told of an address (spam,
    unsubscribed), `rev` is the refusal's own; lifted, it says that all is allowed.
    """

    source: ClassVar[str] = "identity"
    type: Literal["permission.state.v1"] = "permission.state.v1"
    chat_contact_id: str
    """Of `blacklist` it may also be the keyed hash of an email or a phone (shared/contracts/lookups.py): whoever sends
    to that address asks for it by this."""
    fact: Literal["blocked", "switches", "marketing", "blacklist"]
    proactive: bool
    reactive: bool
    order: str = ""
    """The provider's own order among facts with the same rev; empty where it told none."""
    agent: bool = True
    """Whether even an agent's own words may be sent: false where the provider would refuse them."""

    def key(self) -> str:
        return f"{self.chat_contact_id}/{self.fact}"

    def supersedes(self, there: "PermissionStateV1") -> bool:
        """Tell whether this fact takes the place of one that is known already."""
        if self.rev != there.rev:
            return self.rev > there.rev
        if self.order and there.order:
            return self.order > there.order
        if there.order and self.openness() == there.openness():
            return True  # what has no order outlasts what has one, in whichever order they come
        return self.openness() < there.openness()

    def openness(self) -> int:
        """Return how much this allows; the stricter of two allows less."""
        return self.proactive + self.reactive + self.agent

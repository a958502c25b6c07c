"""What is to be sent (`outbound.v1`), and what became of it (`delivery.v1`)."""

from typing import ClassVar, Literal

from shared.contracts.chat import ChatEvent
from shared.contracts.event import Part, UtcTime

Origin = Literal["scenario", "agent"]
"""Who speaks. A scenario is silent where *reactive* is off; an agent never is."""


class Button(Part, frozen=True):
    """A button under a message; pressing it gives `data` back."""

    text: str
    data: str


class MessageRequestedV1(ChatEvent, frozen=True):
    """Send this text to this chat, once. `id` is derived from what caused it, and names the ledger's row."""

    source: ClassVar[str] = "ingest"
    type: Literal["message.requested.v1"] = "message.requested.v1"
    text: str
    """Empty where nothing is said, and only a press is acknowledged."""
    buttons: tuple[Button, ...] = ()
    ask_contact: str | None = None
    """The words on a key that shares the person's own phone, where the channel has one."""
    remove_keyboard: bool = False
    acknowledges: str | None = None
    """The id of a button press that this answers."""
    answers_comment: str | None = None
    """The id of a comment in public that this answers, to its author alone."""
    human_agent: bool = False
    """An agent's own words after the channel's ordinary window: providers that take them want that said."""
    origin: Origin
    cause: str
    """The id of the event that led to this."""


DeliveryStatus = Literal["sent", "delivered", "read", "failed", "unknown"]
"""`sent`: the provider has taken it. `delivered` and `read` follow where the provider tells; either may be skipped."""
FailureReason = Literal[
    "blocked",  # the person blocked the connection
    "deactivated",  # the account is gone
    "no_such_chat",  # the provider knows no such chat
    "not_permitted",  # a switch or a block of ours said no before the request
    "rejected",  # the provider refused the message itself
    "undeliverable",  # the provider took it, and could not hand it over
    "outside_window",  # the person wrote too long ago for free text
    "opted_out",  # the person told the provider that they want no marketing
    "connection_refused",  # the provider refused our credentials, or the connection is gone
    "gave_up",  # the provider could not be reached for too long
]


class DeliveryUpdatedV1(ChatEvent, frozen=True):
    """What became of one message that was to be sent. `unknown`: perhaps accepted, we cannot tell; never guessed."""

    source: ClassVar[str] = "broadcast"
    type: Literal["delivery.updated.v1"] = "delivery.updated.v1"
    outbound_id: str
    """The id of the `message.requested.v1`."""
    status: DeliveryStatus
    provider_message_id: str | None = None
    reason: FailureReason | None = None
    detail: str | None = None
    """The provider's own words; no personal data."""
    origin: Literal["scenario", "agent", "campaign"] | None = None
    """Who spoke; None where that was not told."""
    campaign_id: str | None = None
    message: str | None = None
    """A campaign's own words in short, or its subject, before anything personal is put into them."""


class ReceiptReceivedV1(ChatEvent, frozen=True):
    """A provider told what became of messages that it had taken (`receipt.v1`). The ledger decides what that means."""

    source: ClassVar[str] = "ingest"
    type: Literal["receipt.received.v1"] = "receipt.received.v1"
    status: Literal["sent", "delivered", "read", "failed"]
    provider_message_ids: tuple[str, ...] = ()
    until: UtcTime | None = None
    """Where the provider names no messages: all that it took by this moment."""
    ledger_id: str | None = None
    """Our own id, where the provider gives it back: it settles a message whose answer was lost."""
    reason: FailureReason | None = None
    detail: str | None = None
    """The provider's own words; no personal data."""

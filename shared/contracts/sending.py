"""What is to be sent (`outbound.v1`), and what became of it (`delivery.v1`)."""

from typing import ClassVar, Literal

from shared.contracts.chat import ChatEvent
from shared.contracts.event import Part

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
    buttons: tuple[Button, ...] = ()
    ask_contact: str | None = None
    """The words on a key that shares the person's own phone, where the channel has one."""
    remove_keyboard: bool = False
    acknowledges: str | None = None
    """The id of a button press that this answers."""
    origin: Origin
    cause: str
    """The id of the event that led to this."""


DeliveryStatus = Literal["sent", "failed", "unknown"]
FailureReason = Literal[
    "blocked",  # the person blocked the connection
    "deactivated",  # the account is gone
    "no_such_chat",  # the provider knows no such chat
    "not_permitted",  # a switch or a block of ours said no before the request
    "rejected",  # the provider refused the message itself
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

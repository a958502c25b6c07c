"""`conversation.v1` and `delivery.v1`: everything that happens in chats."""

from collections.abc import Sequence

from services.identity.usecases.note_deliveries import NoteDeliveries
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.contracts.chat import ChatEvent
from shared.contracts.event import Event
from shared.contracts.sending import DeliveryUpdatedV1
from shared.messaging.consume import Handle


def on_conversation(recognise_senders: RecogniseSenders) -> Handle:
    """Handle what is about a person; updates that nobody knows yet are about nobody."""

    async def handle(events: Sequence[Event]) -> None:
        await recognise_senders([event for event in events if isinstance(event, ChatEvent)])

    return handle


def on_delivery(note_deliveries: NoteDeliveries) -> Handle:
    """Handle what became of our messages."""

    async def handle(events: Sequence[Event]) -> None:
        await note_deliveries([event for event in events if isinstance(event, DeliveryUpdatedV1)])

    return handle

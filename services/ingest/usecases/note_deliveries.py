"""Bring what became of a message back into its conversation."""

from collections.abc import Sequence

from services.ingest.store.conversations import Messages
from shared.contracts.event import Event
from shared.contracts.sending import DeliveryUpdatedV1


class NoteDeliveries:
    """Handles a batch of `delivery.v1`."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    async def __call__(self, events: Sequence[Event]) -> None:
        await self._messages.note_deliveries([event for event in events if isinstance(event, DeliveryUpdatedV1)])

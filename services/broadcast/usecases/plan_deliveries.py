"""What is to be sent becomes a row of the ledger, once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from services.broadcast.channels.sender import ChannelSender
from services.broadcast.domain.delivery import Delivery
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.ledger import Ledger
from shared.contracts.chat import Channel
from shared.contracts.sending import MessageRequestedV1
from shared.observability.metrics import DEDUPLICATED
from shared.storage.erased import ErasedChats

log = structlog.get_logger(__name__)


class PlanDeliveries:
    """Makes rows and wakes the senders; calls nobody outside."""

    def __init__(
        self,
        ledger: Ledger,
        clock: DatabaseClock,
        channels: Mapping[Channel, ChannelSender],
        wake: Callable[[set[str]], None],
        report: Callable[[Sequence[Delivery]], None],
        erased: ErasedChats | None = None,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._channels = channels
        self._wake = wake
        self._report = report
        self._erased = erased

    async def __call__(self, messages: Sequence[MessageRequestedV1]) -> None:
        """Plan messages, in their order. Those that were planned before are passed over.

        So are those to somebody who was erased since: their rows are gone, and would not stop a second sending.
        """
        if self._erased is not None:
            messages = await self._erased.without(messages)
        now = self._clock.now()
        rows = [self._row(message, now) for message in messages]
        doubles = await self._ledger.plan(rows)
        if doubles:
            DEDUPLICATED.labels("outbound.v1").inc(len(doubles))
        self._report([row for row in rows if row.status == "failed" and row.id not in doubles])
        self._wake({row.connection_id for row in rows if row.status == "planned"})

    def _row(self, message: MessageRequestedV1, now: datetime) -> Delivery:
        row = Delivery(
            id=message.id,
            outbound_id=message.id,
            workspace_id=message.workspace_id,
            connection_id=message.chat.connection_id,
            chat=message.chat,
            address=message.address,
            chat_contact_id=message.chat_contact_id,
            text=message.text,
            buttons=message.buttons,
            ask_contact=message.ask_contact,
            remove_keyboard=message.remove_keyboard,
            acknowledges=message.acknowledges,
            answers_comment=message.answers_comment,
            human_agent=message.human_agent,
            origin=message.origin,
            cause=message.cause,
            planned_at=now,
            due_at=now,
        )
        fault = self._fault(message)
        if fault is not None:
            log.warning("a message can never be sent", delivery_id=row.id, fault=fault)
            row.status, row.reason, row.detail = "failed", "rejected", fault
            row.finished_at, row.reported = now, False
        return row

    def _fault(self, message: MessageRequestedV1) -> str | None:
        channel = self._channels.get(message.chat.channel)
        if channel is None:
            return f"nothing can be sent on the channel {message.chat.channel} yet"
        return channel.fault(message)

"""`outbound.v1`: what is to be sent; `receipt.v1`: what providers tell of it later."""

from collections.abc import Sequence

from services.broadcast.usecases.plan_deliveries import PlanDeliveries
from services.broadcast.usecases.take_receipts import TakeReceipts
from shared.contracts import topics
from shared.contracts.event import Event
from shared.contracts.sending import MessageRequestedV1, ReceiptReceivedV1
from shared.spine import Spine


def subscribe(spine: Spine, plan: PlanDeliveries, take: TakeReceipts) -> None:
    """Plan every message that is asked for, and take in every receipt."""

    async def on_messages(events: Sequence[Event]) -> None:
        await plan([event for event in events if isinstance(event, MessageRequestedV1)])

    async def on_receipts(events: Sequence[Event]) -> None:
        await take([event for event in events if isinstance(event, ReceiptReceivedV1)])

    spine.consume(topics.OUTBOUND, on_messages)
    spine.consume(topics.RECEIPT, on_receipts)

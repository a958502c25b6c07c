"""`outbound.v1`: what is to be sent."""

from collections.abc import Sequence

from services.broadcast.usecases.plan_deliveries import PlanDeliveries
from shared.contracts import topics
from shared.contracts.event import Event
from shared.contracts.sending import MessageRequestedV1
from shared.spine import Spine


def subscribe(spine: Spine, plan: PlanDeliveries) -> None:
    """Plan every message that is asked for."""

    async def on_messages(events: Sequence[Event]) -> None:
        await plan([event for event in events if isinstance(event, MessageRequestedV1)])

    spine.consume(topics.OUTBOUND, on_messages)

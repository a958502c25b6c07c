"""`erasure.v1`: what other services removed."""

from collections.abc import Sequence

from services.identity.usecases.take_erasure_answers import TakeErasureAnswers
from shared.contracts.erasure import ErasureDoneV1
from shared.contracts.event import Event
from shared.messaging.consume import Handle


def on_erasure(take: TakeErasureAnswers) -> Handle:
    """Handle answers; the questions are our own."""

    async def handle(events: Sequence[Event]) -> None:
        await take([event for event in events if isinstance(event, ErasureDoneV1)])

    return handle

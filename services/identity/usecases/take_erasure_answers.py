"""Other services answer what they removed of an erased person."""

from collections.abc import Sequence

from services.identity.store.erasures import Erasures
from shared.contracts.erasure import ErasureDoneV1


class TakeErasureAnswers:
    """Handles a batch of `erasure.v1`. Idempotent."""

    def __init__(self, erasures: Erasures) -> None:
        self._erasures = erasures

    async def __call__(self, answers: Sequence[ErasureDoneV1]) -> None:
        for answer in answers:
            await self._erasures.take(answer)

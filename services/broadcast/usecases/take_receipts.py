"""What providers tell later of what they had taken: delivered, read, or failed after all."""

from collections.abc import Callable, Sequence

from services.broadcast.domain.delivery import Delivery
from services.broadcast.store.receipts import Receipts
from shared.contracts.sending import ReceiptReceivedV1


class TakeReceipts:
    """Handles a batch of `receipt.v1`. Idempotent: a receipt that came before changes nothing."""

    def __init__(self, receipts: Receipts, report: Callable[[Sequence[Delivery]], None]) -> None:
        self._receipts = receipts
        self._report = report

    async def __call__(self, receipts: Sequence[ReceiptReceivedV1]) -> None:
        self._report(await self._receipts.take(receipts))

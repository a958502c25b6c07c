"""Results are written in bulk, whoever's they are, and only then count as known."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from pymongo.errors import PyMongoError

from services.broadcast.domain.delivery import FINAL, Delivery
from services.broadcast.domain.outcomes import Outcome
from services.broadcast.domain.settle import Patience, settle
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.ledger import Ledger, Result
from services.broadcast.store.receipts import Receipts
from shared.contracts.chat import Channel

log = structlog.get_logger(__name__)

MOST = 500
WITHOUT_RECEIPTS = frozenset[Channel]({"telegram"})
"""Channels that never tell what became of a message: nothing is looked up for them."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    outcome: Outcome
    result: Result
    then: Callable[[Result, Outcome], None]


class RecordResults:
    """Takes outcomes from every connection of this process. Holds on to them until the database has them."""

    def __init__(
        self,
        ledger: Ledger,
        receipts: Receipts,
        clock: DatabaseClock,
        patience: Patience,
        report: Callable[[list[Delivery]], None],
    ) -> None:
        self._ledger = ledger
        self._receipts = receipts
        self._clock = clock
        self._patience = patience
        self._report = report
        self._waiting: list[_Waiting] = []
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def take(self, row: Delivery, outcome: Outcome, then: Callable[[Result, Outcome], None]) -> None:
        """Take an outcome; `then` is called when it is written."""
        now = self._clock.now()
        self._waiting.append(_Waiting(outcome, Result(row, settle(row, outcome, now, self._patience), now), then))
        self._none.clear()
        self._some.set()

    async def run(self) -> None:
        """Write for ever. All that came while one bulk was written make the next."""
        pause = 0.1
        while True:
            await self._some.wait()
            batch = self._waiting[:MOST]
            try:
                await self._ledger.record([one.result for one in batch])
                await self._receipts.settle_early(_with_receipts(batch))
            except PyMongoError as error:
                log.warning("results wait for the database", error=type(error).__name__, results=len(batch))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
                continue
            pause = 0.1
            del self._waiting[: len(batch)]
            self._report([settled for one in batch if (settled := _settled(one)) is not None])
            if not self._waiting:
                self._some.clear()
                self._none.set()

    async def written(self) -> None:
        """Wait until everything that was taken is written."""
        await self._none.wait()


def _with_receipts(batch: Sequence[_Waiting]) -> list[Delivery]:
    """Return rows that now have a provider's id, and of which the provider may have told more already."""
    found: list[Delivery] = []
    for one in batch:
        if one.result.change.provider_message_id and one.result.row.chat.channel not in WITHOUT_RECEIPTS:
            one.result.row.provider_message_id = one.result.change.provider_message_id
            found.append(one.result.row)
    return found


def _settled(one: _Waiting) -> Delivery | None:
    """Bring the row in memory to where the one in the database is; return it where its end was reached."""
    row, change = one.result.row, one.result.change
    row.status = change.status
    row.requests += int(change.requested)
    row.refusals += int(change.refused)
    one.then(one.result, one.outcome)
    if change.status not in FINAL:
        return None
    row.finished_at = one.result.at
    row.provider_message_id = change.provider_message_id
    row.reason, row.detail, row.reported = change.reason, change.detail, False
    return row

"""Every result becomes an event of `delivery.v1`; a block becomes a fact of `permission.v1` before that."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.reports import blocked_fact, delivery_event
from services.broadcast.store.ledger import Ledger
from shared.contracts import topics
from shared.contracts.people import PermissionStateV1
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.observability.metrics import SENT

log = structlog.get_logger(__name__)

MOST = 500
SWEEP_AFTER = timedelta(seconds=10)
SWEEP_EVERY_SECONDS = 5.0


class ReportResults:
    """Publishes what was written. What a crash or an absent broker left behind is swept."""

    def __init__(self, ledger: Ledger, publisher: Publisher, learn: Callable[[PermissionStateV1], None]) -> None:
        self._ledger = ledger
        self._publisher = publisher
        self._learn = learn
        self._waiting: list[Delivery] = []
        self._some = asyncio.Event()
        self._none = asyncio.Event()
        self._none.set()

    def take(self, rows: Sequence[Delivery]) -> None:
        """Take rows whose end is written. A block is known to this process from here on."""
        for row in rows:
            SENT.labels(row.chat.channel, row.status, row.reason or "").inc()
            if row.reason == "blocked":
                self._learn(blocked_fact(row))
        if rows:
            self._waiting += rows
            self._none.clear()
            self._some.set()

    async def run(self) -> None:
        """Publish for ever. What fails is left to the sweep: the rows say that they are not reported."""
        while True:
            await self._some.wait()
            batch = self._waiting[:MOST]
            try:
                await self._publish(batch)
            except (KafkaError, BrokerAwayError, PyMongoError, OSError) as error:
                log.warning("results are reported later", error=type(error).__name__, results=len(batch))
            finally:
                del self._waiting[: len(batch)]
            if not self._waiting:
                self._some.clear()
                self._none.set()

    async def reported(self) -> None:
        """Wait until everything that was taken is published or left to the sweep."""
        await self._none.wait()

    async def sweep(self, older_than: timedelta = SWEEP_AFTER) -> int:
        """Publish results that nobody published; returns how many there were."""
        rows = await self._ledger.unreported(older_than, MOST)
        if rows:
            log.info("results that were left behind are reported", results=len(rows))
            await self._publish(rows)
        return len(rows)

    async def run_sweep(self) -> None:
        """Sweep for ever."""
        while True:
            try:
                while await self.sweep() == MOST:
                    pass
            except (KafkaError, BrokerAwayError, PyMongoError, OSError) as error:
                log.warning("the sweep of results waits", error=type(error).__name__)
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

    async def _publish(self, rows: Sequence[Delivery]) -> None:
        blocked = [blocked_fact(row) for row in rows if row.reason == "blocked"]
        if blocked:
            await self._publisher.publish(topics.PERMISSION, blocked)
        await self._publisher.publish(topics.DELIVERY, [delivery_event(row) for row in rows])
        await self._ledger.mark_reported(rows)

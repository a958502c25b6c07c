"""How every subscriber reads: in batches, in order, and one bad record stops nobody and takes nobody with it."""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from pymongo.errors import PyMongoError

from shared.contracts.event import Event
from shared.contracts.topics import Service, Topic
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.publisher import BrokerAwayError
from shared.messaging.records import PoisonError, decode, traceparents
from shared.messaging.watchdog import Progress, Watchdog
from shared.observability.metrics import BATCH_SECONDS, RETRIES
from shared.observability.traces import span
from shared.settings import KithSettings
from shared.storage.transactions import is_passing

log = structlog.get_logger(__name__)

Handle = Callable[[Sequence[Event]], Awaitable[None]]

MAX_RECORDS = 500
BATCH_TIMEOUT_MS = 10
"""An idle batch subscriber sleeps as long as its poll waits: at 200 a hop takes 180 ms at p95."""
MAX_POLL_INTERVAL_MS = 300_000
PATIENCE_SECONDS = 200.0
"""How long a batch is tried again in place: well below the poll interval, after which it runs again elsewhere."""
ATTEMPTS_ALONE = 3
"""How often a record that fails by itself is tried before it is put aside."""
FAILING_LIMIT = 0.5
FAILING_AFTER = 200
FAILING_WINDOW = 1000
"""Failures are counted over about this many records: a long good past must not hide a fault of today."""


class TooManyFailingError(Exception):
    """More than half of the last records failed: that is a fault of ours, and nothing more is put aside for it."""


class _OutOfPatienceError(Exception):
    """Something we need has been away for too long; the batch is read again."""


async def _guarded(message: tuple[ConsumerRecord[bytes, bytes], ...], original: Callable[..., Any]) -> Any:  # noqa: ANN401
    """Parse a batch without ever raising.

    FastStream's own parser decodes headers; where one is null or not UTF-8 it raises before any middleware could
    rewind, and the next good batch commits past this one.
    """
    bare = tuple(dataclasses.replace(record, headers=(), value=b"") for record in message)
    parsed = await original(bare)
    parsed.raw_message = message
    parsed.body = list(message)
    return parsed


async def _as_it_is(message: Any) -> Any:  # noqa: ANN401 - FastStream's decoder protocol
    return message.body


class Consumer:
    """One subscriber of a topic in a service's group. `handle` gets decoded events, oldest first per chat.

    `handle` must be idempotent: after a crash, and when a batch is halved to find a failing record, it sees the
    same events again.
    """

    def __init__(
        self,
        *,
        topic: Topic,
        service: Service,
        handle: Handle,
        dead_letters: Callable[[str], DeadLetters],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.topic = topic
        self.group = f"{service}.{topic.name}"
        self._handle = handle
        self._dead_letters = dead_letters(self.group)
        self._sleep = sleep
        self._handled = 0
        self._failed = 0
        self.progress = Progress()

    def subscribe(self, broker: KafkaBroker, settings: KithSettings) -> Watchdog:
        """Hang this consumer on a broker, with the safe values."""
        subscriber = broker.subscriber(
            self.topic.name,
            group_id=self.group,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=100,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            heartbeat_interval_ms=settings.heartbeat_interval_ms,
            parser=_guarded,
            decoder=_as_it_is,
            include_in_schema=False,
        )
        subscriber(self.on_batch)
        return Watchdog(subscriber, self.topic.name, self.group, self.progress)

    async def on_batch(self, records: list[ConsumerRecord[bytes, bytes]]) -> None:
        """Handle one batch; when this returns, every record of it is handled or put aside."""
        began = time.monotonic()
        good: list[tuple[ConsumerRecord[bytes, bytes], Event]] = []
        for record in records:
            if record.value is None and self.topic.compacted:
                continue  # a tombstone: the thing is gone, and nobody who consumes states keeps any of their own
            try:
                good.append((record, decode(self.topic, record)))
            except PoisonError as error:
                await self._put_aside(record, why="undecodable", error=str(error))
        with span(f"{self.group} batch", traceparents([record for record, _ in good])):
            if good:
                await self._work_through(good)
        self.progress.moved()
        BATCH_SECONDS.labels(self.topic.name, self.group).observe(time.monotonic() - began)

    async def _work_through(self, pairs: Sequence[tuple[ConsumerRecord[bytes, bytes], Event]]) -> None:
        """Handle events; where they fail, halve them, in order, until the failing one stands alone."""
        try:
            await self._try(pairs, attempts=1 if len(pairs) > 1 else ATTEMPTS_ALONE)
        except (_OutOfPatienceError, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the records beside it must not suffer
            if len(pairs) == 1:
                await self._give_up(*pairs[0], error)
                return
        else:
            self._count(len(pairs), failed=0)
            return
        RETRIES.labels(self.topic.name, self.group, "halved").inc()
        middle = len(pairs) // 2
        await self._work_through(pairs[:middle])
        await self._work_through(pairs[middle:])

    async def _give_up(self, record: ConsumerRecord[bytes, bytes], event: Event, error: Exception) -> None:
        """Put one record aside, unless so many fail that the fault must be ours."""
        self._count(1, failed=1)
        if self._failed > FAILING_AFTER and self._failed > FAILING_LIMIT * self._handled:
            raise TooManyFailingError(f"{self._failed} of {self._handled} records failed in {self.group}") from error
        log.error("a record always fails", event_id=event.id, topic=record.topic, offset=record.offset, exc_info=error)
        await self._put_aside(record, why="failing", error=f"{type(error).__name__} at {_place(error)}")

    def _count(self, records: int, *, failed: int) -> None:
        if self._handled >= FAILING_WINDOW:
            self._failed = self._failed * (FAILING_WINDOW // 2) // self._handled
            self._handled = FAILING_WINDOW // 2
        self._handled += records
        self._failed += failed

    async def _try(self, pairs: Sequence[tuple[ConsumerRecord[bytes, bytes], Event]], attempts: int) -> None:
        """Handle events; wait in place while the database or the broker is away."""
        began = time.monotonic()
        pause = 0.05
        while True:
            try:
                await self._handle([event for _, event in pairs])
            except Exception as error:
                if _is_away(error):
                    if time.monotonic() - began > PATIENCE_SECONDS:
                        await self._sleep(1.0)
                        raise _OutOfPatienceError from error
                    self.progress.moved()  # waiting for a database is no reason to be started again
                else:
                    attempts -= 1
                    if attempts <= 0:
                        raise
                RETRIES.labels(self.topic.name, self.group, type(error).__name__).inc()
                log.warning("trying again in place", group=self.group, error=type(error).__name__, records=len(pairs))
                await self._sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return

    async def _put_aside(self, record: ConsumerRecord[bytes, bytes], *, why: str, error: str) -> None:
        log.warning("put aside", group=self.group, topic=record.topic, offset=record.offset, why=why, error=error)
        pause = 0.1
        began = time.monotonic()
        while True:
            try:
                await self._dead_letters.put(record, why=why, error=error)
            except (KafkaError, BrokerAwayError) as failed:
                if time.monotonic() - began > PATIENCE_SECONDS:
                    raise _OutOfPatienceError from failed
                self.progress.moved()
                await self._sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return


def _is_away(error: Exception) -> bool:
    """Tell "not now" from "never"."""
    if isinstance(error, PyMongoError):
        return is_passing(error)
    return isinstance(error, (KafkaError, BrokerAwayError, ConnectionError, TimeoutError))


def _place(error: BaseException) -> str:
    """Say where an error was raised, without its words: they may be personal."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_qualname}:{last.tb_lineno}" if last is not None else "nowhere"

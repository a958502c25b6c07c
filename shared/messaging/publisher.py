"""The one way onto a topic: durable, in order per key, and bounded while the broker is away."""

import asyncio
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    ProducerClosed,
    RequestTimedOutError,
)

from shared.contracts.event import Event
from shared.contracts.topics import Topic
from shared.messaging.kafka import MAX_RECORD_BYTES, make_producer, partition_of
from shared.messaging.lanes import BrokerAwayError, Lanes
from shared.messaging.records import Headers, Record, encode
from shared.observability.metrics import PRODUCER_REPLACED, UNACKNOWLEDGED
from shared.settings import KithSettings

log = structlog.get_logger(__name__)

__all__ = ["BrokerAwayError", "Publisher", "RecordTooLargeError"]

GATHER_SECONDS = 0.003
PATIENCE_SECONDS = 10.0
MAX_WAITING_BYTES = 32 * 1024 * 1024
DRAIN_SECONDS = 10.0
CLOSE_SECONDS = 5.0
_OVERHEAD = 100
"""What a record's framing and our headers take at most, roughly."""
_PASSING = (KafkaConnectionError, KafkaTimeoutError, RequestTimedOutError)
"""Errors after which the same producer may go on; after any other it is replaced."""


class RecordTooLargeError(ValueError):
    """A record above half of what the broker takes.

    The broker would refuse it, and after one refusal an idempotent producer's partition stays closed.
    """


class Publisher:
    """Publishes records of any topic.

    The partition is CRC-32 of the key, as librdkafka's `consistent` partitioner has it: murmur2 in Python costs
    12 µs a record.
    """

    def __init__(
        self,
        settings: KithSettings,
        service: str,
        *,
        gather_seconds: float = GATHER_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._settings = settings
        self._service = service
        self._gather_seconds = gather_seconds
        self.patience_seconds = patience_seconds
        """How long a record may wait for its acknowledgement before its future ends with `BrokerAwayError`."""
        self._producer: AIOKafkaProducer | None = None
        self._lanes: Lanes | None = None
        self._partitions: dict[str, int] = {}
        self._waiting_bytes = 0
        self._replacing: asyncio.Task[None] | None = None
        UNACKNOWLEDGED.set_function(lambda: self._waiting_bytes)

    @property
    def ready(self) -> bool:
        """Whether records are taken at all: not while a broken producer is being replaced."""
        return self._lanes is not None and self._replacing is None and self._waiting_bytes < MAX_WAITING_BYTES

    async def start(self) -> None:
        producer = make_producer(self._settings, f"kith-{self._service}")
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        self._producer = producer
        self._lanes = Lanes(
            producer,
            gather_seconds=self._gather_seconds,
            patience_seconds=self.patience_seconds,
            on_error=self._on_error,
            on_settled=self._on_settled,
        )

    async def stop(self) -> None:
        """Flush, then close."""
        if self._replacing is not None:
            self._replacing.cancel()
        if self._lanes is not None:
            try:
                await asyncio.wait_for(self._lanes.drain(), DRAIN_SECONDS)
            except TimeoutError:
                log.warning("publisher stopped with records unacknowledged", waiting_bytes=self._waiting_bytes)
            self._lanes.abandon(BrokerAwayError("the publisher was stopped"))
        if self._producer is not None:
            await _close(self._producer)
        self._lanes = None

    async def know(self, *topics: Topic) -> None:
        """Learn how many partitions these topics have; `offer` needs to know without asking."""
        if self._producer is None:
            raise BrokerAwayError("the producer has not been started")
        for topic in topics:
            if topic.name not in self._partitions:
                self._partitions[topic.name] = len(await self._producer.partitions_for(topic.name))

    def partition_of(self, topic: str, key: bytes) -> int:
        """Return the partition that a key has on a topic that is known already."""
        return partition_of(key, self._partitions[topic])

    def offer(self, topic: str, record: Record) -> "asyncio.Future[None]":
        """Queue a record; the future ends when it is durable. Raises at once where it cannot be taken."""
        size = len(record.key) + len(record.value or b"") + len(record.headers) * 40 + _OVERHEAD
        if size > MAX_RECORD_BYTES:
            raise RecordTooLargeError(f"a record of {size} bytes is above the limit of {MAX_RECORD_BYTES}")
        if self._lanes is None or self._replacing is not None:
            raise BrokerAwayError("the producer is being replaced; try again in a moment")
        if self._waiting_bytes + size > MAX_WAITING_BYTES:
            raise BrokerAwayError("too much waits for the broker already; try again in a moment")
        self._waiting_bytes += size
        return self._lanes.add(topic, self.partition_of(topic, record.key), record, size)

    async def publish(self, topic: Topic, events: Iterable[Event]) -> None:
        """Publish events of one topic and wait until all are durable. Raises what the broker said."""
        await self.publish_records(topic, [encode(event, self._service) for event in events])

    async def publish_records(self, topic: Topic, records: Iterable[Record]) -> None:
        """Publish records as they are, tombstones among them, and wait until all are durable."""
        await self.know(topic)
        waiting = {self.offer(topic.name, record) for record in records}
        if not waiting or self._lanes is None:
            return
        self._lanes.flush()
        # not `gather`: others wait for the same batch, and a caller that is cancelled would cancel it for them
        done, _ = await asyncio.wait(waiting)
        for future in done:
            future.result()

    async def publish_raw(self, topic: Topic, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Publish one record that is not an event of ours: a dead letter, or one that is replayed."""
        size = len(key or b"") + len(value or b"") + sum(len(name) * 4 + len(text) for name, text in headers)
        if size > MAX_RECORD_BYTES:  # others' headers may be of any size, `offer` only knows ours
            raise RecordTooLargeError(f"a record of {size} bytes is above the limit of {MAX_RECORD_BYTES}")
        await self.publish_records(topic, [Record(key or b"", value, headers)])

    def _on_settled(self, size: int) -> None:
        self._waiting_bytes -= size

    def _on_error(self, error: BaseException) -> None:
        if isinstance(error, _PASSING) or self._replacing is not None:
            return
        PRODUCER_REPLACED.inc()
        log.warning("producer replaced after a final error", error=type(error).__name__)
        self._replacing = asyncio.ensure_future(self._replace())

    async def _replace(self) -> None:
        old, lanes = self._producer, self._lanes
        self._producer = self._lanes = None
        if lanes is not None:
            lanes.abandon(BrokerAwayError("the producer was replaced; try again"))
        if old is not None:
            await _close(old)
        pause = 0.2
        while True:
            try:
                await self.start()
            except (KafkaError, OSError):
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                break
        self._replacing = None


async def _close(producer: AIOKafkaProducer) -> None:
    """Close a producer, however broken: its own `stop` waits for batches that may never end."""
    try:
        await asyncio.wait_for(producer.stop(), CLOSE_SECONDS)
    except (TimeoutError, KafkaError):
        await _tear_down(producer)


async def _tear_down(producer: AIOKafkaProducer) -> None:
    """End what `stop` leaves behind when it is cut short: its sender would go on for ever, over a closed client."""
    try:
        await asyncio.wait_for(producer._sender.close(), CLOSE_SECONDS)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    except (TimeoutError, KafkaError):
        log.warning("a producer did not end in time")
    producer._message_accumulator.fail_all(ProducerClosed())  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    await producer.client.close()

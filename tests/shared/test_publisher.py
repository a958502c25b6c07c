"""One way onto a topic: durable, in order per key, and no refusal that closes a partition."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from shared.contracts.event import Event
from shared.messaging import kafka, lanes
from shared.messaging.publisher import BrokerAwayError, Publisher, RecordTooLargeError
from shared.messaging.records import Record, encode
from shared.observability.metrics import PRODUCER_REPLACED
from shared.settings import KithSettings
from tests.shared.stream import Stream, event, eventually, number_of

MakeStream = Callable[..., Awaitable[Stream]]


@asynccontextmanager
async def a_publisher(settings: KithSettings, **how: Any) -> AsyncGenerator[Publisher]:
    found = Publisher(settings, "ingest", **how)
    await found.start()
    try:
        yield found
    finally:
        await found.stop()


async def everything(own: Stream, count: int) -> list[Event]:
    found: list[Event] = []

    async def take(events: Any) -> None:
        found.extend(events)

    async with own.consumed(take):
        await eventually(lambda: len(found) >= count, f"{count} records read")
    return found


async def test_the_order_of_each_key_over_thousands_of_tiny_batches(
    stream: MakeStream, broker_settings: KithSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka, "BATCH_BYTES", 1000)  # about four records
    own = await stream(partitions=3)
    chats = [f"con_{number}" for number in range(10)]
    async with a_publisher(broker_settings, gather_seconds=0.0) as publisher:
        await publisher.know(own.topic)
        waiting: list[asyncio.Future[None]] = []
        for number in range(300):
            waiting += [publisher.offer(own.topic.name, encode(event(number, chat=chat))) for chat in chats]
            if number % 7 == 0:
                await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    found = await everything(own, 3000)
    for chat in chats:
        assert [number_of(one) for one in found if one.key() == f"ws_1/{chat}"] == list(range(300))


async def test_a_record_too_large_is_refused_and_closes_nothing(stream: MakeStream) -> None:
    own = await stream()
    await own.send(event(1))
    with pytest.raises(RecordTooLargeError):
        await own.send(event(2, raw="x" * kafka.MAX_RECORD_BYTES))
    with pytest.raises(RecordTooLargeError):
        await own.publisher.publish_raw(own.topic, b"k", b"v", [("h", b"x" * kafka.MAX_RECORD_BYTES)])
    await own.send(event(3, raw="x" * (kafka.MAX_RECORD_BYTES - 1000)), event(4))
    assert [number_of(one) for one in await everything(own, 3)] == [1, 3, 4]


async def test_after_a_final_error_the_producer_is_replaced(
    stream: MakeStream, broker_settings: KithSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker itself refuses a record: without a new producer its partition would stay closed."""
    own = await stream()
    before = PRODUCER_REPLACED._value.get()  # pyright: ignore[reportPrivateUsage]
    async with a_publisher(broker_settings) as publisher:
        await publisher.publish(own.topic, [event(1)])
        monkeypatch.setattr("shared.messaging.publisher.MAX_RECORD_BYTES", 10 * kafka.MAX_MESSAGE_BYTES)
        monkeypatch.setattr(publisher._producer, "_max_request_size", 10 * kafka.MAX_MESSAGE_BYTES)  # pyright: ignore[reportPrivateUsage]
        with pytest.raises((MessageSizeTooLargeError, BrokerAwayError)):
            await publisher.publish(own.topic, [event(2, raw="x" * 2 * kafka.MAX_MESSAGE_BYTES)])
        await eventually(lambda: publisher.ready, "the new producer")
        await publisher.publish(own.topic, [event(3)])
    assert PRODUCER_REPLACED._value.get() == before + 1  # pyright: ignore[reportPrivateUsage]
    assert [number_of(one) for one in await everything(own, 2)] == [1, 3]


async def test_a_stop_flushes_what_was_offered(stream: MakeStream, broker_settings: KithSettings) -> None:
    own = await stream(partitions=3)
    async with a_publisher(broker_settings, gather_seconds=60.0) as publisher:
        await publisher.know(own.topic)
        offered = [publisher.offer(own.topic.name, encode(event(n, chat=f"con_{n}"))) for n in range(20)]
        assert not any(future.done() for future in offered)
    assert all(future.done() and future.exception() is None for future in offered)
    with pytest.raises(BrokerAwayError):
        publisher.offer(own.topic.name, encode(event(21)))
    assert len(await everything(own, 20)) == 20


async def test_a_cancelled_caller_does_not_cancel_its_batch_for_others(
    stream: MakeStream, broker_settings: KithSettings
) -> None:
    own = await stream()
    async with a_publisher(broker_settings) as publisher:
        await publisher.know(own.topic)
        impatient = asyncio.create_task(publisher.publish(own.topic, [event(1)]))
        await asyncio.sleep(0)
        patient = publisher.offer(own.topic.name, encode(event(2)))
        impatient.cancel()
        await patient
        with pytest.raises(asyncio.CancelledError):
            await impatient
    assert [number_of(one) for one in await everything(own, 2)] == [1, 2]


class Stuck:
    """A producer whose broker never answers, or says no."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent = 0

    def create_batch(self) -> Any:
        class Builder:
            def append(self, **_record: Any) -> object:
                return object()

        return Builder()

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> "asyncio.Future[Any]":  # noqa: ARG002
        self.sent += 1
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.error is not None:
            found.set_exception(self.error)
        return found


def the_lanes(producer: Stuck, settled: list[int], patience: float = 60.0) -> lanes.Lanes:
    return lanes.Lanes(
        producer, gather_seconds=0.0, patience_seconds=patience, on_error=lambda _error: None, on_settled=settled.append
    )


async def test_what_was_handed_to_a_producer_ends_with_it() -> None:
    """Every waiter hears of it and every byte is given back, whether it was sent, gathered or on its way."""
    settled: list[int] = []
    own = the_lanes(Stuck(), settled)
    sent = own.add("t", 0, Record(b"a", b"1", []), 10)
    await asyncio.sleep(0.01)
    behind, elsewhere = own.add("t", 0, Record(b"a", b"2", []), 20), own.add("t", 1, Record(b"b", b"3", []), 30)
    own.abandon(BrokerAwayError("replaced"))
    for future in (sent, behind, elsewhere):
        with pytest.raises(BrokerAwayError):
            await future
    assert sum(settled) == 60


async def test_waiting_has_an_end_but_the_bytes_are_held_until_it_is_settled() -> None:
    settled: list[int] = []
    own = the_lanes(Stuck(), settled, patience=0.01)
    with pytest.raises(BrokerAwayError, match="in time"):
        await own.add("t", 0, Record(b"a", b"1", []), 10)
    assert settled == []
    own.abandon(BrokerAwayError("over"))
    assert settled == [10]


async def test_one_batch_is_on_its_way_in_a_lane() -> None:
    producer = Stuck()
    own = the_lanes(producer, [])
    for number in range(5):
        own.add("t", 0, Record(b"a", b"%d" % number, []), 1)
        own.flush()
        await asyncio.sleep(0.001)
    assert producer.sent == 1
    own.abandon(BrokerAwayError("over"))

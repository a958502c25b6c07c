"""One bad record stops nobody and takes nobody with it; what is only away is waited for."""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from aiokafka.errors import KafkaConnectionError
from pymongo.errors import AutoReconnect

from shared.contracts import topics
from shared.contracts.chat import UpdateUnknownV1
from shared.contracts.event import Event
from shared.contracts.topics import Topic
from shared.messaging import consume
from shared.messaging.consume import Handle, TooManyFailingError
from shared.messaging.dead_letters import DeadLetter, NotReplayableError, replay
from shared.messaging.publisher import BrokerAwayError
from shared.messaging.records import encode
from tests.shared.stream import Headers, Stream, event, eventually, number_of

MakeStream = Callable[..., Awaitable[Stream]]


class Handled:
    """Notes what was handled; fails as it is told to."""

    def __init__(self, fails: Callable[[Sequence[int]], Exception | None] = lambda _numbers: None) -> None:
        self.numbers: list[int] = []
        self.fails = fails

    async def __call__(self, events: Sequence[Event]) -> None:
        numbers = [number_of(one) for one in events]
        error = self.fails(numbers)
        if error is not None:
            raise error
        self.numbers += numbers


async def at_once(_seconds: float) -> None:
    return


def good(number: int) -> tuple[bytes | None, Headers]:
    record = encode(event(number))
    return record.value, [(name, value) for name, value in record.headers]


async def test_four_kinds_of_poison_among_a_hundred_good_ones(stream: MakeStream) -> None:
    own = await stream()
    value, headers = good(1000)
    poison: list[tuple[bytes | None, Headers]] = [
        (value, [*headers, ("x", None)]),
        (value, [*headers, ("x", b"\xff\xfe")]),
        (None, headers),
        (b'{"canary": ', headers),
    ]
    records = [good(number) for number in range(100)]
    for place, bad in zip((0, 33, 34, 99), poison, strict=True):
        records.insert(place, bad)
    await own.send_raw(records)

    handled = Handled()
    async with own.consumed(handled):
        await eventually(lambda: len(handled.numbers) >= 100, "a hundred handled")
        await own.send(event(100))
        await eventually(lambda: 100 in handled.numbers, "the next one handled")
    assert handled.numbers == list(range(101))

    letters = await own.put_aside()
    assert [letter.error.split(" at ")[0] for letter in letters] == [
        "header 'x' is null",
        "header 'x' is not UTF-8",
        "the value is null",
        "value: Invalid JSON: EOF while parsing a value",
    ]
    assert {(letter.why, letter.group) for letter in letters} == {("undecodable", f"ingest.{own.topic.name}")}
    assert [letter.value for letter in letters] == [bad[0] for bad in poison]
    assert not [letter.error for letter in letters if "canary" in letter.error]


async def test_what_was_put_aside_for_its_headers_is_whole_again_when_replayed(
    stream: MakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = await stream()
    value, headers = good(7)
    await own.send_raw([(value, [*headers, ("x", None)]), (value, [*headers, ("y", b"\xff")])])
    monkeypatch.setattr(topics, "BY_NAME", {own.topic.name: own.topic})
    handled = Handled()
    async with own.consumed(handled):
        await own.send(event(8))
        await eventually(lambda: handled.numbers == [8], "the good one handled")
        for letter in await own.put_aside():
            await replay(letter, own.publisher)
        await eventually(lambda: handled.numbers == [8, 7, 7], "both replayed")


async def test_states_and_what_was_left_out_are_never_replayed(stream: MakeStream) -> None:
    own = await stream()
    value, headers = good(1)
    await own.send_raw([(value, [*headers, ("x", b"\xff" * 600_000)]), good(2)])
    handled = Handled()
    async with own.consumed(handled):
        await eventually(lambda: handled.numbers == [2], "the record behind a huge one handled")
    (letter,) = await own.put_aside()
    assert (letter.left_out, letter.value, letter.offset) == (True, None, 0)
    for said, name in (("there is no topic", own.topic.name), ("carries states", topics.PERMISSION.name)):
        with pytest.raises(NotReplayableError, match=said):
            await replay(_moved(letter, name, left_out=False), own.publisher)
    with pytest.raises(NotReplayableError, match="offset 0"):
        await replay(_moved(letter, topics.CONVERSATION.name, left_out=True), own.publisher)


def _moved(letter: DeadLetter, topic: str, *, left_out: bool) -> DeadLetter:
    return dataclasses.replace(letter, topic=topic, left_out=left_out)


async def test_records_that_always_fail_are_put_aside_alone_and_the_rest_keeps_its_order(stream: MakeStream) -> None:
    own = await stream()
    bad = {3, 40, 41, 79}

    def fails(numbers: Sequence[int]) -> Exception | None:
        return ValueError("canary +4791234567") if bad & set(numbers) else None

    await own.send(*(event(number) for number in range(80)))
    handled = Handled(fails)
    async with own.consumed(handled, sleep=at_once):
        await eventually(lambda: len(handled.numbers) == 76, "all good ones handled")
        await own.send(event(80))
        await eventually(lambda: 80 in handled.numbers, "the next one handled")
    assert handled.numbers == [number for number in range(81) if number not in bad]
    letters = await own.put_aside()
    assert [letter.offset for letter in letters] == sorted(bad)
    assert {letter.why for letter in letters} == {"failing"}
    assert all(letter.error.startswith("ValueError at ") and "canary" not in letter.error for letter in letters)


@pytest.mark.parametrize("error", [AutoReconnect("gone"), KafkaConnectionError(), BrokerAwayError("x"), TimeoutError()])
async def test_what_is_only_away_is_waited_for_in_place(stream: MakeStream, error: Exception) -> None:
    own = await stream()
    left = 7

    def fails(_numbers: Sequence[int]) -> Exception | None:
        nonlocal left
        left -= 1
        return error if left > 0 else None

    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    await own.send(*(event(number) for number in range(20)))
    handled = Handled(fails)
    async with own.consumed(handled, sleep=sleep):
        await eventually(lambda: len(handled.numbers) == 20, "all handled")
    assert handled.numbers == list(range(20))
    assert waits == sorted(waits)
    assert len(waits) == 6
    assert await own.put_aside() == []


async def test_patience_that_ends_reads_the_batch_again_and_loses_nothing(
    stream: MakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consume, "PATIENCE_SECONDS", -1.0)
    own = await stream()
    left = 3

    def fails(_numbers: Sequence[int]) -> Exception | None:
        nonlocal left
        left -= 1
        return AutoReconnect("gone") if left > 0 else None

    await own.send(*(event(number) for number in range(5)))
    handled = Handled(fails)
    async with own.consumed(handled, sleep=at_once):
        await eventually(lambda: len(handled.numbers) >= 5, "all handled")
    assert handled.numbers == list(range(5))


async def test_what_was_handled_is_not_handled_again_by_the_next_process(stream: MakeStream) -> None:
    own = await stream(partitions=3)
    await own.send(*(event(number, chat=f"con_{number % 7}") for number in range(50)))
    first, second = Handled(), Handled()
    async with own.consumed(first):
        await eventually(lambda: len(first.numbers) == 50, "all handled")
    await own.send(event(50))
    async with own.consumed(second):
        await eventually(lambda: bool(second.numbers), "the next one handled")
    assert second.numbers == [50]


async def test_a_fault_of_ours_stops_the_consumer_rather_than_put_everything_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted over a window: a long good past must not let a thousand records be put aside today."""
    monkeypatch.setattr(consume, "FAILING_AFTER", 5)
    monkeypatch.setattr(consume, "FAILING_WINDOW", 20)
    aside = 0

    class Aside:
        async def put(self, _record: object, *, why: str, error: str) -> None:
            nonlocal aside
            assert (why, bool(error)) == ("failing", True)
            aside += 1

    broken = False

    def fails(_numbers: Sequence[int]) -> Exception | None:
        return RuntimeError("a fault of ours") if broken else None

    made = a_consumer(Handled(fails), Aside())
    for number in range(500):
        await made.on_batch([arrived(number)])
    broken = True
    with pytest.raises(TooManyFailingError):
        await each(made, range(500, 1000))
    assert 5 < aside < 25


async def each(consumer: consume.Consumer, numbers: range) -> None:
    for number in numbers:
        await consumer.on_batch([arrived(number)])


def a_consumer(handle: Handle, aside: object) -> consume.Consumer:
    letters: Any = aside
    topic = Topic("t.window", (UpdateUnknownV1,), "any", ("ingest",), retention=timedelta(days=1))
    return consume.Consumer(
        topic=topic, service="ingest", handle=handle, dead_letters=lambda _group: letters, sleep=at_once
    )


def arrived(number: int) -> consume.ConsumerRecord[bytes, bytes]:
    record = encode(event(number))
    return consume.ConsumerRecord(
        topic="t.window", partition=0, offset=number, timestamp=0, timestamp_type=0, key=record.key,
        value=record.value, checksum=None, serialized_key_size=0, serialized_value_size=0, headers=record.headers,
    )  # fmt: skip

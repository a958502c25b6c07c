"""What a consumer is said to be doing is true, and only one that stands still ends its process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from shared.contracts.event import Event
from shared.messaging import consume, watchdog
from shared.messaging.watchdog import Progress, Watchdog
from shared.observability.metrics import LAG
from tests.shared.stream import Stream, event, eventually

MakeStream = Callable[..., Awaitable[Stream]]


async def test_lag_and_assignment_are_those_of_the_consumer(
    stream: MakeStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consume, "MAX_RECORDS", 10)
    own = await stream()
    handled, go_on = 0, asyncio.Event()

    async def handle(events: Sequence[Event]) -> None:
        nonlocal handled
        await go_on.wait()
        handled += len(events)

    await own.send(*(event(number) for number in range(30)))
    async with own.consumed(handle) as dog:
        await eventually(lambda: dog.assigned, "assigned")
        await eventually(lambda: dog.lag() == 20, "ten in hand, twenty to come")
        go_on.set()
        await eventually(lambda: handled == 30 and dog.lag() == 0, "all handled")
        assert dog.assigned
    assert not dog.assigned


async def test_a_second_process_without_a_partition_has_joined_all_the_same(stream: MakeStream) -> None:
    own = await stream(partitions=1)

    async def handle(_events: Sequence[Event]) -> None:
        return

    async with own.consumed(handle) as first, own.consumed(handle) as second:
        await eventually(lambda: first.assigned and second.assigned, "both joined")
        assert first.lag() == second.lag() == 0


class Ended(Exception):  # noqa: N818 - it stands for the end of the process
    pass


def a_dog(monkeypatch: pytest.MonkeyPatch, *, lag: int, assigned: bool) -> tuple[Watchdog, Progress]:
    def end(_code: int) -> None:
        raise Ended

    monkeypatch.setattr(watchdog, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watchdog, "STILL_SECONDS", 0.05)
    monkeypatch.setattr(watchdog.os, "_exit", end)

    def lags(_dog: Watchdog) -> int:
        return lag

    monkeypatch.setattr(Watchdog, "lag", lags)
    monkeypatch.setattr(Watchdog, "assigned", assigned)
    progress = Progress()
    return Watchdog(object(), "t", "g", progress), progress


@pytest.mark.parametrize(("lag", "assigned"), [(1, True), (0, False)])
async def test_work_that_nobody_does_ends_the_process(
    monkeypatch: pytest.MonkeyPatch,
    lag: int,
    assigned: bool,  # noqa: FBT001
) -> None:
    dog, _ = a_dog(monkeypatch, lag=lag, assigned=assigned)
    with pytest.raises(Ended):
        await asyncio.wait_for(dog.run(), 30)
    assert LAG.labels("t", "g")._value.get() == lag  # pyright: ignore[reportPrivateUsage]


async def test_one_that_is_idle_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    dog, _ = a_dog(monkeypatch, lag=0, assigned=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(dog.run(), 0.3)

"""Memory that all streams of a workspace share, when somebody reads slowly, and when a process is stopped."""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.domain import lines
from services.notification.domain.changes import Change, about_request
from services.notification.domain.queue import unknown_queue
from services.notification.settings import NotificationSettings
from services.notification.store.live import Live
from services.notification.usecases import feed, listener
from services.notification.usecases.feed import Feed
from services.notification.usecases.hub import Hub
from services.notification.usecases.listener import Listener
from services.notification.usecases.queue_book import QueueBook
from shared.storage.mongo import connect, database
from shared.web.access import AccessBook, Principal
from tests.console.running import eventually
from tests.notification.numbered import add


class _EverybodyMay(AccessBook):
    def still_holds(self, principal: Principal, now: datetime) -> bool:
        return principal.expires_at is None or now < principal.expires_at


class House:
    """A hub of its own, without a change stream: what it is not told it does not hear."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.draining = asyncio.Event()
        self.queues = QueueBook()
        self.hub = Hub(live, _EverybodyMay(), self.queues, self.draining)
        self.workspace = f"ws_{secrets.token_hex(6)}"
        self.reads = 0
        self._count = 0

    def listen(self, after: int | None = None, **more: object) -> AsyncGenerator[bytes]:
        principal = Principal(self.workspace, "user_1", "user", frozenset({"live:read"}), **more)  # pyright: ignore[reportArgumentType]
        return self.hub.listen(principal, after)

    async def say(self, change: Change) -> None:
        newest = await add(self.live, self.workspace, [change])
        assert newest is not None
        self.hub.wake(self.workspace, newest)

    async def add(self, count: int) -> None:
        changes = [
            Change("client", f"cl_{n}", None, registered=True, rev=1, created=True)
            for n in range(self._count, self._count + count)
        ]
        self._count += count
        newest = await add(self.live, self.workspace, changes)
        assert newest is not None
        self.hub.wake(self.workspace, newest)


@pytest.fixture
async def house(settings: NotificationSettings) -> AsyncGenerator[House]:
    client = connect(settings)
    yield House(Live(client, database(client, settings, "notification")))
    client.close()


async def _numbers(stream: AsyncIterator[bytes], up_to: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(20):
        async for chunk in stream:
            said = (line.removeprefix("data: ") for line in chunk.decode().splitlines() if '"kind"' in line)
            found += [json.loads(data)["n"] for data in said]
            if found and found[-1] >= up_to:
                return found
    raise AssertionError("the stream ended")


async def _begin(stream: AsyncGenerator[bytes]) -> bytes:
    return await asyncio.wait_for(anext(stream), 20)


async def test_a_slow_reader_is_told_to_read_again_and_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT", 8)
    monkeypatch.setattr(Feed.__init__, "__kwdefaults__", {"kept": 8})
    slow, quick = house.listen(), house.listen()
    assert await _begin(slow) == lines.ready(0)
    assert await _begin(quick) == lines.ready(0)
    for begin in range(0, 40, 4):
        await house.add(4)
        assert await _numbers(quick, begin + 4) == list(range(begin + 1, begin + 5))

    assert await _begin(slow) == lines.RESET
    await house.add(2)
    assert await _numbers(slow, 42) == [41, 42]
    await slow.aclose()
    await quick.aclose()


async def test_one_read_serves_all_streams(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [house.listen() for _ in range(20)]
    for stream in streams:
        assert await _begin(stream) == lines.ready(0)
    reads = 0
    real = Live.after

    async def counted(self: Live, workspace_id: str, n: int, limit: int) -> object:
        nonlocal reads
        reads += 1
        return await real(self, workspace_id, n, limit)

    monkeypatch.setattr(Live, "after", counted)
    await house.add(3)
    assert [await _numbers(stream, 3) for stream in streams] == [[1, 2, 3]] * 20
    assert reads == 1
    for stream in streams:
        await stream.aclose()


async def test_a_line_wakes_whom_it_is_for_and_the_others_are_marked_on_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 0.5)
    scopes, now = frozenset({"live:read", "requests:read"}), datetime.now(UTC)
    for queue_id, member in (("q_hers", "user_her"), ("q_his", "user_him")):
        state = unknown_queue(queue_id, house.workspace, now).state.model_copy(update={"members": (member,)})
        house.queues.take(state)
    hers, his = (
        house.hub.listen(Principal(house.workspace, user, "user", scopes), None) for user in ("user_her", "user_him")
    )
    assert await _begin(hers) == await _begin(his) == lines.ready(0)
    woken: list[str] = []
    tell = Listener.tell

    def noted(self: Listener) -> None:
        woken.append(self.principal.id)
        tell(self)

    async def marked() -> bytes:
        while (said := await _begin(his)) == lines.HEARTBEAT:
            pass
        return said

    monkeypatch.setattr(Listener, "tell", noted)
    quiet = asyncio.create_task(marked())

    for n in range(1, 8):
        await house.say(about_request(f"rq_{n}", 1, "q_hers"))
        assert await _numbers(hers, n) == [n]

    assert set(woken) == {"user_her"}
    assert (await quiet).startswith(b"id: ")  # how far he is, though nothing was for him
    await house.say(about_request("rq_8", 1, "q_his"))
    assert await _numbers(his, 8) == [8]
    await hers.aclose()
    await his.aclose()


async def test_a_long_gap_is_read_from_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Feed.__init__, "__kwdefaults__", {"kept": 5})
    await house.add(900)
    holds = house.listen()
    await _begin(holds)
    await house.add(5)
    await _numbers(holds, 905)

    resumed = house.listen(after=3)
    assert await _begin(resumed) == lines.ready(905)
    assert await _numbers(resumed, 905) == list(range(4, 906))
    await holds.aclose()
    await resumed.aclose()


async def test_who_comes_from_a_quicker_process_misses_nothing(house: House) -> None:
    holds = house.listen()
    await _begin(holds)
    await add(house.live, house.workspace, [Change("client", "cl_q", None, registered=True, rev=1, created=True)])

    resumed = house.listen(after=1)
    assert await _begin(resumed) == lines.ready(1)
    await house.add(1)
    assert await _numbers(resumed, 2) == [2]
    await holds.aclose()
    await resumed.aclose()


async def test_streams_end_at_once_when_the_process_is_stopped(house: House) -> None:
    looking = asyncio.create_task(house.hub.look_after())
    streams = [house.listen() for _ in range(3)]
    for stream in streams:
        await _begin(stream)
    waiting = [asyncio.create_task(_begin(stream)) for stream in streams]
    await asyncio.sleep(0.05)

    house.draining.set()

    assert await asyncio.wait_for(asyncio.gather(*waiting), 5) == [lines.BYE] * 3
    for stream in streams:
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
    assert await _begin(house.listen()) == lines.BYE
    await looking


async def test_nothing_is_left_when_everybody_has_gone(house: House) -> None:
    streams = [house.listen() for _ in range(3)]
    for stream in streams:
        await _begin(stream)
    for stream in streams:
        await stream.aclose()

    async def no_tasks() -> bool:
        return not [task for task in asyncio.all_tasks() if task.get_name() == f"feed {house.workspace}"]

    await eventually(no_tasks)
    await house.add(2)
    again = house.listen()
    assert await _begin(again) == lines.ready(2)
    await again.aclose()


async def test_a_database_that_was_replaced_is_noticed(house: House, settings: NotificationSettings) -> None:
    await house.add(5)
    stream = house.listen()
    assert await _begin(stream) == lines.ready(5)
    client = connect(settings)
    owned = database(client, settings, "notification")
    await owned["live"].delete_many({"workspace_id": house.workspace})
    await owned["numbers"].update_one({"_id": house.workspace}, {"$set": {"n": 1}})
    client.close()

    await house.hub.check_feeds()

    assert await _begin(stream) == lines.RESET
    await house.add(1)
    assert await _numbers(stream, 2) == [2]
    await stream.aclose()


async def test_a_stream_that_nobody_wakes_still_ends_with_its_token(house: House) -> None:
    stream = house.listen(expires_at=datetime.now(UTC) + timedelta(seconds=0.5))
    assert await _begin(stream) == lines.ready(0)
    assert await _begin(stream) == lines.BYE

"""A small state topic in memory: whole before it is used, the newest by rev, and never stuck at one bad state."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1
from shared.messaging.records import Record, encode
from shared.messaging.tail import Tail
from tests.shared.stream import Stream, eventually, fact

MakeStream = Callable[..., Awaitable[Stream]]


class Book:
    """What somebody keeps who tails: the newest by rev, and what is gone."""

    def __init__(self) -> None:
        self.revs: dict[str, int] = {}
        self.gone: list[str] = []
        self.taken = 0
        self.refuses = 0

    def take(self, event: Event) -> None:
        assert isinstance(event, PermissionStateV1)
        self.taken += 1
        if event.rev == self.refuses:
            raise KeyError("canary")
        self.revs[event.chat_contact_id] = max(event.rev, self.revs.get(event.chat_contact_id, 0))

    def contents(self) -> Iterable[tuple[str, str, str]]:
        return (("ws_1", chat, str(rev)) for chat, rev in self.revs.items())

    def fresh(self) -> "Book":
        found = type(self)()
        found.refuses = self.refuses
        return found

    def adopt(self, other: "Book") -> None:
        self.revs = other.revs

    def forget(self, key: str) -> None:
        self.gone.append(key)
        self.revs.pop(key.partition("/")[0], None)


@asynccontextmanager
async def tailing(own: Stream, book: Book) -> AsyncGenerator[Tail]:
    tail = Tail(own.settings, own.topic, book)
    assert tail.age == float("inf")
    await tail.start()
    try:
        yield tail
    finally:
        await tail.stop()


async def test_it_is_whole_before_it_is_used_and_follows_from_there(stream: MakeStream) -> None:
    own = await stream(partitions=3, compacted=True)
    await own.send(*(fact(f"cc_{number}", rev) for rev in (1, 2) for number in range(50)))
    book = Book()
    async with tailing(own, book) as tail:
        assert book.revs == {f"cc_{number}": 2 for number in range(50)}
        assert tail.age < 60
        await own.send(fact("cc_0", 3))
        await eventually(lambda: book.revs["cc_0"] == 3, "the newest rev")


async def test_an_empty_topic_is_whole_at_once(stream: MakeStream) -> None:
    own = await stream(partitions=2, compacted=True)
    async with tailing(own, Book()) as tail:
        assert tail.age < 60


async def test_what_is_gone_is_told(stream: MakeStream) -> None:
    own = await stream(compacted=True)
    await own.send(fact("cc_1", 1), fact("cc_2", 1))
    book = Book()
    async with tailing(own, book):
        await own.publisher.publish_records(own.topic, [Record(b"cc_1/switches", None, [])])
        await eventually(lambda: book.gone == ["cc_1/switches"], "the tombstone")
    assert book.revs == {"cc_2": 1}


async def test_a_state_that_cannot_be_read_or_taken_stops_no_other(stream: MakeStream) -> None:
    own = await stream(compacted=True)
    headers = encode(fact("cc_1", 1)).headers
    await own.send(fact("cc_1", 1))
    await own.send_raw([(b"not json", []), (b'{"type": "permission.state.v1"}', [("x", None)]), (b"{}", [*headers])])
    await own.send(fact("cc_1", 2), fact("cc_2", 9))
    book = Book()
    book.refuses = 2
    async with tailing(own, book):
        assert book.revs == {"cc_1": 1, "cc_2": 9}


async def test_after_any_trouble_it_reads_again_from_the_start(stream: MakeStream) -> None:
    own = await stream(compacted=True)
    await own.send(fact("cc_1", 1), fact("cc_1", 2))
    book = Book()
    tail = Tail(own.settings, own.topic, book)
    follow, troubles = tail._follow, [OSError("reset"), RuntimeError("a fault of ours")]  # pyright: ignore[reportPrivateUsage]

    async def fails_at_first(reader: object) -> None:
        task = asyncio.ensure_future(follow(reader))  # pyright: ignore[reportArgumentType]
        try:
            taken = book.taken
            await eventually(lambda: book.taken >= taken + 2, "what is there was read")
            if troubles:
                raise troubles.pop()
            await task
        finally:
            task.cancel()

    tail._follow = fails_at_first  # pyright: ignore[reportPrivateUsage]
    await tail.start()
    await eventually(lambda: book.taken >= 6, "three readings")
    await own.send(fact("cc_1", 3))
    await eventually(lambda: book.revs == {"cc_1": 3}, "the newest after all that")
    assert tail.age < 60
    await tail.stop()


async def test_what_went_while_nobody_listened_is_gone_after_reading_again(stream: MakeStream) -> None:
    """Tombstones stay for a week: who was away for longer never hears of them."""
    own = await stream(compacted=True)
    await own.send(fact("cc_1", 1))
    book = Book()
    book.revs["cc_gone"] = 7
    tail = Tail(own.settings, own.topic, book)
    await tail.start()
    assert book.revs == {"cc_1": 1, "cc_gone": 7}  # a first reading adds to what is there
    follow, lost = tail._follow, [OSError("reset")]  # pyright: ignore[reportPrivateUsage]

    async def fails_once(reader: object) -> None:
        if lost:
            raise lost.pop()
        await follow(reader)  # pyright: ignore[reportArgumentType]

    tail._follow = fails_once  # pyright: ignore[reportPrivateUsage]
    await tail.stop()
    await tail.start()
    await eventually(lambda: book.revs == {"cc_1": 1}, "what is gone is gone")
    await tail.stop()

"""A change and its event are one, whatever crashes between them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from bson import ObjectId
from pymongo.read_concern import ReadConcern

from shared.contracts.people import PermissionStateV1
from shared.contracts.topics import Topic
from shared.messaging.outbox import Outbox, StateSource
from shared.messaging.publisher import BrokerAwayError
from shared.messaging.tail import Tail
from shared.storage.mongo import Client, Database, Session
from shared.storage.transactions import in_transaction
from tests.shared.stream import Stream, eventually, fact
from tests.shared.test_tail import Book

MakeStream = Callable[..., Awaitable[Stream]]
NOW = timedelta(0)


class Facts(StateSource):
    """The states of one topic in memory, which may move while they are being published."""

    def __init__(self) -> None:
        self.kept: dict[str, PermissionStateV1] = {}
        self.meanwhile: list[Callable[[], object]] = []

    def put(self, chat: str, rev: int) -> PermissionStateV1:
        self.kept[chat] = fact(chat, rev)
        return self.kept[chat]

    async def states(self, ids: Sequence[str]) -> Sequence[PermissionStateV1]:
        found = [self.kept[id_] for id_ in ids if id_ in self.kept]
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return found

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return {self.key_of(id_): self.kept[id_].rev for id_ in ids if id_ in self.kept}

    def key_of(self, id_: str) -> str:
        return f"{id_}/switches"

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        for id_, state in self.kept.items():
            yield id_, state.rev

    def id_of(self, key: str) -> str | None:
        return key.removesuffix("/switches")


class Desk:
    """One service's outbox, and what its readers come to know."""

    def __init__(self, own: Stream, client: Client, ours: Database) -> None:
        self.own = own
        self.client = client
        # a deleted row may still be seen for a moment by who reads what a majority has: that is no matter here
        self.rows = ours.get_collection("outbox", read_concern=ReadConcern("local"))
        self.facts = Facts()
        self.outbox = Outbox("ingest", self.rows, own.publisher, {own.topic: self.facts})
        self.book = Book()

    async def note(self, *ids: str) -> ObjectId:
        async def work(session: Session) -> ObjectId:
            return await self.outbox.note({self.own.topic: ids}, session)

        return await in_transaction(self.client, work)

    async def left(self) -> int:
        return await self.rows.count_documents({})

    async def known(self) -> dict[str, int]:
        """Read the topic from its start, as a new process would."""
        book = Book()
        tail = Tail(self.own.settings, self.own.topic, book)
        await tail.start()
        await tail.stop()
        return book.revs


@pytest.fixture
async def desk(stream: MakeStream, client: Client, ours: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    own = await stream(compacted=True)
    monkeypatch.setattr("shared.messaging.outbox.BY_NAME", {own.topic.name: own.topic})
    return Desk(own, client, ours)


async def test_what_changed_is_published_and_its_row_is_gone(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    row = await desk.note("cc_1")
    assert await desk.left() == 1
    await desk.outbox.publish(row, {desk.own.topic: ["cc_1"]})
    assert await desk.left() == 0
    assert await desk.known() == {"cc_1": 1}


async def test_what_a_crash_left_behind_is_swept(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    await desk.note("cc_1")
    assert await desk.outbox.sweep() == 0  # it may still be somebody's who works on it
    assert await desk.outbox.sweep(NOW) == 1
    assert await desk.outbox.sweep(NOW) == 0
    assert await desk.known() == {"cc_1": 1}


async def test_a_transaction_that_failed_left_nothing(desk: Desk) -> None:
    async def work(session: Session) -> None:
        await desk.outbox.note({desk.own.topic: ["cc_1"]}, session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await in_transaction(desk.client, work)
    assert await desk.left() == 0


async def test_a_state_that_moved_while_it_was_published_is_published_again(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    desk.facts.meanwhile = [lambda: desk.facts.put("cc_1", 2), lambda: desk.facts.put("cc_1", 3)]
    await desk.outbox.publish(await desk.note("cc_1"), {desk.own.topic: ["cc_1"]})
    assert await desk.known() == {"cc_1": 3}


async def test_what_is_not_there_any_more_gets_a_tombstone(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    desk.facts.put("cc_2", 1)
    await desk.outbox.publish(await desk.note("cc_1", "cc_2"), {desk.own.topic: ["cc_1", "cc_2"]})
    del desk.facts.kept["cc_1"]
    await desk.outbox.publish(await desk.note("cc_1"), {desk.own.topic: ["cc_1"]})
    assert await desk.known() == {"cc_2": 1}


async def test_what_was_deleted_while_it_was_published_stays_deleted(desk: Desk) -> None:
    """The deleter's own tombstone went out before the older state that we had read."""
    desk.facts.put("cc_1", 1)
    desk.facts.meanwhile = [lambda: desk.facts.kept.pop("cc_1")]
    await desk.outbox.publish(await desk.note("cc_1"), {desk.own.topic: ["cc_1"]})
    assert await desk.known() == {}


async def test_what_came_back_while_its_tombstone_was_published_is_there(desk: Desk) -> None:
    desk.facts.meanwhile = [lambda: desk.facts.put("cc_1", 4)]
    await desk.outbox.publish(await desk.note("cc_1"), {desk.own.topic: ["cc_1"]})
    assert await desk.known() == {"cc_1": 4}


async def test_what_the_caller_knows_is_not_read_and_the_rest_is(desk: Desk) -> None:
    known = [desk.facts.put("cc_1", 1)]
    desk.facts.put("cc_2", 1)
    keys: Mapping[Topic, list[str]] = {desk.own.topic: ["cc_1", "cc_2"]}
    await desk.outbox.publish(await desk.note("cc_1", "cc_2"), keys, {desk.own.topic: known})
    assert await desk.known() == {"cc_1": 1, "cc_2": 1}


async def test_while_the_broker_is_away_the_row_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise BrokerAwayError

    desk.facts.put("cc_1", 1)
    await desk.note("cc_1")
    with monkeypatch.context() as broken:
        broken.setattr(desk.own.publisher, "publish_records", away)
        with pytest.raises(BrokerAwayError):
            await desk.outbox.sweep(NOW)
    assert await desk.left() == 1
    assert await desk.outbox.sweep(NOW) == 1


async def test_a_row_that_always_fails_stops_no_other(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    await desk.rows.insert_one({"keys": {"gone.v0": ["x"]}, "at": fact("x", 1).time})
    await desk.note("cc_1")
    assert await desk.outbox.sweep(NOW) == 1
    assert await desk.left() == 1
    assert await desk.known() == {"cc_1": 1}


async def test_it_sweeps_by_itself_at_the_start(desk: Desk) -> None:
    desk.facts.put("cc_1", 1)
    await desk.note("cc_1")
    running = asyncio.create_task(desk.outbox.run())
    book = Book()
    tail = Tail(desk.own.settings, desk.own.topic, book)
    await tail.start()
    await eventually(lambda: book.revs == {"cc_1": 1}, "swept")
    running.cancel()
    await tail.stop()

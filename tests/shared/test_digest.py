"""What an outbox lost is found: whatever was shuffled, doubled, lost or cut off, the topic tells what the owner has."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import pytest
from bson import ObjectId
from pymongo.read_concern import ReadConcern

from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1
from shared.messaging import digest as digests
from shared.messaging.digest import Differences, Digest
from shared.messaging.outbox import Outbox, StateSource
from shared.messaging.tail import Tail
from shared.storage.mongo import Client, Collection, Database, Session
from shared.storage.transactions import in_transaction
from shared.storage.walk import by_id
from tests.shared.stream import Stream, fact
from tests.shared.test_tail import Book

MakeStream = Callable[..., Awaitable[Stream]]


class Kept(StateSource):
    """Facts, one document each."""

    def __init__(self, rows: Collection) -> None:
        self.rows = rows

    async def states(self, ids: Sequence[str]) -> Sequence[PermissionStateV1]:
        return [fact(row["_id"], row["rev"]) async for row in self.rows.find({"_id": {"$in": list(ids)}})]

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return {self.key_of(state.chat_contact_id): state.rev for state in await self.states(ids)}

    def key_of(self, id_: str) -> str:
        return f"{id_}/switches"

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        async for row in by_id(self.rows, {"rev": True}):
            yield row["_id"], row["rev"]

    def id_of(self, key: str) -> str | None:
        return key.removesuffix("/switches")


class Desk:
    """One owner: its database, its outbox, its topic."""

    def __init__(self, own: Stream, client: Client, ours: Database) -> None:
        self.own = own
        self.client = client
        self.rows = ours.get_collection("outbox", read_concern=ReadConcern("local"))
        self.kept = Kept(ours["facts"])
        self.outbox = Outbox("ingest", self.rows, own.publisher, {own.topic: self.kept})
        self.digest = Digest(own.settings, "ingest", client, self.outbox)
        self.changes = 0

    async def change(self, id_: str) -> ObjectId:
        """Raise a rev; the row that tells of it is not published yet."""
        self.changes += 1
        rev = self.changes

        async def work(session: Session) -> ObjectId:
            await self.kept.rows.update_one({"_id": id_}, {"$set": {"rev": rev}}, upsert=True, session=session)
            return await self.outbox.note({self.own.topic: [id_]}, session)

        return await in_transaction(self.client, work)

    async def delete(self, id_: str) -> ObjectId:
        async def work(session: Session) -> ObjectId:
            await self.kept.rows.delete_one({"_id": id_}, session=session)
            return await self.outbox.note({self.own.topic: [id_]}, session)

        return await in_transaction(self.client, work)

    async def publish(self, row_id: ObjectId, id_: str) -> None:
        await self.outbox.publish(row_id, {self.own.topic: [id_]})

    async def lose(self, row_id: ObjectId) -> None:
        await self.rows.delete_one({"_id": row_id})

    async def told(self) -> dict[str, int]:
        """Read the last record of each key, as a reader does who starts after compaction."""
        book = Last()
        tail = Tail(self.own.settings, self.own.topic, book)
        await tail.start()
        await tail.stop()
        return book.revs

    async def there(self) -> dict[str, int]:
        return {row["_id"]: row["rev"] async for row in self.kept.rows.find({})}

    async def compare(self, *, look: bool = False) -> Differences:
        (found,) = await self.digest.run(look=look)
        return found


class Last(Book):
    """Keeps of each the last that came, be it the newest or not."""

    def take(self, event: Event) -> None:
        assert isinstance(event, PermissionStateV1)
        self.revs[event.chat_contact_id] = event.rev

    def fresh(self) -> "Last":
        return Last()


@pytest.fixture
async def desk(stream: MakeStream, client: Client, ours: Database, monkeypatch: pytest.MonkeyPatch) -> Desk:
    own = await stream(partitions=3, compacted=True)
    monkeypatch.setattr("shared.messaging.outbox.BY_NAME", {own.topic.name: own.topic})
    await ours.create_collection("facts")
    await ours.create_collection("outbox")
    return Desk(own, client, ours)


async def test_whatever_became_of_the_outbox_the_topic_tells_what_is_there(desk: Desk) -> None:
    dice = random.Random(seed := random.SystemRandom().randrange(1_000_000))
    ids = [f"cc_{number}" for number in range(12)]
    waiting: list[tuple[ObjectId, str]] = []
    for _ in range(80):
        id_ = dice.choice(ids)
        row = await (desk.delete(id_) if dice.random() < 0.2 else desk.change(id_))
        match dice.choice(("published", "doubled", "lost", "waits", "cut off", "overtaken")):
            case "published":
                await desk.publish(row, id_)
            case "doubled":
                await asyncio.gather(desk.publish(row, id_), desk.publish(row, id_))
            case "lost":
                await desk.lose(row)
            case "waits":
                waiting.append((row, id_))
            case "cut off":
                task = asyncio.ensure_future(desk.publish(row, id_))
                await asyncio.sleep(dice.uniform(0, 0.01))
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await desk.lose(row)
            case _:  # an older state comes last: readers of today know better, those after compaction would not
                await desk.publish(row, id_)
                await desk.own.send(fact(id_, 0))
    dice.shuffle(waiting)
    for row, id_ in waiting:
        await desk.publish(row, id_)

    first = await desk.compare()

    assert await desk.told() == await desk.there(), seed
    assert first.states == len(await desk.there())
    again = await desk.compare()
    assert (again.published, again.ahead) == (0, 0), (seed, first, again)


async def test_it_may_be_ended_in_the_middle_and_begin_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "AT_ONCE", 2)
    monkeypatch.setattr(digests, "HELD_KEYS", 1)  # a walk for each partition
    for number in range(9):
        await desk.lose(await desk.change(f"cc_{number}"))

    async def all_of_it() -> None:
        await desk.digest.run()

    task = asyncio.ensure_future(all_of_it())
    while not await desk.told():  # noqa: ASYNC110 - no event tells of what reached a topic
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await desk.outbox.sweep(timedelta(0))
    left = await desk.compare()

    assert await desk.told() == await desk.there()
    assert left.missing <= 7
    assert left.states == 9


async def test_what_is_on_its_way_is_no_difference(desk: Desk) -> None:
    enough = asyncio.Event()

    async def changing() -> None:
        number = 0
        while not enough.is_set():
            id_ = f"cc_{number % 7}"
            row = await desk.change(id_)
            await asyncio.sleep(0.02)
            await desk.publish(row, id_)
            number += 1

    together = [asyncio.ensure_future(changing()) for _ in range(3)]
    try:
        found = [await desk.compare() for _ in range(5)]
    finally:
        enough.set()
        await asyncio.gather(*together)

    assert [(one.published, one.ahead) for one in found] == [(0, 0)] * 5
    assert await desk.told() == await desk.there()


async def test_looking_publishes_nothing(desk: Desk) -> None:
    await desk.lose(await desk.change("cc_1"))
    assert (await desk.compare(look=True)).missing == 1
    assert await desk.told() == {}


async def test_a_database_that_went_back_is_told_of_and_not_published(desk: Desk) -> None:
    for _ in range(3):
        await desk.publish(await desk.change("cc_1"), "cc_1")
    await desk.kept.rows.update_one({"_id": "cc_1"}, {"$set": {"rev": 1}})

    found = await desk.compare()

    assert (found.published, found.ahead, found.examples) == (0, 1, ["cc_1/switches"])
    assert await desk.told() == {"cc_1": 3}


async def test_an_empty_database_takes_nothing_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "GONE_AT_MOST", 1)
    monkeypatch.setattr(digests, "HELD_KEYS", 1000)
    await desk.own.send(fact("cc_1", 1), fact("cc_2", 1))

    found = await desk.compare()

    assert (found.published, found.gone_left) == (0, 2)
    assert await desk.told() == {"cc_1": 1, "cc_2": 1}

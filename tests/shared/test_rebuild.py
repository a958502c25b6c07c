"""A read model is made anew from its topic while it is used: equal by digest, and right where it was not."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from services.broadcast.domain.connections import ConnectionBook
from services.identity.store.connections import Connections
from services.ingest.store.connections import Connections as IngestConnections
from services.ingest.usecases.connection_book import ConnectionBook as IngestBook
from shared.contracts.accounts import ApiKeyStateV1, ConnectionStateV1, SigningKeyStateV1, UserStateV1
from shared.contracts.event import StateEvent
from shared.contracts.permissions import PermissionBook
from shared.messaging.kafka import partitions_of
from shared.messaging.read_models import ReadModel, digest_of, in_short
from shared.messaging.reading import reading
from shared.messaging.records import Record
from shared.messaging.tail import Tail
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Database
from shared.web.access import AccessBook
from tests.shared.stream import START, Stream, eventually, fact

MakeStream = Callable[..., Awaitable[Stream]]
SECRET_KEY = "1:" + "A" * 43


def connection(number: int, rev: int) -> ConnectionStateV1:
    return ConnectionStateV1(
        id=f"con_{number}", time=START, workspace_id=f"ws_{number % 2}", rev=rev, channel="telegram", name=f"n{rev}",
        account_id=str(number),
    )  # fmt: skip


def access(number: int, rev: int) -> StateEvent:
    common = {"id": f"a_{number}", "time": START, "workspace_id": f"ws_{number % 2}", "rev": rev}
    match number % 3:
        case 0:
            return SigningKeyStateV1.model_validate({**common, "public_key": f"k{rev}"})
        case 1:
            more = {"email": "a@b.example", "name": f"n{rev}", "role": "agent", "active": True, "tokens_from": START}
            return UserStateV1.model_validate({**common, **more})
        case _:
            more = {"name": "K", "secret_sha256": "0" * 64, "scopes": ("people:read",), "active": rev < 3}
            return ApiKeyStateV1.model_validate({**common, **more})


def permission(number: int, rev: int) -> StateEvent:
    return fact(f"cc_{number}", rev, proactive=rev % 2 == 0)


Make = Callable[[int, int], StateEvent]
MODELS = ("access", "permissions", "identity", "broadcast", "ingest")


@pytest.fixture(params=MODELS)
def kind(request: pytest.FixtureRequest, ours: Database) -> tuple[ReadModel, Make]:
    """Give every read model that a service keeps of another's states."""
    ingest = IngestBook(SecretKeys(SECRET_KEY), IngestConnections(ours))
    kinds: dict[str, tuple[ReadModel, Make]] = {
        "access": (AccessBook(), access),
        "permissions": (PermissionBook(), permission),
        "identity": (Connections(), connection),
        "broadcast": (ConnectionBook(), connection),
        "ingest": (ingest, connection),
    }
    return kinds[request.param]


def short(model: ReadModel) -> str:
    return in_short(digest_of(model)).digest


@asynccontextmanager
async def tailing(own: Stream, model: ReadModel) -> AsyncGenerator[Tail]:
    tail = Tail(own.settings, own.topic, model)
    await tail.start()
    try:
        yield tail
    finally:
        await tail.stop()


async def test_each_is_made_anew_while_new_states_come(kind: tuple[ReadModel, Make], stream: MakeStream) -> None:
    model, make = kind
    own = await a_topic_of(await stream(partitions=3, compacted=True), make)
    newest = dict.fromkeys(range(30), 0)
    enough = asyncio.Event()

    async def coming() -> None:
        while not enough.is_set():
            for number in range(30):
                newest[number] += 1
                await own.send(make(number, newest[number]))

    async with tailing(own, model) as tail:
        writer = asyncio.ensure_future(coming())
        try:
            made = [await tail.rebuild() for _ in range(3)]
        finally:
            enough.set()
            await writer
        last = await caught_up(own, tail, make, newest)

    assert [one.different for one in made] == [(), (), ()]
    expected = model.fresh()
    for number, rev in newest.items():
        expected.take(make(number, rev))
    expected.take(last)
    assert digest_of(model) == digest_of(expected)


async def test_what_went_wrong_in_one_is_found_and_put_right(kind: tuple[ReadModel, Make], stream: MakeStream) -> None:
    model, make = kind
    own = await a_topic_of(await stream(compacted=True), make)
    await own.send(*(make(number, 1) for number in range(6)))
    async with tailing(own, model) as tail:
        right = short(model)
        model.take(make(2, 9))  # no topic ever told this
        model.take(make(8, 1))
        model.forget(make(3, 1).key())

        made = await tail.rebuild()

        assert made.different == (("ws_1",) if make is permission else ("ws_0", "ws_1"))
        assert made.after.digest == short(model) == right
        assert (await tail.rebuild()).different == ()


async def test_the_digest_knows_no_order_and_tells_workspaces_apart(kind: tuple[ReadModel, Make]) -> None:
    model, make = kind
    states = [make(number, rev) for number in range(6) for rev in (1, 2)]
    backwards = model.fresh()
    for state in states:
        model.take(state)
    for state in [*reversed(states), *states]:
        backwards.take(state.model_copy(update={"time": datetime.now(UTC)}))
    assert digest_of(model) == digest_of(backwards)
    before = digest_of(model)

    model.take(make(0, 3))

    after = digest_of(model)
    moved = states[0].workspace_id
    assert {one for one in after if before[one] != after[one]} == {moved}


async def test_a_rebuild_that_is_cut_off_changes_nothing(kind: tuple[ReadModel, Make], stream: MakeStream) -> None:
    model, make = kind
    own = await a_topic_of(await stream(partitions=2, compacted=True), make)
    await own.send(*(make(number, 1) for number in range(30)))
    async with tailing(own, model) as tail:
        before = short(model)
        for pause in (0.0, 0.01, 0.03, 0.1):
            task = asyncio.ensure_future(tail.rebuild())
            await asyncio.sleep(pause)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert short(model) == before
        assert (await tail.rebuild()).after.digest == before


async def test_what_we_saw_ourselves_stays_until_the_topic_tells_it(stream: MakeStream) -> None:
    own = await stream(compacted=True)
    await own.send(fact("cc_1", 1), fact("cc_2", 1))
    book = PermissionBook()
    async with tailing(own, book) as tail:
        seen = fact("cc_1", 5, proactive=False)
        book.learn(seen)
        await tail.rebuild()
        assert not book.allows("cc_1", "proactive")

        await own.send(seen)
        await caught_up(own, tail, permission, {})
        await own.publisher.publish_records(own.topic, [Record(b"cc_1/switches", None, [])])
        await caught_up(own, tail, permission, {1: 1})
        await tail.rebuild()
        assert book.allows("cc_1", "proactive")


async def test_who_is_gone_comes_in_no_more() -> None:
    book = AccessBook()
    for number in range(3):
        book.take(access(number, 1))
    for number in range(3):
        book.forget(access(number, 1).key())
    assert not list(book.contents())


async def a_topic_of(own: Stream, make: Make) -> Stream:
    """Have the topic carry what is made."""
    own.topic = dataclasses.replace(own.topic, events=tuple({type(make(number, 1)) for number in range(3)}))
    return own


async def caught_up(own: Stream, tail: Tail, make: Make, revs: Mapping[int, int]) -> StateEvent:
    """Write one more state, and wait until the tail has told it, and with it all before."""
    last = make(1000, len(revs) + 1)
    await own.send(last)
    async with reading(own.settings, "test") as reader:
        ends = await reader.end_offsets(await partitions_of(reader, own.topic.name))
    await eventually(lambda: all(tail.told.get(place, 0) >= end for place, end in ends.items()), "all that was sent")
    return last


async def test_an_older_fact_behind_a_newer_one_is_known_until_the_newer_is_the_last_again() -> None:
    book = PermissionBook()
    older, newer = fact("cc_1", 1, proactive=True), fact("cc_1", 2, proactive=False)
    for one in (older, newer, newer):
        book.take(one)
    assert book.overtaken() == []
    book.take(older)
    assert book.overtaken() == [newer]
    book.take(newer.model_copy(update={"time": datetime.now(UTC)}))
    assert book.overtaken() == []

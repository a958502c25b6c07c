"""Numbers: no holes, no repeats, and nothing that commits later below what was read."""

import asyncio
import secrets
from collections.abc import AsyncGenerator

import pytest

from services.notification.domain.changes import Change, fold
from services.notification.settings import NotificationSettings
from services.notification.store.chat_owners import ChatOwners
from services.notification.store.live import Live
from services.notification.usecases.number_changes import NumberChanges
from services.notification.usecases.numbering import Numbering
from shared.storage.mongo import connect, database
from tests.console.running import eventually
from tests.notification.conftest import chat_contact, client
from tests.notification.numbered import add

WORKERS = 2
BATCHES = 25


@pytest.fixture
async def stores(settings: NotificationSettings) -> AsyncGenerator[list[Live]]:
    """Give what three processes have: two that number, one that reads."""
    clients = [connect(settings) for _ in range(WORKERS + 1)]
    yield [Live(found, database(found, settings, "notification")) for found in clients]
    for found in clients:
        found.close()


@pytest.fixture
async def owners(settings: NotificationSettings) -> AsyncGenerator[ChatOwners]:
    client = connect(settings)
    yield ChatOwners(database(client, settings, "notification"))
    client.close()


def _change(id_: str, rev: int = 1) -> Change:
    return Change("client", id_, id_, registered=True, rev=rev, created=rev == 1)


async def test_a_reader_of_two_busy_workers_misses_nothing(stores: list[Live]) -> None:
    *workers, reader = stores
    ws = f"ws_{secrets.token_hex(6)}"
    seen: list[tuple[int, str]] = []

    async def work(live: Live, name: str) -> None:
        for batch in range(BATCHES):
            await add(live, ws, [_change(f"cl_{name}_{batch}_{n}") for n in range(1 + batch % 4)])

    async def read() -> None:
        at = 0
        while True:
            for numbered in await reader.after(ws, at, 7):
                assert numbered.n == at + 1, "a number below what was read was still to come"
                at = numbered.n
                seen.append((numbered.n, numbered.change.id))
            if done.done() and at >= await reader.newest(ws):
                return
            await asyncio.sleep(0)

    done = asyncio.gather(*(work(live, str(n)) for n, live in enumerate(workers)))
    await asyncio.gather(done, read())

    expected = {f"cl_{w}_{b}_{n}" for w in range(WORKERS) for b in range(BATCHES) for n in range(1 + b % 4)}
    assert {id_ for _, id_ in seen} == expected
    assert [n for n, _ in seen] == list(range(1, len(expected) + 1))


async def test_what_was_told_is_not_told_again(stores: list[Live]) -> None:
    live, ws = stores[0], f"ws_{secrets.token_hex(6)}"
    batch = [_change("cl_1", 2), _change("cl_2")]

    assert await add(live, ws, batch) == 2
    assert await add(live, ws, batch) is None
    assert await add(live, ws, [_change("cl_1", 1)]) is None
    assert await add(live, ws, [_change("cl_1", 3), batch[1], _change("cl_3")]) == 4
    assert await live.newest(ws) == 4


async def test_two_deliveries_of_one_batch_at_once_have_one_effect(stores: list[Live]) -> None:
    ws = f"ws_{secrets.token_hex(6)}"
    batch = [_change(f"cl_{n}") for n in range(20)]

    told = await asyncio.gather(*(add(live, ws, batch) for live in stores))

    assert sorted(told, key=str) == [20, None, None]
    assert await stores[0].newest(ws) == 20


async def test_a_batch_of_many_workspaces_numbers_each_by_itself(stores: list[Live], owners: ChatOwners) -> None:
    workspaces = [f"ws_{secrets.token_hex(6)}" for _ in range(12)]
    told: list[str] = []
    number = NumberChanges(stores[0], owners, told.append)

    await number([client(ws, f"cl_{n}") for n in range(3) for ws in workspaces])

    assert sorted(told) == sorted(workspaces)
    assert [await stores[0].number(ws) for ws in workspaces] == [3] * 12


async def test_what_a_dead_process_left_is_numbered_by_another(stores: list[Live]) -> None:
    dies, lives, ws = stores[0], stores[1], f"ws_{secrets.token_hex(6)}"
    assert await dies.put_news(ws, [_change("cl_1"), _change("cl_2")])  # and no more
    sweep = asyncio.create_task(Numbering(lives, lambda _ws, _newest: None).sweep())

    async def all_numbered() -> bool:  # by this sweep, or by that of somebody else's on the same database
        return await lives.newest(ws) == 2

    await eventually(all_numbered, within=60)
    sweep.cancel()
    assert [numbered.n for numbered in await lives.after(ws, 0, 10)] == [1, 2]
    assert await lives.number(ws) is None


async def test_all_that_waits_is_numbered_by_whoever_comes_first(stores: list[Live]) -> None:
    ws, woken = f"ws_{secrets.token_hex(6)}", list[int]()
    processes = [Numbering(live, lambda _ws, newest: woken.append(newest)) for live in stores]
    for n in range(60):
        live, numbering = stores[n % len(stores)], processes[n % len(stores)]
        await live.put_news(ws, [_change(f"cl_{n}")])
        numbering.soon(ws)

    async def all_numbered() -> bool:
        return await stores[0].newest(ws) == 60

    await eventually(all_numbered, within=60)
    found = await stores[0].after(ws, 0, 100)
    assert [numbered.n for numbered in found] == list(range(1, 61))
    assert {numbered.change.id for numbered in found} == {f"cl_{n}" for n in range(60)}
    assert max(woken) == 60


def test_a_batch_is_folded_to_the_newest_of_each() -> None:
    events = [
        client("ws_1", "cl_1", 1, registered=False),
        chat_contact("ws_1", "cc_1", 1),
        client("ws_2", "cl_1", 5),
        chat_contact("ws_1", "cc_1", 3, client_id="cl_1"),
        chat_contact("ws_1", "cc_1", 2),
        client("ws_1", "cl_1", 2),
    ]

    assert fold(events) == {
        "ws_1": [
            Change("chat-contact", "cc_1", "cl_1", registered=True, rev=3, created=True),
            Change("client", "cl_1", "cl_1", registered=True, rev=2, created=True),
        ],
        "ws_2": [Change("client", "cl_1", "cl_1", registered=True, rev=5, created=False)],
    }

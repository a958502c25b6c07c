"""Clients in memory: what a crowd says is what each client's facets say, and what the database lists."""

import asyncio
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain import crowd as crowd_domain
from services.identity.domain.client import Client
from services.identity.domain.crowd import Crowd, Members
from services.identity.domain.facets import facets_of
from services.identity.domain.filter import EVERYBODY, Filter
from services.identity.domain.millis import to_millis
from services.identity.store import client_counts, client_lists, walk
from services.identity.store import crowds as crowds_store
from services.identity.store.crowds import Crowds
from services.identity.store.stores import Stores
from services.identity.usecases.browse import BrowseClients
from shared.contracts.ids import new_id
from tests.identity.happenings import NOON
from tests.identity.house import House
from tests.identity.many import FILTERS, paged, somebody
from tests.shared.stream import eventually

NOT_SEARCHED = [EVERYBODY, *(asked for asked in FILTERS if not asked.search)]
FACETS = st.lists(st.sampled_from(["t:a", "t:b", "g:a", "registered:yes", "source:telegram", "w:ann"]), unique=True)
EVENTS = st.lists(st.tuples(st.integers(0, 12), st.none() | FACETS), max_size=60)


def name_of(number: int) -> str:
    """Return an id of the usual form, or of another one."""
    return f"cl_{number:016x}00000000" if number % 2 else f"x{number}"


def made_at(at: int) -> set[str]:
    return {name_of(number) for number in range(at * 3, at * 3 + 3)}


@given(EVENTS, st.integers(0, 3))
def test_a_crowd_counts_whom_each_filter_means(events: list[tuple[int, list[str] | None]], few: int) -> None:
    known: dict[str, list[str]] = {}
    crowd = Crowd()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(crowd_domain, "_FEW", few)
        for number, facets in events:
            id_ = name_of(number)
            if facets is None:
                crowd.drop(id_)
                known.pop(id_, None)
            else:
                crowd.put(id_, number // 3, facets)
                known[id_] = sorted(facets)
        for asked in (
            EVERYBODY,
            Filter(tags=("a",)),
            Filter(tags=("a", "b"), registered=True),
            Filter(not_tags=("a",)),
            Filter(groups=("a",), not_tags=("b", "c")),
            Filter(sources=("telegram", "widget")),
        ):
            meant = [id_ for id_, facets in known.items() if asked.matches_facets(facets)]
            assert crowd.count(asked) == len(meant)
            made = sorted((at for at in range(5) for id_ in meant if id_ in made_at(at)), reverse=True)
            assert crowd.newest(asked, None, 3) == made[:3]
            assert crowd.newest(asked, 2, 3) == [at for at in made if at == 2] + [at for at in made if at < 2][:3]


def test_many_members_are_kept_as_bits() -> None:
    members = Members()
    numbers = set(random.Random(1).sample(range(200_000), 10_000))
    for number in numbers:
        members.add(number)
        members.add(number)
    for number in list(numbers)[:3_000]:
        members.discard(number)
        members.discard(number)
        numbers.remove(number)
    assert members.size == len(numbers) == members.bits().bit_count()
    assert all((number in members) is (number in numbers) for number in range(0, 200_000, 7))
    assert 10**9 not in members


@pytest.fixture
async def people(house: House, workspace: str) -> list[Client]:
    found = [somebody(workspace, number) for number in range(60)]
    for client in found:
        await house.stores.clients.write(client)
    return found


@asynccontextmanager
async def following(stores: Stores, workspace: str) -> AsyncGenerator[Crowds]:
    """Run the crowds until the end of the block; the workspace's is known when it begins."""
    running = asyncio.create_task(stores.crowds.run())
    try:
        stores.crowds.want(workspace)
        await eventually(lambda: stores.crowds.of(workspace) is not None, "the crowd is known")
        yield stores.crowds
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def says(crowds: Crowds, workspace: str, people: Sequence[Client]) -> bool:
    crowd = crowds.of(workspace)
    return crowd is not None and all(crowd.count(asked) == sum(map(asked.matches, people)) for asked in NOT_SEARCHED)


async def test_a_crowd_keeps_up_with_everything_that_is_written(
    house: House, workspace: str, people: list[Client]
) -> None:
    clients = house.stores.clients
    async with following(house.stores, workspace) as crowds:
        assert says(crowds, workspace, people)
        await clients.write(somebody(f"{workspace}b", 1))
        changed = replace(people[0], rev=2, tags=("hot", "vip"), origin="custom", registered=not people[0].registered)
        newcomer = somebody(workspace, 999)
        await clients.write(changed)
        await clients.write(newcomer)
        await house.stores.in_transaction(lambda session: clients.remove(people[1], session))
        facets = [facet for facet in facets_of(people[2]) if not facet.startswith("t:")]
        bulk = {"$set": {"tags": ["new"], "facets": sorted([*facets, "t:new"])}}
        await clients.collection.update_many({"_id": people[2].id}, bulk)
        now = [changed, replace(people[2], tags=("new",)), *people[3:], newcomer]
        await eventually(lambda: says(crowds, workspace, now), "the crowd is known")
    assert house.stores.crowds.of(workspace) is None, "nobody follows any more"


async def test_what_happens_while_a_crowd_is_read_is_not_missed(
    house: House, workspace: str, people: list[Client]
) -> None:
    async def happen() -> list[Client]:
        now = [replace(client, rev=2, tags=("late",)) for client in people]
        for client in now:
            await house.stores.clients.write(client)
        return now

    running = asyncio.create_task(happen())
    async with following(house.stores, workspace) as crowds:
        now = await running
        await eventually(lambda: says(crowds, workspace, now), "the crowd is known")
        crowd = crowds.of(workspace)
        assert crowd is not None
        assert crowd.count(Filter(tags=("late",))) == len(people)


async def test_filters_that_hardly_anybody_meets_are_read_by_the_crowd(
    house: House, workspace: str, people: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_lists, "PASSED_OVER", -1)
    newest = sorted(people, key=lambda client: (-client.created_at.timestamp(), client.id))
    async with following(house.stores, workspace):
        for asked in NOT_SEARCHED:
            meant = [client.id for client in newest if asked.matches(client)]
            assert await paged(BrowseClients(house.stores), workspace, asked) == (meant, {(len(meant), True)}), asked


async def test_a_page_goes_on_where_the_crowd_was_behind(
    house: House, workspace: str, people: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_lists, "PASSED_OVER", -1)
    asked = Filter(tags=("hot",), not_tags=("vip",))
    async with following(house.stores, workspace) as crowds:
        crowd = crowds.of(workspace)
        assert crowd is not None
        for number in range(20):  # who the crowd believes to match, and who does not
            crowd.put(new_id("cl"), to_millis(NOON + timedelta(hours=1, seconds=number)), ["t:hot"])
        found, _ = await paged(BrowseClients(house.stores), workspace, asked)
    assert len(found) == sum(map(asked.matches, people)) > 7


async def test_a_large_workspace_is_counted_exactly_by_any_filter(
    house: House, workspace: str, people: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "COUNTED_TO", 10)
    monkeypatch.setattr(client_counts, "COUNTED_TO", 10)
    counts = client_counts.ClientCounts(house.stores.client, house.stores.clients, house.stores.crowds)
    both = Filter(tags=("hot",), groups=("shop",))
    exactly = sum(map(both.matches, people))
    assert await counts.of(workspace, both) == (10, False)
    assert exactly > 10
    assert await counts.of(workspace, Filter(tags=("hot",))) == (sum("hot" in one.tags for one in people), True)
    async with following(house.stores, workspace):
        assert await counts.of(workspace, both) == (exactly, True)
        assert (await counts.counts(workspace)).all == len(people)


async def test_a_crowd_that_was_lost_is_read_again(
    house: House, workspace: str, people: list[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds_store, "AGAIN_SECONDS", 0.0)
    met = asyncio.Event()

    def fail(*_: object) -> None:
        met.set()
        raise RuntimeError("lost")

    with monkeypatch.context() as broken:
        broken.setattr(crowds_store, "_take", fail)
        running = asyncio.create_task(house.stores.crowds.run())
        house.stores.crowds.want(workspace)
        await met.wait()
        assert house.stores.crowds.of(workspace) is None
    try:
        await eventually(lambda: says(house.stores.crowds, workspace, people), "the crowd is known")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

"""Clients by every filter: what the database lists is what the filter means."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from pymongo.errors import ExecutionTimeout

from services.identity.domain.client import Client
from services.identity.domain.filter import EVERYBODY, Filter
from services.identity.domain.profile import Refusal
from services.identity.store import client_counts, client_lists, leads
from services.identity.store.client_lists import ClientLists
from services.identity.usecases.browse import BrowseClients
from shared.contracts.ids import new_id
from tests.identity.happenings import NOON
from tests.identity.house import House
from tests.identity.many import FILTERS, paged, somebody

CLIENTS = "/api/identity/clients"
ANN = Client(id="cl_1", workspace_id="ws_1", name="Ann Lee", created_at=NOON, changed_at=NOON)
TAGGED = replace(ANN, tags=("tag_1", "tag_2"), groups=("grp_1",), segments=("seg_1",), origin="instagram")
REFUSED = replace(ANN, refusals=(Refusal("email", "a@example.com", "unsubscribed", NOON),))


@pytest.mark.parametrize(
    ("client", "asked", "is_meant"),
    [
        (ANN, EVERYBODY, True),
        (ANN, Filter(search="lee a"), True),
        (ANN, Filter(search="bob"), False),
        (ANN, Filter(search="+"), False),
        (ANN, Filter(registered=True), False),
        (ANN, Filter(registered=False), True),
        (ANN, Filter(sources=("instagram",)), False),
        (TAGGED, Filter(sources=("instagram",), tags=("tag_1",)), True),
        (TAGGED, Filter(sources=("instagram", "telegram")), True),
        (TAGGED, Filter(sources=("whatsapp", "telegram")), False),
        (TAGGED, Filter(tags=("tag_1", "tag_2")), True),
        (TAGGED, Filter(tags=("tag_1", "tag_3")), False),
        (TAGGED, Filter(not_tags=("tag_3",)), True),
        (TAGGED, Filter(not_tags=("tag_3", "tag_2")), False),
        (TAGGED, Filter(tags=("tag_1",), not_tags=("tag_1",)), False),
        (TAGGED, Filter(groups=("grp_1",), segments=("seg_1",)), True),
        (TAGGED, Filter(groups=("seg_1",)), False),
        (ANN, Filter(refused=True), False),
        (ANN, Filter(refused=False), True),
        (REFUSED, Filter(refused=True), True),
        (REFUSED, Filter(refused=False), False),
    ],
)
def test_what_a_filter_means(client: Client, asked: Filter, *, is_meant: bool) -> None:
    assert asked.matches(client) is is_meant


@pytest.fixture
async def people(house: House, workspace: str) -> list[Client]:
    found = [somebody(workspace, number) for number in range(60)]
    for client in found:
        await house.stores.clients.write(client)
    return found


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a slow machine count exactly, too."""
    monkeypatch.setattr(client_counts, "READ_WITHIN_MILLISECONDS", 30_000)


@pytest.mark.parametrize("gathered_to", [0, client_lists.GATHERED_TO])
async def test_every_filter_lists_whom_it_means_once_and_counts_them(
    house: House, workspace: str, people: Sequence[Client], gathered_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_lists, "GATHERED_TO", gathered_to)
    browse = BrowseClients(house.stores)
    newest = sorted(people, key=lambda client: (-client.created_at.timestamp(), client.id))
    for asked in [EVERYBODY, *FILTERS]:
        meant = [client.id for client in newest if asked.matches(client)]
        found, totals = await paged(browse, workspace, asked)
        assert (sorted(found) if asked.search else found) == (sorted(meant) if asked.search else meant), asked
        assert totals == {(len(meant), True)}, asked


async def test_a_search_comes_in_one_order_whichever_way_it_is_read(
    house: House, workspace: str, people: Sequence[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people
    found: list[list[str]] = []
    for gathered_to in (0, 2_000):
        monkeypatch.setattr(client_lists, "GATHERED_TO", gathered_to)
        ids, _ = await paged(BrowseClients(house.stores), workspace, Filter(search="ann", tags=("vip",)))
        found.append(ids)
    assert found[0] == found[1]
    assert len(found[0]) > 7, "more than a page"


async def test_all_that_match_are_walked_in_chunks(house: House, workspace: str, people: Sequence[Client]) -> None:
    lists = ClientLists(house.stores.clients, house.stores.crowds)
    for asked in [EVERYBODY, *FILTERS]:
        found: list[str] = []
        place = None
        while True:
            chunk = await lists.chunk(workspace, asked, place, limit=7)
            found += [client.id for client in chunk.clients]
            place = chunk.place
            if place is None:
                break
        assert sorted(found) == sorted(client.id for client in people if asked.matches(client)), asked
        assert len(set(found)) == len(found)


async def test_who_comes_after_a_walk_began_is_not_in_it(house: House, workspace: str, people: list[Client]) -> None:
    lists = ClientLists(house.stores.clients, house.stores.crowds)
    first = await lists.chunk(workspace, EVERYBODY, None, limit=40)
    late = replace(people[0], id=new_id("cl"), created_at=NOON + timedelta(days=1), holdings=())
    await house.stores.clients.write(late)
    rest = await lists.chunk(workspace, EVERYBODY, first.place, limit=40)
    assert len(first.clients) + len(rest.clients) == len(people)
    assert rest.place is None


async def test_the_rarest_facet_is_walked(
    house: House, workspace: str, people: Sequence[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = replace(people[0], rev=2, tags=("rare",))
    await house.stores.clients.write(rare)
    found = leads.Leads(house.stores.clients.collection, house.stores.crowds)
    asked = Filter(tags=("rare",), sources=("telegram", "instagram"), registered=rare.registered)
    assert (await found.of(workspace, asked)).facets == ("t:rare",)
    assert await found.of(workspace, EVERYBODY) is leads.ANYBODY
    monkeypatch.setattr(leads, "SIZES_KEPT", 0)
    assert (await found.of(workspace, replace(asked, groups=("none",)))).facets == ("g:none",)


async def test_nobody_waits_for_a_number_that_takes_long(
    house: House, workspace: str, people: Sequence[Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_long(*_: object, **__: object) -> tuple[int, bool]:
        raise ExecutionTimeout("operation exceeded time limit")

    assert people
    monkeypatch.setattr(client_counts, "bounded_count", too_long)
    page = await BrowseClients(house.stores)(workspace, Filter(search="ann", refused=False), limit=7, cursor=None)
    assert (len(page.items), page.total, page.total_is_exact) == (7, 8, False)


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def test_filters_are_query_parameters(api: httpx.AsyncClient, people: Sequence[Client]) -> None:
    asked: dict[str, Any] = {"source": ["instagram", "telegram"], "tag": "hot", "not_tag": ["vip"], "refused": False}
    expected = Filter(sources=("instagram", "telegram"), tags=("hot",), not_tags=("vip",), refused=False)
    answer = await api.get(CLIENTS, params=asked)
    assert {item["id"] for item in answer.json()["items"]} == {c.id for c in people if expected.matches(c)} != set()
    named = await api.get(CLIENTS, params={**asked, "id": [client.id for client in people]})
    assert named.json()["items"] == answer.json()["items"]


async def test_a_filters_cursor_is_its_own(api: httpx.AsyncClient, people: Sequence[Client]) -> None:
    assert people
    cursor = (await api.get(CLIENTS, params={"tag": ["hot", "vip"], "limit": 1})).json()["next_cursor"]
    assert (await api.get(CLIENTS, params={"tag": ["vip", "hot"], "cursor": cursor})).status_code == 200
    assert (await api.get(CLIENTS, params={"tag": "hot", "cursor": cursor})).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [("source", "fax"), ("tag", ""), ("tag", ["t"] * 21), ("not_tag", "x" * 65), ("refused", "perhaps")],
)
async def test_a_filter_that_cannot_be_names_its_field(api: httpx.AsyncClient, field: str, value: Any) -> None:
    answer = await api.get(CLIENTS, params={field: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_all_pairs_of_filters_mean_both(workspace: str) -> None:
    people = [somebody(workspace, number) for number in range(60)]
    single = [Filter(registered=True), Filter(tags=("hot",)), Filter(groups=("shop",)), Filter(refused=False)]
    for one, other in product(single, single):
        both = replace(
            one,
            **{
                name: getattr(other, name)
                for name in other.__slots__
                if getattr(other, name) != getattr(EVERYBODY, name)
            },
        )
        assert all(both.matches(c) == (one.matches(c) and other.matches(c)) for c in people)

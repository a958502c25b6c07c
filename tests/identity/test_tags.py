"""Tags: made once whoever writes the name how, put on clients and taken off, in one's own workspace alone."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.identity.domain.tags import TAG_CHARACTERS, TAGS_OF_ONE
from shared.contracts import topics
from shared.contracts.people import ClientStateV1
from tests.identity.happenings import Chat, a_connection, a_phone, a_workspace
from tests.identity.house import House, names

TAGS = "/api/identity/tags"
CLIENTS = "/api/identity/clients"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def made(api: httpx.AsyncClient, name: str, status: int = 201) -> str:
    answer = await api.post(TAGS, json={"name": name})
    assert answer.status_code == status, answer.text
    return answer.json()["id"]


async def a_client(api: httpx.AsyncClient, name: str = "Ann") -> dict[str, Any]:
    answer = await api.post(CLIENTS, json={"name": name})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def put(api: httpx.AsyncClient, client: str, tags: list[str], **more: Any) -> httpx.Response:
    return await api.put(f"{CLIENTS}/{client}/tags", json={"tags": tags, **more})


async def test_a_name_is_one_tag_however_it_is_written(api: httpx.AsyncClient) -> None:
    first = await made(api, "  Café   lover ")
    assert await made(api, "CAFE LOVER", 200) == first
    assert await made(api, "café lovers") != first
    page = (await api.get(TAGS)).json()
    assert (names(page["items"]), page["total"], page["total_is_exact"]) == (["Café lover", "café lovers"], 2, True)


async def test_many_who_make_the_same_tag_at_once_get_one(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post(TAGS, json={"name": name}) for name in ("VIP", "vip", "Vip") * 4))
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_tags_are_listed_by_name_page_by_page_and_searched_by_their_beginning(api: httpx.AsyncClient) -> None:
    for name in ("zebra", "Älter", "apple", "Apricot", "banana", "свой"):
        await made(api, name)
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get(TAGS, params={"limit": 2, **cursor})).json()
        found += names(page["items"])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ["Älter", "apple", "Apricot", "banana", "zebra", "свой"]
    page = (await api.get(TAGS, params={"search": "AP", "limit": 1})).json()
    assert (names(page["items"]), page["total"]) == (["apple"], 2)
    page = (await api.get(TAGS, params={"search": "AP", "cursor": page["next_cursor"]})).json()
    assert (names(page["items"]), page["next_cursor"]) == (["Apricot"], None)
    assert (await api.get(TAGS, params={"search": ".*"})).json()["items"] == []
    assert (await api.get(TAGS, params={"cursor": "x"})).status_code == 422


async def test_a_client_is_tagged_and_everybody_is_told(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    vip, slow = await made(api, "VIP"), await made(api, "Slow")
    ann = await a_client(api)
    answer = await put(api, ann["id"], [vip, slow, vip])
    assert answer.status_code == 200, answer.text
    assert answer.json()["tags"] == [
        {"id": vip, "name": "VIP", "color": "gray"},
        {"id": slow, "name": "Slow", "color": "gray"},
    ]
    assert answer.json()["rev"] == ann["rev"] + 1
    for read in (await api.get(f"{CLIENTS}/{ann['id']}"), await api.get(CLIENTS, params={"id": ann["id"]})):
        body = read.json()
        assert names((body["items"][0] if "items" in body else body)["tags"]) == ["VIP", "Slow"]
    state = (await house.published(topics.CLIENT, workspace))[ann["id"]]
    assert isinstance(state, ClientStateV1)
    assert (state.tags, state.rev) == ((vip, slow), ann["rev"] + 1)
    stored = await house.stores.clients.collection.find_one({"_id": ann["id"]})
    assert stored is not None
    assert {f"t:{vip}", f"t:{slow}"} <= set(stored["facets"])

    same = await put(api, ann["id"], [vip, slow])
    assert same.json()["rev"] == ann["rev"] + 1, "nothing changed"
    none = await put(api, ann["id"], [])
    assert none.json()["tags"] == []
    stored = await house.stores.clients.collection.find_one({"_id": ann["id"]})
    assert stored is not None
    assert not [facet for facet in stored["facets"] if facet.startswith("t:")]


async def test_what_is_wrong_changes_nothing_and_says_where(api: httpx.AsyncClient) -> None:
    vip, ann = await made(api, "VIP"), await a_client(api)
    await put(api, ann["id"], [vip])
    for body in ({"tags": [vip, "tg_none"]}, {"tags": ["x"] * (TAGS_OF_ONE + 1)}, {"tags": None}, {}):
        answer = await api.put(f"{CLIENTS}/{ann['id']}/tags", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"] == "tags"
    assert "tg_none" in (await put(api, ann["id"], ["tg_none"])).json()["detail"]
    for name in ("", "   ", "x" * (TAG_CHARACTERS + 1), "a\x00b", None, 5):
        answer = await api.post(TAGS, json={"name": name})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "name")
    assert (await put(api, "cl_none", [vip])).status_code == 404
    assert names((await api.get(f"{CLIENTS}/{ann['id']}")).json()["tags"]) == ["VIP"]


async def test_who_insists_on_what_they_saw_is_told_that_it_changed(api: httpx.AsyncClient) -> None:
    vip, slow, ann = await made(api, "VIP"), await made(api, "Slow"), await a_client(api)
    assert (await put(api, ann["id"], [vip], rev=ann["rev"])).status_code == 200
    answer = await put(api, ann["id"], [slow], rev=ann["rev"])
    assert answer.status_code == 409
    current = answer.json()["current"]
    assert (names(current["tags"]), current["rev"]) == (["VIP"], ann["rev"] + 1)
    assert (await put(api, ann["id"], [slow], rev=current["rev"])).status_code == 200


async def test_tags_meet_a_client_who_writes_in_the_same_moment(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, vip = Chat(workspace), await made(api, "VIP")
    await house.happened(chat.proves(a_phone()))
    (client,) = await house.clients(workspace)
    await asyncio.gather(
        put(api, client.id, [vip]), house.happened(*(chat.gives(email=f"ann{n}@example.com", at=9 + n) for n in (1, 2)))
    )
    (after,) = await house.clients(workspace)
    assert (after.tags, after.holds("email", "ann2@example.com") is not None) == ((vip,), True)


async def test_a_merged_client_is_tagged_under_its_new_id_and_brings_its_tags(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    phone, newcomer = a_phone(), Chat(workspace, connection=f"con_{workspace}", name="Newcomer")
    await house.happened(Chat(workspace, name="Known").proves(phone), newcomer.writes())
    known, absorbed = sorted(await house.clients(workspace), key=lambda client: client.name)
    vip, slow = await made(api, "VIP"), await made(api, "Slow")
    await put(api, known.id, [vip])
    await put(api, absorbed.id, [slow])
    await house.happened(newcomer.proves(phone))
    answer = await put(api, absorbed.id, [slow])
    assert answer.status_code == 410
    assert answer.json()["survivor"]["id"] == known.id
    assert known.id in answer.headers["link"]
    assert names((await api.get(f"{CLIENTS}/{known.id}")).json()["tags"]) == ["VIP", "Slow"]


async def test_two_workspaces_never_meet(house: House, api: httpx.AsyncClient) -> None:
    vip, ann = await made(api, "VIP"), await a_client(api)
    async with house.caller(a_workspace()) as others:
        assert (await others.get(TAGS)).json()["items"] == []
        theirs = await made(others, "VIP")
        assert theirs != vip
        assert (await put(others, ann["id"], [theirs])).status_code == 404
        bob = await a_client(others, "Bob")
        assert (await put(others, bob["id"], [vip])).status_code == 422
        assert (await others.get(f"{CLIENTS}/{bob['id']}")).json()["tags"] == []
    assert (await put(api, ann["id"], [theirs])).status_code == 422


async def test_who_may_tag(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    vip, ann = await made(api, "VIP"), await a_client(api)
    for role in ("agent", "marketer", "admin"):
        async with house.caller(workspace, role) as somebody:
            assert (await put(somebody, ann["id"], [vip])).status_code == 200
            assert (await somebody.post(TAGS, json={"name": "vip"})).status_code == 200
    anonymous = httpx.AsyncClient(transport=httpx.ASGITransport(house.api()), base_url="http://identity")
    async with anonymous as nobody:
        assert (await nobody.get(TAGS)).status_code == 401
        assert (await nobody.put(f"{CLIENTS}/{ann['id']}/tags", json={"tags": []})).status_code == 401

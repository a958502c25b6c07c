"""Tags and contact groups: described, renamed without touching anybody, counted, in one's own workspace alone."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.identity.domain.labels import DESCRIPTION_CHARACTERS
from services.identity.domain.tags import Tag
from tests.identity.happenings import NOON, a_workspace
from tests.identity.house import House, names

API = "/api/identity"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def made(api: httpx.AsyncClient, place: str, **fields: Any) -> dict[str, Any]:
    answer = await api.post(f"{API}/{place}", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def people(api: httpx.AsyncClient, number: int) -> list[str]:
    return [(await made(api, "clients", name=f"Ann {place}"))["id"] for place in range(number)]


def test_a_name_is_one_label_however_it_is_written() -> None:
    keys = {Tag("tg_1", "ws_1", name, NOON).key for name in ("Café lover", "  CAFE   LOVER", "cafe\u0301 lover")}
    assert keys == {"cafe lover"}


@pytest.mark.parametrize("place", ["tags", "groups"])
async def test_a_label_is_renamed_and_described_and_nobodys_record_changes(api: httpx.AsyncClient, place: str) -> None:
    (ann,) = await people(api, 1)
    vip = await made(api, place, name=" V.I.P. ", description=" Spends much ")
    assert (vip["name"], vip["description"], vip["rev"]) == ("V.I.P.", "Spends much", 1)
    assert (await api.put(f"{API}/clients/{ann}/{place}", json={place: [vip["id"]]})).status_code == 200
    before = (await api.get(f"{API}/clients/{ann}")).json()

    answer = await api.patch(f"{API}/{place}/{vip['id']}", json={"name": "Best   of all", "rev": 1})
    assert (answer.status_code, answer.json()["name"], answer.json()["rev"]) == (200, "Best of all", 2), answer.text
    assert answer.json()["description"] == "Spends much", "what is left out stays"
    assert (await api.get(f"{API}/clients/{ann}")).json()["rev"] == before["rev"]
    counted = (await api.get(f"{API}/{place}", params={"people": True})).json()["items"]
    assert [(one["name"], one["people"], one["people_exact"]) for one in counted] == [("Best of all", 1, True)]
    assert (await api.get(f"{API}/{place}/{vip['id']}")).json()["people"] == 1
    assert (await api.get(f"{API}/{place}")).json()["items"][0]["people"] is None, "not asked for"

    same = await api.patch(f"{API}/{place}/{vip['id']}", json={"name": "Best of all"})
    assert same.json()["rev"] == 2
    stale = await api.patch(f"{API}/{place}/{vip['id']}", json={"description": "x", "rev": 1})
    assert (stale.status_code, stale.json()["current"]["rev"]) == (409, 2)
    assert stale.json()["yours"] == {"description": "x", "rev": 1}


@pytest.mark.parametrize("place", ["tags", "groups"])
async def test_what_is_wrong_changes_nothing_and_says_where(api: httpx.AsyncClient, place: str) -> None:
    vip, slow = await made(api, place, name="VIP"), await made(api, place, name="Slow")
    taken = await api.patch(f"{API}/{place}/{slow['id']}", json={"name": "vip"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "name")
    assert vip["id"] in taken.json()["detail"]
    assert (await api.patch(f"{API}/{place}/{slow['id']}", json={"name": "SLOW"})).status_code == 200, "its own name"
    long = "x" * (DESCRIPTION_CHARACTERS + 1)
    for body in ({"name": None}, {"name": " "}, {"description": None}, {"description": long}, {"id": "x"}):
        answer = await api.patch(f"{API}/{place}/{vip['id']}", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(body)))
    assert names((await api.get(f"{API}/{place}")).json()["items"]) == ["SLOW", "VIP"]


async def test_a_tag_has_one_of_the_colours_of_the_palette(api: httpx.AsyncClient) -> None:
    hot = await made(api, "tags", name="hot-lead", color="red")
    (ann,) = await people(api, 1)
    await api.put(f"{API}/clients/{ann}/tags", json={"tags": [hot["id"]]})
    await api.patch(f"{API}/tags/{hot['id']}", json={"color": "teal"})
    whole = (await api.get(f"{API}/clients/{ann}")).json()
    assert whole["tags"] == [{"id": hot["id"], "name": "hot-lead", "color": "teal"}]
    for color in ("#ff0000", "white", "", None):
        answer = await api.patch(f"{API}/tags/{hot['id']}", json={"color": color})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "color")


async def test_nothing_of_another_workspace_is_seen_or_changed(house: House, api: httpx.AsyncClient) -> None:
    (ann,) = await people(api, 1)
    async with house.caller(a_workspace()) as other:
        for place in ("tags", "groups"):
            theirs = await made(other, place, name="Theirs")
            assert (await api.get(f"{API}/{place}")).json()["items"] == []
            assert (await api.get(f"{API}/{place}/{theirs['id']}")).status_code == 404
            assert (await api.patch(f"{API}/{place}/{theirs['id']}", json={"name": "x"})).status_code == 404
            answer = await api.put(f"{API}/clients/{ann}/{place}", json={place: [theirs["id"]]})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, place)


async def test_agents_tag_and_make_tags_but_neither_rename_nor_group(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    (ann,) = await people(api, 1)
    async with house.caller(workspace, "agent") as agent:
        vip = await made(agent, "tags", name="VIP")
        assert (await agent.put(f"{API}/clients/{ann}/tags", json={"tags": [vip["id"]]})).status_code == 200
        assert (await agent.patch(f"{API}/tags/{vip['id']}", json={"name": "x"})).status_code == 403
        assert (await agent.post(f"{API}/groups", json={"name": "x"})).status_code == 403
        assert (await agent.put(f"{API}/clients/{ann}/groups", json={"groups": []})).status_code == 403

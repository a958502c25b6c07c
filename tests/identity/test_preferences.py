"""The preference page: no JavaScript, no account; looking changes nothing, a mail program's one click is enough."""

import re
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from shared.contracts import topics
from shared.contracts.people import ClientStateV1
from tests.identity.happenings import a_workspace
from tests.identity.house import House

CLIENTS = "/api/identity/clients"
CATEGORIES = "/api/identity/categories"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def made(api: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def page_of(api: httpx.AsyncClient, client_id: str) -> str:
    answer = await api.get(f"{CLIENTS}/{client_id}/preference-page")
    assert answer.status_code == 200, answer.text
    return re.sub(r"^https?://[^/]+", "", answer.json()["address"])


async def looked(api: httpx.AsyncClient, address: str, language: str = "") -> str:
    answer = await api.get(address, headers={"Accept-Language": language, "Authorization": ""})
    assert answer.status_code == 200, answer.text
    assert "script" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.text


async def test_a_person_chooses_unsubscribes_and_comes_back(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    news = await made(api, CATEGORIES, name="News <b>", description="Once a month.")
    offers = await made(api, CATEGORIES, name="Offers", by_default=True)
    ann = await made(api, CLIENTS, name="Ann", email="ann@x.example", phone="+4791234567", language="de")
    address = await page_of(api, ann["id"])

    text = await looked(api, address, "es")
    assert "Was wir Ihnen senden dürfen" in text, "the person's own language comes before the browser's"
    assert "a…@x.example" in text
    assert "ann@x.example" not in text
    assert "News &lt;b&gt;" in text
    assert re.findall(r'value="(sc_[^"]+)"( checked)?', text) == [(news["id"], ""), (offers["id"], " checked")]
    assert (await api.get(f"{CLIENTS}/{ann['id']}")).json()["rev"] == ann["rev"], "looking changes nothing"
    assert "What we may send you" in await looked(api, f"{address}?lang=en")

    answer = await api.post(f"{address}?lang=en", data={"chosen": "yes", "category": news["id"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, "?lang=en&saved=true")
    assert "Your choice is saved." in await looked(api, f"{address}?lang=en&saved=true")
    shown = (await api.get(f"{CLIENTS}/{ann['id']}")).json()["subscriptions"]
    assert [(one["name"], one["subscribed"]) for one in shown] == [("News <b>", True), ("Offers", False)]

    answer = await api.post(address, content="List-Unsubscribe=One-Click", headers={"Authorization": ""})
    assert (answer.status_code, answer.text) == (200, "")
    whole = (await api.get(f"{CLIENTS}/{ann['id']}")).json()
    assert {(one["kind"], one["what"]) for one in whole["refusals"]} == {
        ("email", "unsubscribed"),
        ("phone", "unsubscribed"),
    }
    assert not any(one["subscribed"] for one in whole["subscriptions"])
    state = (await house.published(topics.CLIENT, workspace))[ann["id"]]
    assert isinstance(state, ClientStateV1)
    assert {one.what for one in state.refusals} == {"unsubscribed"}
    assert "Sie sind von allem abgemeldet." in await looked(api, address)

    again = await api.post(address, data={"everything": "yes"})
    assert again.status_code == 303, "twice is once"
    await api.post(address, data={"chosen": "yes", "category": offers["id"]})
    whole = (await api.get(f"{CLIENTS}/{ann['id']}")).json()
    assert whole["refusals"] == [], "who wants something again has taken it back"
    assert [one["subscribed"] for one in whole["subscriptions"]] == [False, True]


async def test_a_link_that_leads_to_nobody_says_so_and_cannot_be_guessed(house: House, api: httpx.AsyncClient) -> None:
    ann = await made(api, CLIENTS, name="محمد")
    address = await page_of(api, ann["id"])
    assert "محمد" in await looked(api, address)
    for bad in (address[:-3], f"{address}x", "/u/k1.AAAA", f"/u/{ann['id']}", "/u/" + "x" * 2_000):
        for answer in (await api.get(bad), await api.post(bad, data={"everything": "yes"})):
            assert answer.status_code == 404, bad
            assert "This link leads nowhere" in answer.text
    assert (await api.get(f"{CLIENTS}/cl_none/preference-page")).status_code == 404
    async with house.caller(a_workspace()) as stranger:
        assert (await stranger.get(f"{CLIENTS}/{ann['id']}/preference-page")).status_code == 404
    workspace = api.headers["Authorization"].removeprefix("Bearer ").partition(":")[0]
    async with house.caller(workspace, "agent") as agent:
        assert (await agent.get(f"{CLIENTS}/{ann['id']}/preference-page")).status_code == 403

"""What people did: told once whoever tells it again, read through merges, and never another workspace's."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.identity.domain.activity import newest_sent, seen_in
from shared.contracts import topics
from shared.contracts.chat import FormLeftV1
from shared.contracts.people import ClientStateV1
from shared.contracts.sending import DeliveryStatus, DeliveryUpdatedV1
from tests.identity.happenings import NOON, Chat, a_connection, a_phone, a_workspace, after
from tests.identity.house import House

API = "/api/identity"
WHO = {"contact_key": "k1"}


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def a_customer(api: httpx.AsyncClient, key: str = "k1", **more: Any) -> str:
    row = {"contact_key": key, "name": "Ann", **more}
    answer = await api.post(f"{API}/contacts", json={"dedupe_on": "contact_key", "contacts": [row]})
    return answer.json()["results"][0]["id"]


async def told(api: httpx.AsyncClient, what: str, *rows: dict[str, Any], key: str | None = None) -> list[str]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = await api.post(f"{API}/{what}", json={what: rows}, headers=headers)
    assert answer.status_code == 200, answer.text
    return [row["result"] for row in answer.json()["results"]]


async def activity(api: httpx.AsyncClient, id_: str, **asked: Any) -> dict[str, Any]:
    answer = await api.get(f"{API}/clients/{id_}/activity", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def an_event(id_: str | None = None, at: float = 0, **more: Any) -> dict[str, Any]:
    return {"name": "Viewed", "contact": WHO, "at": after(at).isoformat(), **({"id": id_} if id_ else {}), **more}


def an_order(status: str = "new", at: float = 0, **more: Any) -> dict[str, Any]:
    row = {"external_id": "o1", "contact": WHO, "amount": "129.90", "currency": "eur", "status": status}
    return {**row, "date": after(at).isoformat(), **more}


def sent(chat: Chat, status: DeliveryStatus, at: float, outbound: str = "cam_1/1") -> DeliveryUpdatedV1:
    plain = chat.was_sent(at)
    return plain.model_copy(
        update={"outbound_id": outbound, "status": status, "origin": "campaign", "message": "Shoes", "campaign_id": "c"}
    )


def names(page: dict[str, Any]) -> list[str]:
    return [item[item["kind"]].get("name") or item[item["kind"]].get("external_id") or "sent" for item in page["items"]]


async def test_events_and_orders_are_told_once_and_listed_newest_first(api: httpx.AsyncClient) -> None:
    ann = await a_customer(api)
    first = an_event("e1", 1, properties={"price": 79.5, "new": True, "what": "shoes"}, workflows=["Abandoned view"])
    assert await told(api, "events", first, an_event("e1", 5), an_event(at=3)) == ["created", "unchanged", "created"]
    assert await told(api, "events", first) == ["unchanged"]
    assert await told(api, "orders", an_order(at=2, items=[{"name": "Shoes", "quantity": 1}])) == ["created"]
    page = await activity(api, ann)
    assert (names(page), page["total"], page["total_is_exact"], page["next_cursor"]) == (
        ["Viewed", "o1", "Viewed"],
        3,
        True,
        None,
    )
    event, order = page["items"][2]["event"], page["items"][1]["order"]
    assert (event["workflows"], event["properties"]) == (
        ["Abandoned view"],
        {"price": 79.5, "new": True, "what": "shoes"},
    )
    assert (order["amount"], order["currency"], order["status"], order["items"][0]["name"]) == (
        "129.90",
        "EUR",
        "new",
        "Shoes",
    )
    assert names(await activity(api, ann, kind="orders")) == ["o1"]
    assert names(await activity(api, ann, kind="events", since=after(2).isoformat())) == ["Viewed"]
    assert names(await activity(api, ann, kind="all", until=after(2).isoformat())) == ["Viewed"]
    assert names(await activity(api, ann, kind="orders", until=after(0).isoformat())) == ["o1"], "of the whole time"
    assert names(await activity(api, ann, kind="campaigns")) == []


async def test_an_order_is_as_it_was_told_last_and_brings_its_address(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    ann, bob = await a_customer(api), await a_customer(api, "k2")
    address = {"country": "NO", "city": "Oslo"}
    assert await told(api, "orders", an_order(updated_at=after(10).isoformat(), address=address)) == ["created"]
    assert await told(api, "orders", an_order("late", updated_at=after(5).isoformat())) == ["unchanged"]
    assert await told(api, "orders", an_order("paid", updated_at=after(20).isoformat())) == ["updated"]
    assert await told(api, "orders", an_order("paid", contact={"client_id": bob})) == ["refused"]
    (item,) = (await activity(api, ann))["items"]
    assert item["order"]["status"] == "paid"
    client = await house.stores.clients.get(workspace, ann)
    assert client is not None
    assert client.address is not None
    assert (client.address.city, client.address.source, client.address.at, client.rev) == ("Oslo", "order", NOON, 2)
    state = (await house.published(topics.CLIENT, workspace))[ann]
    assert isinstance(state, ClientStateV1)
    assert state.rev == 2

    older = an_order(external_id="o0", date=(NOON - timedelta(days=1)).isoformat(), address={"city": "Bergen"})
    newer = an_order(external_id="o2", at=60, address={"city": "Tromsø"})
    assert await told(api, "orders", newer, older) == ["created", "created"]
    client = await house.stores.clients.get(workspace, ann)
    assert client is not None
    assert client.address is not None
    assert client.address.city == "Tromsø"


async def test_rows_that_are_wrong_are_refused_by_themselves(api: httpx.AsyncClient) -> None:
    ann = await a_customer(api, email="ann@example.com")
    by_email = an_event("good", contact={"email": "Ann@Example.com"})
    answer = await api.post(
        f"{API}/events",
        json={
            "events": [
                an_event(contact={"contact_key": "nobody"}),
                an_event(contact={}),
                an_event(contact={"email": "a@example.com", "phone": a_phone()}),
                {"contact": WHO},
                an_event(properties={"x": {"y": 1}}),
                an_event(contact={"client_id": "cl_none"}),
                by_email,
            ]
        },
    )
    results = answer.json()["results"]
    assert [row["result"] for row in results] == ["refused"] * 6 + ["created"]
    assert [row["errors"][0]["field"].split(".")[0] for row in results[:6]] == [
        *("contact", "contact", "contact", "name", "properties", "contact"),
    ]
    assert results[6]["id"] == ann
    for wrong in (an_order(currency="euro"), an_order(amount="much"), an_order(date="2026-01-01T00:00:00")):
        assert await told(api, "orders", wrong) == ["refused"]
    for path in ("events", "orders"):
        assert (await api.post(f"{API}/{path}", json={path: []})).status_code == 422
    assert names(await activity(api, ann)) == ["Viewed"]


async def test_the_same_call_at_once_is_one(api: httpx.AsyncClient) -> None:
    ann = await a_customer(api)
    rows = [an_event(at=number) for number in range(10)]
    answers = await asyncio.gather(*(told(api, "events", *rows, key="call") for _ in range(5)))
    assert answers == [["created"] * 10] * 5
    assert (await activity(api, ann))["total"] == 10
    without_key = await asyncio.gather(*(told(api, "events", an_event("once")) for _ in range(5)))
    assert sorted(result for answer in without_key for result in answer) == ["created"] + ["unchanged"] * 4
    orders = await asyncio.gather(*(told(api, "orders", an_order(str(number))) for number in range(5)))
    assert {result for answer in orders for result in answer} <= {"created", "updated", "unchanged"}
    other = await api.post(f"{API}/events", json={"events": rows[:1]}, headers={"Idempotency-Key": "call"})
    assert other.status_code == 422
    orders_under_it = await api.post(
        f"{API}/orders", json={"orders": [an_order()]}, headers={"Idempotency-Key": "call"}
    )
    assert orders_under_it.status_code == 422


async def test_pages_follow_one_another_also_where_many_happened_at_once(house: House, workspace: str) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    chat = Chat(workspace, connection=f"con_{workspace}")
    message = chat.writes(at=2.5)
    await house.happened(message)
    async with house.caller(workspace) as api:
        ann = (await house.contact(message)).client_id
        assert ann is not None
        rows = [an_event(f"e{number:02}", at=number // 5, contact={"client_id": ann}) for number in range(23)]
        await told(api, "events", *rows)
        whole = await activity(api, ann, limit=200)
        assert (whole["total"], len(whole["items"])) == (24, 24)
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = await activity(api, ann, limit=4, **cursor)
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert found == [item["id"] for item in whole["items"]]
        assert len(set(found)) == 24
        assert (await api.get(f"{API}/clients/{ann}/activity", params={"cursor": "x"})).status_code == 422
        assert (await api.get(f"{API}/clients/{ann}/activity", params={"since": "2026-01-01"})).status_code == 422


async def test_what_kith_sees_stands_there_by_itself_and_once(house: House, workspace: str) -> None:
    chat = Chat(workspace)
    form = FormLeftV1(
        id=f"{workspace}/form", time=after(4), workspace_id=workspace, chat=chat.ref, form_id="f", queue_id="q"
    )
    happened = [
        chat.writes(at=1),
        chat.gives(email="ann@example.com", at=2),
        chat.signs_in("42", at=3),
        form,
        chat.writes("again", 5, message="2"),
    ]
    for _ in range(2):
        await house.happened(*happened)
    (ann,) = await house.clients(workspace)
    async with house.caller(workspace) as api:
        page = await activity(api, ann.id)
    assert names(page) == ["left_form", "signed_in", "gave_email", "wrote_first"]
    assert all(item["event"]["seen_by_kith"] and item["event"]["channel"] == "telegram" for item in page["items"])
    assert seen_in(chat.writes()) == []


async def test_a_campaign_s_message_is_one_row_with_its_newest_status(house: House, workspace: str) -> None:
    chat = Chat(workspace)
    await house.happened(chat.proves(a_phone()))
    (ann,) = await house.clients(workspace)
    told = [sent(chat, "sent", 10), sent(chat, "read", 30), sent(chat, "delivered", 20)]
    assert [(one.at, one.sent.status if one.sent else "") for one in newest_sent(told)] == [(after(10), "read")]
    await house.delivered(told[0], chat.was_sent(11))
    await house.delivered(told[1])
    await house.delivered(told[2], told[0])
    async with house.caller(workspace) as api:
        page = await activity(api, ann.id, kind="campaigns")
    (item,) = page["items"]
    assert item["campaign"] == {"message": "Shoes", "channel": "telegram", "status": "read", "campaign_id": "c"}
    assert item["at"] == after(10).isoformat().replace("+00:00", "Z")


async def test_a_merge_is_read_through_and_what_is_gone_stays_gone(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    phone, newcomer = a_phone(), Chat(workspace, connection=f"con_{workspace}", name="Newcomer")
    await house.happened(Chat(workspace, name="Known").proves(phone), newcomer.writes())
    known, absorbed = sorted(await house.clients(workspace), key=lambda client: client.name)
    about = {"client_id": absorbed.id}
    await told(api, "events", an_event("e1", 1, contact=about))
    await told(api, "orders", an_order(at=2, contact=about))
    await house.happened(newcomer.proves(phone))
    page = await activity(api, known.id)
    assert "Viewed" in names(page)
    assert "o1" in names(page)
    answer = await api.get(f"{API}/clients/{absorbed.id}/activity")
    assert (answer.status_code, answer.json()["survivor"]["id"]) == (410, known.id)
    refused = await api.post(f"{API}/events", json={"events": [an_event(contact=about)]})
    assert known.id in refused.json()["results"][0]["errors"][0]["message"]
    assert await told(api, "orders", an_order("paid", 2, contact={"client_id": known.id})) == ["updated"], "hers by now"


async def test_who_is_deleted_takes_their_activity_along_and_nobody_else_s(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    ann, bob = await a_customer(api), await a_customer(api, "k2")
    await told(api, "events", an_event("e1"), an_event("e2", contact={"client_id": bob}))
    assert (await api.delete(f"{API}/clients/{ann}")).status_code in {200, 204}
    assert (await api.get(f"{API}/clients/{ann}/activity")).status_code == 404
    left = await house.stores.activities.collection.distinct("subject", {"workspace_id": workspace})
    assert left == [bob]
    assert await told(api, "events", an_event("e3", contact={"client_id": ann})) == ["refused"]


async def test_two_workspaces_never_meet_and_who_may(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    ann = await a_customer(api)
    await told(api, "events", an_event("e1"))
    await told(api, "orders", an_order())
    async with house.caller(a_workspace()) as others:
        assert (await others.get(f"{API}/clients/{ann}/activity")).status_code == 404
        assert await told(others, "events", an_event("e2", contact={"client_id": ann})) == ["refused"]
        theirs = await a_customer(others)
        assert await told(others, "events", an_event("e1")) == ["created"]
        assert await told(others, "orders", an_order("theirs")) == ["created"]
        assert (await activity(others, theirs))["total"] == 2
    assert (await activity(api, ann, kind="orders"))["items"][0]["order"]["status"] == "new"
    async with house.caller(workspace, "agent") as agent:
        assert (await agent.post(f"{API}/events", json={"events": [an_event()]})).status_code == 403
        assert (await agent.get(f"{API}/clients/{ann}/activity")).status_code == 200

"""The API as its callers see it, on the real database."""

import base64
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from shared.contracts import topics
from shared.contracts.people import PermissionStateV1
from shared.messaging.publisher import Publisher
from tests.identity.happenings import Chat, a_connection, a_phone
from tests.identity.house import House, names

CHATS, CLIENTS = "/api/identity/chat-contacts", "/api/identity/clients"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def got(api: httpx.AsyncClient, address: str, **params: Any) -> dict[str, Any]:
    answer = await api.get(address, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def walked(api: httpx.AsyncClient, address: str, limit: int, **params: Any) -> list[dict[str, Any]]:
    """Read a list to its end."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await got(api, address, limit=limit, **params, **cursor)
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_without_contacts_shows_the_visitor(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", name="Shop bot"))
    chat = Chat(workspace, connection=f"con_{workspace}", name="Ann")
    await house.happened(chat.writes("hi", 0, message="1"), chat.writes("anybody?", 5, message="2"))
    (item,) = (await got(api, CHATS, profile="none"))["items"]
    assert {
        name: item[name] for name in ("contact_id", "channel", "connection_name", "bot_id", "name", "client_id")
    } == {
        "contact_id": chat.contact,
        "channel": "telegram",
        "connection_name": "Shop bot",
        "bot_id": "777000",
        "name": "Ann",
        "client_id": None,
    }
    assert item["first_message"] == {"at": "2026-01-31T12:00:00Z", "text": "hi"}
    assert item["last_message"]["text"] == "anybody?"
    assert await got(api, f"{CHATS}/{item['id']}") == item


async def test_who_becomes_a_client_leaves_without_contacts_and_is_listed(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, phone = Chat(workspace, name="Ann"), a_phone()
    await house.happened(chat.writes(), chat.proves(phone))
    assert (await got(api, CHATS, profile="none"))["items"] == []
    assert len((await got(api, CHATS, profile="any"))["items"]) == 1
    page = await got(api, CLIENTS, registered=True)
    (item,) = page["items"]
    assert (item["name"], item["phone"], item["phone_verified"], item["source"]) == ("Ann", phone, True, "telegram")
    assert [c["contact_id"] for c in item["chat_contacts"]] == [chat.contact]
    assert (page["total"], page["total_is_exact"]) == (1, True)

    whole = await got(api, f"{CLIENTS}/{item['id']}")
    assert whole["channels"][0]["linked"] | {"at": None} == {
        "how": "phone",
        "strength": "verified",
        "value": phone,
        "at": None,
    }
    assert whole["claims"] == []


async def test_a_claim_of_somebody_elses_value_is_shown_as_a_claim(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    phone = a_phone()
    await house.happened(Chat(workspace, name="Owner").proves(phone))
    card = Chat(workspace, name="Friend").gives(phone=phone, how="others_card")
    await house.happened(card)
    (friend,) = (await got(api, CLIENTS, search="friend"))["items"]
    assert friend["phone"] is None
    whole = await got(api, f"{CLIENTS}/{friend['id']}")
    assert [(c["value"], c["strength"], c["chat_contact_id"]) for c in whole["claims"]] == [
        (phone, "claimed", card.chat_contact_id)
    ]


@pytest.mark.parametrize("name", ["name", "channel", "registered", "sort", "language", "$where", "connection_id"])
async def test_without_contacts_refuses_what_its_page_does_not_offer(api: httpx.AsyncClient, name: str) -> None:
    answer = await api.get(CHATS, params={"profile": "none", name: "newest"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == name
    assert "Chat ID search alone" in answer.json()["detail"]


async def test_chat_ids_are_searched_by_their_beginning(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    ids = ["5551", "55510", "5552", "5.51", "15551"]
    await house.happened(*(Chat(workspace, contact=id_, name="5551").writes() for id_ in ids))

    async def found(search: str) -> list[str]:
        items = (await got(api, CHATS, profile="none", search=search))["items"]
        return [item["contact_id"] for item in items]

    assert await found("5551") == ["5551", "55510"]
    assert await found(" 555 ") == ["5551", "55510", "5552"]
    assert await found(".*") == []
    assert await found("5.5") == ["5.51"]
    assert await found("Ann") == []


@pytest.mark.parametrize("params", [{"profile": "none"}, {"profile": "any"}, {"profile": "any", "search": "7"}])
async def test_chat_contacts_are_walked_whole_and_once(
    house: House, workspace: str, api: httpx.AsyncClient, params: dict[str, str]
) -> None:
    chats = [Chat(workspace, contact=f"7{number:03}") for number in range(23)]
    await house.happened(*(chat.writes("hi", number // 4) for number, chat in enumerate(chats)))
    if params["profile"] == "any":
        await house.happened(*(chat.gives(email=f"{chat.contact}@example.com") for chat in chats[::3]))
    found = await walked(api, CHATS, 5, **params)
    assert sorted(item["contact_id"] for item in found) == [chat.contact for chat in chats]
    order = [item["contact_id"] if "search" in params else item["last_message"]["at"] for item in found]
    assert order == sorted(order, reverse="search" not in params)
    assert (await got(api, CHATS, limit=5, **params))["total"] == 23


async def test_clients_are_walked_whole_and_once_by_each_filter(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    await house.happened(*(Chat(workspace, name=f"Person {n}").proves(a_phone()) for n in range(7)))
    for number in range(6):
        await api.post(CLIENTS, json={"name": f"By hand {number}"})
    for params, expected in (({}, 13), ({"registered": True}, 7), ({"registered": False}, 6)):
        found = await walked(api, CLIENTS, 3, **params)
        assert len({item["id"] for item in found}) == len(found) == expected
        created = [item["created_at"] for item in found]
        assert created == sorted(created, reverse=True)
        assert (await got(api, CLIENTS, limit=2, **params))["total"] == expected
    assert await got(api, f"{CLIENTS}/counts") == {"all": 13, "registered": 7, "not_registered": 6}


async def test_a_search_that_matches_in_several_ways_gives_everybody_once(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    for number in range(9):
        body = {"name": f"Anna Annabel {number}", "email": f"anna{number}@example.com"}
        assert (await api.post(CLIENTS, json=body)).status_code == 201
    await house.happened(Chat(workspace, name="Annika").proves(a_phone()))
    found = await walked(api, CLIENTS, 2, search="ann")
    assert len(found) == len({item["id"] for item in found}) == 10
    assert (await got(api, CLIENTS, search="ann", limit=2))["total"] == 10
    assert names(await walked(api, CLIENTS, 2, search="ann", registered=True)) == ["Annika"]
    assert names(await walked(api, CLIENTS, 5, search="annabel 3")) == ["Anna Annabel 3"]
    assert names(await walked(api, CLIENTS, 5, search="ANNA3@")) == ["Anna Annabel 3"]


async def test_a_phone_is_found_with_and_without_its_plus(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    phone = a_phone()
    await house.happened(Chat(workspace, name="Ann").proves(phone))
    for search in (phone, phone[1:], f"{phone[:3]} {phone[3:6]} {phone[6:]}", phone[:6]):
        assert names((await got(api, CLIENTS, search=search))["items"]) == ["Ann"]


async def test_a_cursor_belongs_to_its_list(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    await house.happened(*(Chat(workspace).writes() for _ in range(3)))
    cursor = (await got(api, CHATS, profile="none", limit=1))["next_cursor"]
    forged = base64.urlsafe_b64encode(json.dumps([{"$gt": ""}, {"$ne": 1}, "x"]).encode()).decode()
    for params in (
        {"profile": "any", "cursor": cursor},
        {"profile": "none", "search": "5", "cursor": cursor},
        {"profile": "none", "cursor": "rubbish"},
        {"profile": "none", "cursor": forged},
    ):
        answer = await api.get(CHATS, params=params)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("address", [CHATS, CLIENTS])
@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "201"), ("limit", "many"), ("sort", "name"), ("page", "2"), ("search", "a\x00")],
)
async def test_bad_input_names_its_field(api: httpx.AsyncClient, address: str, name: str, value: str) -> None:
    answer = await api.get(address, params={name: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [name]


@pytest.mark.parametrize(
    "search",
    [
        "$ne",
        '{"$gt": ""}',
        "w:",
        "(((",
        "\\",
        "]",
        "ﷺ" * 50,
        "\U0010ffff",
        "💥",
        "\u0646\u0645\u06cc\u200c\u062e\u0648",
    ],
)
async def test_whatever_is_searched_is_only_text(api: httpx.AsyncClient, search: str) -> None:
    assert (await got(api, CLIENTS, search=search))["items"] == []
    assert (await got(api, CHATS, profile="none", search=search))["items"] == []


async def test_a_switch_is_told_to_the_senders_before_the_answer(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    address = f"{CHATS}/{message.chat_contact_id}"
    answer = await api.patch(address, json={"proactive": False})
    assert answer.status_code == 200
    assert (answer.json()["proactive"], answer.json()["reactive"], answer.json()["rev"]) == (False, True, 2)
    fact = (await house.published(topics.PERMISSION, workspace))[f"{message.chat_contact_id}/switches"]
    assert isinstance(fact, PermissionStateV1)
    assert (fact.proactive, fact.reactive, fact.rev) == (False, True, 2)

    await api.patch(address, json={"proactive": True})
    fact = (await house.published(topics.PERMISSION, workspace))[f"{message.chat_contact_id}/switches"]
    assert isinstance(fact, PermissionStateV1)
    assert (fact.proactive, fact.rev) == (True, 3)


async def test_a_switch_that_could_not_be_told_says_so_and_is_told_when_asked_again(
    house: House, workspace: str, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    address = f"{CHATS}/{message.chat_contact_id}"
    with monkeypatch.context() as patched:
        patched.setattr(house.outbox, "_publisher", Publisher(house.settings, "never-started"))
        answer = await api.patch(address, json={"reactive": False})
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("not-told-yet")
    assert not await house.published(topics.PERMISSION, workspace)

    assert (await api.patch(address, json={"reactive": False})).status_code == 200
    assert await house.published(topics.PERMISSION, workspace)


async def test_a_change_to_an_older_rev_shows_both(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    address = f"{CHATS}/{message.chat_contact_id}"
    assert (await api.patch(address, json={"name": "Anna", "rev": 1})).json()["rev"] == 2
    by_header = await api.patch(address, json={"name": "Bea"}, headers={"If-Match": '"1"'})
    for answer in (by_header, await api.patch(address, json={"name": "Bea", "rev": 1})):
        assert answer.status_code == 409
        assert answer.json()["current"]["name"] == "Anna"
        assert answer.json()["yours"] == {"rev": 1, "name": "Bea"}


async def test_a_name_set_by_hand_holds_until_it_is_cleared(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace, name="ann_x")
    message = chat.writes()
    await house.happened(message)
    address = f"{CHATS}/{message.chat_contact_id}"
    await api.patch(address, json={"name": "Ann", "external_code": "A-17"})
    await house.happened(chat.writes("again", 9, message="2"))
    found = await got(api, address)
    assert (found["name"], found["external_code"]) == ("Ann", "A-17")
    assert (await api.patch(address, json={"name": None})).json()["name"] == "ann_x"
    rev = (await got(api, address))["rev"]
    assert (await api.patch(address, json={"name": None})).json()["rev"] == rev, "nothing changed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_id", "1"),
        ("channel", "whatsapp"),
        ("connection_id", "con_2"),
        ("client_id", "cl_1"),
        ("workspace_id", "ws_2"),
        ("registered", True),
        ("proactive", None),
        ("proactive", "perhaps"),
        ("name", ""),
        ("name", {"$set": 1}),
        ("language", "not a language!"),
    ],
)
async def test_what_may_not_change_is_refused(
    house: House, workspace: str, api: httpx.AsyncClient, field: str, value: object
) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    answer = await api.patch(f"{CHATS}/{message.chat_contact_id}", json={field: value})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    assert (await house.contact(message)).rev == 1


async def test_a_client_without_any_channel(house: House, api: httpx.AsyncClient, workspace: str) -> None:
    body = {
        "name": "Bob",
        "surname": "Jones",
        "email": "BOB@Example.com",
        "phone": "+47 912 34 567",
        "contact_key": "B-1",
    }
    answer = await api.post(CLIENTS, json={**body, "source": "telegram"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["email"], made["phone"], made["registered"]) == ("bob@example.com", "+4791234567", False)
    assert (made["email_verified"], made["source"], made["chat_contacts"]) == (False, "telegram", [])
    assert made["id"] in await house.published(topics.CLIENT, workspace)

    again = await api.post(CLIENTS, json={"name": "Robert", "contact_key": "B-1"})
    assert again.status_code == 409
    assert again.json()["client_id"] == made["id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("email", "bob"), ("phone", "12345"), ("phone", "+47"), ("source", "fax"), ("registered", True)],
)
async def test_a_client_that_cannot_be_is_refused_at_its_field(
    api: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await api.post(CLIENTS, json={"name": "Bob", field: value})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_another_workspaces_people_are_nowhere(house: House, workspace: str) -> None:
    mine, theirs = Chat(workspace), Chat(f"{workspace}b", name="Secret")
    message, secret = mine.writes(), theirs.writes()
    await house.happened(message, secret, theirs.proves(a_phone()))
    (client,) = await house.clients(f"{workspace}b")
    async with house.caller(workspace) as api:
        for params in ({}, {"profile": "any", "search": theirs.contact}, {"id": secret.chat_contact_id}):
            items = (await got(api, CHATS, **params))["items"]
            assert theirs.contact not in [item["contact_id"] for item in items]
        for params in ({}, {"search": "secret"}, {"id": client.id}, {"registered": True}):
            assert (await got(api, CLIENTS, **params))["items"] == []
        assert (await got(api, f"{CLIENTS}/counts"))["all"] == 0
        for foreign, missing in (
            (await api.get(f"{CHATS}/{secret.chat_contact_id}"), await api.get(f"{CHATS}/cc_none")),
            (await api.get(f"{CLIENTS}/{client.id}"), await api.get(f"{CLIENTS}/cl_none")),
            (
                await api.patch(f"{CHATS}/{secret.chat_contact_id}", json={"proactive": False}),
                await api.patch(f"{CHATS}/cc_none", json={"proactive": False}),
            ),
        ):
            assert foreign.status_code == missing.status_code == 404
            assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    assert (await house.contact(secret)).proactive


async def test_a_merged_client_says_who_it_is_now(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    phone, newcomer = a_phone(), Chat(workspace, connection=f"con_{workspace}", name="Newcomer")
    await house.happened(Chat(workspace, name="Known").proves(phone), newcomer.writes())
    (absorbed,) = (await got(api, CLIENTS, search="newcomer"))["items"]
    await house.happened(newcomer.proves(phone))
    answer = await api.get(f"{CLIENTS}/{absorbed['id']}")
    assert answer.status_code == 410
    survivor = answer.json()["survivor"]
    assert survivor["address"] in answer.headers["link"]
    assert (await got(api, survivor["address"]))["name"] == "Known"


async def test_rows_are_read_again_by_their_ids(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    first, second = Chat(workspace).writes(at=1), Chat(workspace).writes(at=2)
    await house.happened(first, second)
    asked = [first.chat_contact_id, second.chat_contact_id, "cc_none"]
    page = await got(api, CHATS, profile="none", id=asked)
    assert [item["id"] for item in page["items"]] == [second.chat_contact_id, first.chat_contact_id]


@pytest.mark.parametrize(("role", "may"), [("agent", False), ("marketer", True), ("admin", True)])
async def test_who_may_change_people(house: House, workspace: str, role: str, *, may: bool) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    async with house.caller(workspace, role) as api:
        assert (await api.get(CHATS)).status_code == 200
        answer = await api.patch(f"{CHATS}/{message.chat_contact_id}", json={"external_code": "x"})
        assert answer.status_code == (200 if may else 403)
        assert (await api.post(CLIENTS, json={"name": "Bob"})).status_code == (201 if may else 403)


async def test_nobody_gets_in_without_a_token(house: House) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.api()), base_url="http://identity") as api:
        for address in (CHATS, CLIENTS, f"{CLIENTS}/counts", f"{CHATS}?profile=none&name=x"):
            assert (await api.get(address)).status_code in {401, 422}
        assert (await api.get(f"{CHATS}?profile=none")).status_code == 401

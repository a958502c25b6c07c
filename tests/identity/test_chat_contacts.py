"""The page of all chat contacts: everybody listed, searched, filtered, added and edited, through the API."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.identity.store.migrate import fill_words
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.chat import Channel
from shared.contracts.people import ChatContactStateV1, PermissionStateV1
from shared.messaging.publisher import Publisher
from shared.storage.mongo import database
from tests.identity.happenings import NOON, Chat, a_connection, a_phone, a_workspace
from tests.identity.house import House, names

CHATS = "/api/identity/chat-contacts"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


@pytest.fixture
def bot(house: House, workspace: str) -> str:
    """Return the id of a Telegram connection of the workspace."""
    house.connections.take(a_connection(workspace, f"con_{workspace}", name="Shop bot"))
    return f"con_{workspace}"


def a_connection_on(house: House, workspace: str, channel: Channel) -> str:
    id_ = f"con_{channel}_{workspace}"
    house.connections.take(
        ConnectionStateV1(
            id=id_, time=NOON, workspace_id=workspace, rev=1, channel=channel, name=f"Our {channel}", account_id="1"
        )
    )
    return id_


async def listed(api: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    """Read a list to its end, two rows a page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(CHATS, params={"limit": 2, **params, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def added(api: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await api.post(CHATS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_everybody_is_listed_visitors_and_clients_and_those_added_newest_first(
    house: House, workspace: str, api: httpx.AsyncClient, bot: str
) -> None:
    visitor, client = Chat(workspace, name="Visitor"), Chat(workspace, name="Client")
    await house.happened(client.writes("hi", 5), visitor.writes("hi", 9))
    await house.happened(client.proves(a_phone(), 6))
    await added(api, connection_id=bot, contact_id="77", name="By hand")
    assert names(await listed(api)) == ["By hand", "Visitor", "Client"]
    assert [item["name"] for item in await listed(api, profile="none")] == ["Visitor"]


@pytest.mark.parametrize(
    ("name", "searches"),
    [
        ("José Müller", ("jose", "MULL", "josé m", "müller jos")),
        ("Зоя Космодемьянская", ("зоя", "Космод")),
        ("漢字 太郎", ("漢", "太郎")),
        ("ليلى علي", ("ليلى", "عل")),
        ("नमस्ते दुनिया", ("नमस्ते",)),
        ("Ömer-Faruk O'Neil", ("faruk", "omer", "neil")),
        ("straße", ("STRASSE",)),
    ],
)
async def test_a_name_is_found_by_the_beginning_of_any_word_in_any_script(
    house: House, workspace: str, api: httpx.AsyncClient, name: str, searches: tuple[str, ...]
) -> None:
    await house.happened(Chat(workspace, name=name).writes(), Chat(workspace, name="Somebody Else").writes())
    for search in searches:
        assert names(await listed(api, search=search)) == [name], search
    assert await listed(api, search=name[1:4].strip() + "zz") == []


async def test_a_contact_id_is_found_by_its_beginning_and_not_by_its_middle(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    for contact in ("5551", "55519", "15551", "-100555"):
        await house.happened(Chat(workspace, contact=contact, name=None).writes())

    async def found(search: str) -> list[str]:
        return [item["contact_id"] for item in await listed(api, search=search)]

    assert await found("5551") == ["5551", "55519"]
    assert await found("-100") == ["-100555"]
    assert await found("+55 51") == ["5551", "55519"]
    assert await found(".*") == []


async def test_who_matches_by_id_and_by_name_comes_up_once_whatever_the_page(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chats = [Chat(workspace, contact=f"42{n}", name=f"42nd Street {n}") for n in range(7)]
    await house.happened(*(chat.writes("hi", n) for n, chat in enumerate(chats)))
    found = await listed(api, search="42")
    assert sorted(item["contact_id"] for item in found) == [chat.contact for chat in chats]
    answer = (await api.get(CHATS, params={"search": "42", "limit": 2})).json()
    assert (answer["total"], answer["total_is_exact"]) == (7, True)
    assert names(await listed(api, search="street 3")) == ["42nd Street 3"]


async def test_a_new_name_is_found_and_the_old_one_no_more(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace, name="Before")
    message = chat.writes()
    await house.happened(message)
    chat.name = "After"
    await house.happened(chat.writes("again", 5, message="2"))
    assert [len(await listed(api, search=search)) for search in ("before", "after")] == [0, 1]
    await api.patch(f"{CHATS}/{message.chat_contact_id}", json={"name": "By hand"})
    assert [len(await listed(api, search=search)) for search in ("after", "hand")] == [0, 1]
    await api.patch(f"{CHATS}/{message.chat_contact_id}", json={"name": None})
    assert [len(await listed(api, search=search)) for search in ("after", "hand")] == [1, 0]


@pytest.mark.parametrize("params", [{}, {"search": "ann"}, {"channel": "telegram"}, {"proactive": True}])
async def test_pages_stay_put_while_people_write(
    house: House, workspace: str, api: httpx.AsyncClient, params: dict[str, Any]
) -> None:
    chats = [Chat(workspace, name=f"Ann {n}") for n in range(9)]
    await house.happened(*(chat.writes("hi", n // 2) for n, chat in enumerate(chats)))
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    number = 100
    while True:
        page = (await api.get(CHATS, params={"limit": 2, **params, **cursor})).json()
        seen += names(page["items"])
        for item in page["items"]:  # who was shown writes again, and moves to the top
            number += 1
            chat = next(chat for chat in chats if chat.contact == item["contact_id"])
            await house.happened(chat.writes("more", number, message=str(number)))
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(seen) == [chat.name for chat in chats]


async def test_lists_are_filtered_by_channel_and_by_both_switches(
    house: House, workspace: str, api: httpx.AsyncClient, bot: str
) -> None:
    page = a_connection_on(house, workspace, "messenger")
    for number in range(8):
        await added(
            api,
            connection_id=page if number & 4 else bot,
            contact_id=f"{number + 1}",
            name=f"Kim {number}",
            proactive=not number & 1,
            reactive=not number & 2,
        )

    async def found(**params: Any) -> list[int]:
        items = await listed(api, **params)
        first = (await api.get(CHATS, params={"limit": 1, **params})).json()
        assert first["total"] == len(items)
        return sorted(int(item["contact_id"]) - 1 for item in items)

    for params in ({}, {"search": "kim"}):
        assert await found(channel="messenger", **params) == [4, 5, 6, 7]
        assert await found(channel="widget", **params) == []
        assert await found(proactive=False, **params) == [1, 3, 5, 7]
        assert await found(proactive=True, reactive=False, **params) == [2, 6]
        assert await found(channel="telegram", proactive=False, reactive=False, **params) == [3]
    newest = [item["created_at"] for item in await listed(api, reactive=True)]
    assert newest == sorted(newest, reverse=True)


async def test_who_is_added_is_the_same_when_they_write_and_keeps_the_name_given(
    house: House, workspace: str, api: httpx.AsyncClient, bot: str
) -> None:
    chat = Chat(workspace, connection=bot, name="told by telegram")
    made = await added(
        api, connection_id=bot, contact_id=chat.contact, name="Ann Lee", external_code="CRM-7", language="de"
    )
    assert {key: made[key] for key in ("channel", "connection_name", "name", "external_code", "language", "rev")} == {
        "channel": "telegram",
        "connection_name": "Shop bot",
        "name": "Ann Lee",
        "external_code": "CRM-7",
        "language": "de",
        "rev": 1,
    }
    assert (made["proactive"], made["reactive"], made["registered"], made["client_id"]) == (True, True, False, None)
    assert await listed(api, profile="none") == [], "who has not written is no visitor"
    state = (await house.published(topics.CHAT_CONTACT, workspace))[made["id"]]
    assert isinstance(state, ChatContactStateV1)
    assert (state.name, state.first_message) == ("Ann Lee", None)
    assert not await house.published(topics.PERMISSION, workspace)

    await house.happened(chat.writes("hello", 60))
    (now,) = await listed(api)
    assert (now["id"], now["name"], now["language"], now["last_message"]["text"]) == (
        made["id"],
        "Ann Lee",
        "de",
        "hello",
    )
    assert [item["id"] for item in await listed(api, profile="none")] == [made["id"]]


async def test_switches_set_when_adding_are_told_before_the_answer(
    house: House, workspace: str, api: httpx.AsyncClient, bot: str
) -> None:
    made = await added(api, connection_id=bot, contact_id="91", proactive=False)
    fact = (await house.published(topics.PERMISSION, workspace))[f"{made['id']}/switches"]
    assert isinstance(fact, PermissionStateV1)
    assert (fact.proactive, fact.reactive, fact.rev) == (False, True, 1)

    await api.patch(f"{CHATS}/{made['id']}", json={"proactive": True})
    fact = (await house.published(topics.PERMISSION, workspace))[f"{made['id']}/switches"]
    assert isinstance(fact, PermissionStateV1)
    assert (fact.proactive, fact.rev) == (True, 2)


@pytest.mark.parametrize(("switches", "status"), [({}, 201), ({"proactive": False}, 503)])
async def test_a_refusal_that_could_not_be_told_is_never_called_done(
    house: House,
    api: httpx.AsyncClient,
    bot: str,
    monkeypatch: pytest.MonkeyPatch,
    switches: dict[str, bool],
    status: int,
) -> None:
    body = {"connection_id": bot, "contact_id": "92", **switches}
    with monkeypatch.context() as patched:
        patched.setattr(house.outbox, "_publisher", Publisher(house.settings, "never-started"))
        answer = await api.post(CHATS, json=body)
    assert answer.status_code == status
    assert len(await listed(api)) == 1, "it is saved all the same"
    await house.stores.outbox_rows.delete_many({})


async def test_nobody_is_added_twice(house: House, workspace: str, api: httpx.AsyncClient, bot: str) -> None:
    first = await added(api, connection_id=bot, contact_id="5", name="First")
    for body in ({"name": "Second", "proactive": False}, {"name": "First"}):
        answer = await api.post(CHATS, json={"connection_id": bot, "contact_id": " 5 ", **body})
        assert answer.status_code == 409
        assert [error["field"] for error in answer.json()["errors"]] == ["contact_id"]
        assert answer.json()["current"] == first
    assert await listed(api) == [first]

    wrote = Chat(workspace, connection=bot)
    await house.happened(wrote.writes())
    assert (await api.post(CHATS, json={"connection_id": bot, "contact_id": wrote.contact})).status_code == 409


@pytest.mark.parametrize(
    ("channel", "given", "kept"),
    [
        ("telegram", " 123456789 ", "123456789"),
        ("telegram", "-100123", "-100123"),
        ("telegram", "ann", None),
        ("telegram", "+123", None),
        ("telegram", "0123", None),
        ("telegram", "١٢٣", None),
        ("whatsapp", "+47 912 34 567", "4791234567"),
        ("whatsapp", "4791234567", "4791234567"),
        ("whatsapp", "NO.13491208655302741918", "NO.13491208655302741918"),
        ("whatsapp", "91234567890123456", None),
        ("whatsapp", "+47", None),
        ("whatsapp", "call me", None),
        ("messenger", "24031", "24031"),
        ("widget", "v_8Zk2", "v_8Zk2"),
        ("custom", "a/b", None),
        ("custom", "a\x00b", None),
        ("custom", "x" * 129, None),
        ("custom", "   ", None),
        ("custom", 5, None),
    ],
)
async def test_a_contact_id_is_checked_as_its_channel_has_it(
    house: House, workspace: str, api: httpx.AsyncClient, channel: Channel, given: object, kept: str | None
) -> None:
    connection = a_connection_on(house, workspace, channel)
    answer = await api.post(CHATS, json={"connection_id": connection, "contact_id": given})
    if kept is None:
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["contact_id"]
        assert await listed(api) == []
    else:
        assert (answer.status_code, answer.json()["contact_id"]) == (201, kept)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("connection_id", None),
        ("connection_id", "con_nobodys"),
        ("contact_id", None),
        ("name", "a\x07b"),
        ("language", "not a language!"),
        ("external_code", ""),
        ("proactive", None),
        ("reactive", "perhaps"),
        ("client_id", "cl_1"),
        ("channel", "telegram"),
    ],
)
async def test_what_is_wrong_with_a_new_one_is_said_at_its_field(
    api: httpx.AsyncClient, bot: str, field: str, value: object
) -> None:
    answer = await api.post(CHATS, json={"connection_id": bot, "contact_id": "6", field: value})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    assert await listed(api) == []


async def test_another_workspaces_connections_are_not_there(house: House, api: httpx.AsyncClient, bot: str) -> None:
    other = a_workspace()
    theirs = a_connection_on(house, other, "telegram")
    answer = await api.post(CHATS, json={"connection_id": theirs, "contact_id": "6"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "connection_id"
    listed_here = (await api.get("/api/identity/connections")).json()["items"]
    assert listed_here == [{"id": bot, "channel": "telegram", "name": "Shop bot", "username": None, "enabled": True}]
    async with house.caller(other) as others:
        await added(others, connection_id=theirs, contact_id="6", name="Theirs")
    assert await listed(api) == await listed(api, search="theirs") == await listed(api, proactive=True) == []


async def test_agents_look_and_do_not_add(house: House, workspace: str, bot: str) -> None:
    async with house.caller(workspace, "agent") as agent, house.caller(workspace, "marketer") as marketer:
        body = {"connection_id": bot, "contact_id": "6"}
        assert (await agent.post(CHATS, json=body)).status_code == 403
        made = await added(marketer, **body)
        assert (await agent.get(CHATS)).json()["items"] == [made]
        assert (await agent.patch(f"{CHATS}/{made['id']}", json={"proactive": False})).status_code == 403


async def test_a_contact_id_never_changes(api: httpx.AsyncClient, bot: str) -> None:
    made = await added(api, connection_id=bot, contact_id="6", name="Ann")
    answer = await api.patch(f"{CHATS}/{made['id']}", json={"name": "Bea", "contact_id": "7"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "contact_id"
    assert "permanent" in error["message"]
    assert await listed(api) == [made]


async def test_who_was_stored_without_words_is_found_once_migrated(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    await house.happened(*(Chat(workspace, name=f"Elder {n}").writes() for n in range(7)))
    await house.happened(Chat(workspace, name="Newer").writes())
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(house.settings.mongo)
    try:
        target = database(client, house.settings, "identity")
        elder = {"workspace_id": workspace, "name.value": {"$regex": "^Elder"}}
        await target["chat_contacts"].update_many(elder, {"$unset": {"words": ""}})
        assert await listed(api, search="elder") == []
        assert await fill_words(target, 3) == 7
        assert await fill_words(target, 3) == 0
    finally:
        client.close()
    assert len(await listed(api, search="elder")) == 7
    assert len(await listed(api, search="newer")) == 1

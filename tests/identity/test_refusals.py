"""What must not be written to: refused at once, for whoever holds the value, and whatever becomes of them."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.identity.domain.inputs import email_of
from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from tests.identity.happenings import Chat, a_phone
from tests.identity.house import House

REFUSALS, CLIENTS = "/api/identity/refusals", "/api/identity/clients"
EMAIL = "ann@example.com"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def refuse(api: httpx.AsyncClient, status: int = 201, **what: Any) -> dict[str, Any]:
    answer = await api.post(REFUSALS, json={"reason": "asked by phone", **what})
    assert answer.status_code == status, answer.text
    return answer.json()


async def book(house: House, workspace: str) -> PermissionBook:
    """Return what a sender that starts now is told."""
    found = PermissionBook()
    for state in (await house.published(topics.PERMISSION, workspace)).values():
        if state is not None:
            found.take(state)
    return found


async def listed(api: httpx.AsyncClient, **params: Any) -> list[dict[str, Any]]:
    answer = await api.get(REFUSALS, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_blacklisted_email_is_told_before_the_answer_and_reaches_every_chat_of_who_holds_it(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    telegram, second, stranger = Chat(workspace), Chat(workspace, connection="con_2"), Chat(workspace)
    phone = a_phone()
    await house.happened(telegram.proves(phone), telegram.gives(email=EMAIL))
    given = second.proves(phone)
    other = stranger.proves(a_phone())
    await house.happened(given, other)

    made = await refuse(api, email=" Ann@Example.com")

    assert made["value"] == EMAIL
    assert made["id"].startswith("e:")
    assert EMAIL not in made["id"]
    said = await book(house, workspace)
    assert said.forbids(made["id"], "proactive") == "blacklist"
    for event in (telegram.writes(), second.writes()):
        assert not said.allows(event.chat_contact_id, "proactive")
        assert not said.allows(event.chat_contact_id, "reactive")
        assert said.allows(event.chat_contact_id, "agent"), "what an agent writes by hand is theirs to answer for"
    assert said.allows(stranger.writes().chat_contact_id, "proactive")
    client = next(one for one in await house.clients(workspace) if one.holds("email", EMAIL))
    (shown,) = client.refusals
    assert (shown.kind, shown.value, shown.what, shown.reason) == ("email", EMAIL, "blacklisted", "asked by phone")
    of_client = await listed(api, client_id=client.id)
    assert {one["kind"] for one in of_client} == {"email", "chat_contact"}


async def test_whoever_holds_a_refused_value_later_is_refused_from_the_start(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    phone = a_phone()
    await refuse(api, phone=phone)
    chat = Chat(workspace)
    given = chat.proves(phone)
    await house.happened(given)
    assert not (await book(house, workspace)).allows(given.chat_contact_id, "proactive")
    (client,) = await house.clients(workspace)
    assert [one.value for one in client.refusals] == [phone]

    await refuse(api, email=EMAIL)
    made = await api.post(CLIENTS, json={"name": "Bob", "email": EMAIL})
    edited = await api.patch(f"{CLIENTS}/{client.id}", json={"email": EMAIL, "rev": client.rev})
    for answer in (made, edited):
        assert answer.status_code in {200, 201}, answer.text
        kept = await house.stores.clients.get(workspace, answer.json()["id"])
        assert kept is not None
        assert (answer.json()["rev"], EMAIL in [one.value for one in kept.refusals]) == (kept.rev, True)


async def test_unsubscribed_and_spam_are_of_the_address_alone(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace)
    given = chat.gives(email=EMAIL)
    await house.happened(given)
    made = await refuse(api, email=EMAIL, what="unsubscribed")
    await refuse(api, email=EMAIL, what="spam")
    said = await book(house, workspace)
    assert not said.allows(made["id"], "proactive")
    assert said.allows(made["id"], "reactive")
    assert said.allows(given.chat_contact_id, "proactive"), "who wants no emails may still want messages"
    (client,) = await house.clients(workspace)
    assert [one.what for one in client.refusals] == ["spam", "unsubscribed"]
    answer = await api.post(f"{REFUSALS}/{made['id']}/lift", json={"reason": "they changed their mind"})
    assert answer.status_code == 200, "nothing was blacklisted, so nothing is lifted"
    assert {one["what"] for one in answer.json()["refusals"]} == {"spam", "unsubscribed"}
    answer = await api.post(f"{REFUSALS}/{made['id']}/lift", json={"what": "unsubscribed", "reason": "no"})
    assert answer.status_code == 422, "what the person said is theirs to take back"


async def test_a_refusal_survives_deletion_and_the_return_of_the_person(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, phone = Chat(workspace), a_phone()
    first = chat.proves(phone)
    await house.happened(chat.writes(), first)
    (client,) = await house.clients(workspace)
    made = await refuse(api, phone=phone)

    assert (await api.delete(f"{CLIENTS}/{client.id}")).status_code == 204
    assert (await api.get(f"{CLIENTS}/{client.id}")).status_code == 404
    (kept,) = await listed(api, kind="phone")
    assert (kept["id"], kept["value"]) == (made["id"], None), "the keyed hash alone is kept"
    contact = await house.contact(first)
    assert (contact.client_id, contact.registered, contact.evidence) == (None, False, ())
    assert not (await book(house, workspace)).allows(contact.id, "proactive")
    assert (await house.published(topics.CLIENT, workspace))[client.id] is None

    await house.happened(first)
    assert not await house.clients(workspace), "what was said before says nothing when it comes again"
    after = (await house.contact(first)).parted_at
    assert after is not None
    returned = Chat(workspace, connection="con_2")
    await house.happened(returned.proves(phone))
    (again,) = await house.clients(workspace)
    assert [one.value for one in again.refusals] == [phone]
    assert [one["value"] for one in await listed(api, kind="phone")] == [phone], "it is known again whose it is"
    assert not (await book(house, workspace)).allows(returned.writes().chat_contact_id, "proactive")


async def test_a_person_lifts_a_blacklisting_and_the_log_keeps_it(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace)
    given = chat.gives(email=EMAIL)
    await house.happened(given)
    made = await refuse(api, email=EMAIL)
    refused = await api.post(f"{REFUSALS}/{given.chat_contact_id}/lift", json={"reason": "mistake"})
    assert refused.status_code == 409
    assert refused.json()["refusals"] == [made["id"]], "it says what to lift instead"

    answer = await api.post(f"{REFUSALS}/{made['id']}/lift", json={"reason": "mistake"})
    assert answer.status_code == 200, answer.text
    assert [(one["did"], one["reason"]) for one in answer.json()["log"]] == [
        ("refused", "asked by phone"),
        ("lifted", "mistake"),
    ]
    said = await book(house, workspace)
    assert said.allows(made["id"], "proactive")
    assert said.allows(given.chat_contact_id, "proactive")
    assert (await house.clients(workspace))[0].refusals == ()
    assert await listed(api) == []


async def test_lifting_leaves_the_switches_of_a_chat_as_they_are(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    message = Chat(workspace).writes()
    await house.happened(message)
    switched = await api.patch(f"/api/identity/chat-contacts/{message.chat_contact_id}", json={"proactive": False})
    assert switched.status_code == 200
    made = await refuse(api, chat_contact_id=message.chat_contact_id)
    assert made["chat_contact"]["contact_id"] == message.chat.contact_id
    assert (await api.post(f"{REFUSALS}/{made['id']}/lift", json={"reason": "x"})).status_code == 200
    assert (await book(house, workspace)).forbids(message.chat_contact_id, "proactive") == "switches"


async def test_the_list_goes_on_page_by_page_and_finds_one_value(api: httpx.AsyncClient) -> None:
    for number in range(5):
        await refuse(api, email=f"{number}@example.com")
    await refuse(api, phone=a_phone())
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get(REFUSALS, params={"kind": "email", "limit": 2, **cursor})).json()
        found += [one["value"] for one in page["items"]]
        assert page["total"] == 5 or not page["next_cursor"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(found) == [f"{number}@example.com" for number in range(5)]
    (one,) = await listed(api, email="3@Example.com")
    assert one["value"] == email_of("3@example.com")
    assert len(await listed(api)) == 6
    assert len(await listed(api, what="spam")) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"email": "nobody"},
        {"phone": "123"},
        {"email": EMAIL, "phone": "+4791234567"},
        {"contact_id": "5"},
        {"chat_contact_id": "cc_none"},
        {"connection_id": "con_1", "contact_id": "none"},
        {"email": EMAIL, "reason": " "},
        {"email": EMAIL, "what": "disliked"},
    ],
)
async def test_what_cannot_be_refused_is_said_and_changes_nothing(
    house: House, workspace: str, api: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    await refuse(api, 422, **wrong)
    assert await house.stores.refusals.collection.count_documents({"workspace_id": workspace}) == 0


async def test_who_may_refuse(house: House, workspace: str) -> None:
    for role, status in (("agent", 403), ("marketer", 201)):
        async with house.caller(workspace, role) as api:
            await refuse(api, status, email=EMAIL)
            assert len(await listed(api)) == (status == 201)

"""Merges, undoing them, and suggestions, on the real database and through the API."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from services.identity.domain.client import Client
from services.identity.store.client_documents import client_to
from services.identity.usecases.merge_history import MergeHistory
from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from shared.storage.mongo import Document
from tests.identity.happenings import Chat, a_connection, a_phone
from tests.identity.house import House

CLIENTS, MERGES, SUGGESTIONS = "/api/identity/clients", "/api/identity/merges", "/api/identity/suggestions"
EMAIL = "ann@example.com"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def sent(api: httpx.AsyncClient, status: int, address: str, **body: Any) -> dict[str, Any]:
    answer = await api.post(address, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else {}


async def got(api: httpx.AsyncClient, address: str, **params: Any) -> dict[str, Any]:
    answer = await api.get(address, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def a_pair(house: House, workspace: str) -> tuple[Client, Client, Chat, Chat]:
    """Make two clients, each with a chat and a phone that it has proved."""
    ann, bob = Chat(workspace, name="Ann"), Chat(workspace, name="Bob")
    await house.happened(ann.writes(), bob.writes(), ann.proves(a_phone()), bob.proves(a_phone()))
    clients = {client.name: client for client in await house.clients(workspace)}
    return clients["Ann"], clients["Bob"], ann, bob


async def documents(house: House, workspace: str) -> dict[str, Document]:
    """Return everything about who is who, but for revs and when it changed."""
    found: dict[str, Document] = {}
    for client in await house.clients(workspace):
        found[client.id] = client_to(client)
    contacts = house.stores.chat_contacts.collection.find({"workspace_id": workspace})
    found |= {one["_id"]: one for one in await contacts.to_list(None)}
    return {id_: {k: v for k, v in one.items() if k not in {"rev", "changed_at"}} for id_, one in found.items()}


async def test_two_clients_become_one_and_undone_are_exactly_as_before(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    ann, bob, _, bobs = await a_pair(house, workspace)
    before = await documents(house, workspace)
    preview = await sent(api, 200, f"{CLIENTS}/{ann.id}/merges/preview", other=bob.id)
    assert [one["code"] for one in preview["warnings"]] == ["both_verified"]
    assert {row["field"]: (row["wins"], row["differs"]) for row in preview["rows"]} == {
        "name": ("survivor", True),
        "phone": ("survivor" if preview["rows"][1]["after"] == preview["rows"][1]["survivor"] else "other", True),
        "source": ("survivor", False),
    }
    assert await documents(house, workspace) == before, "a preview writes nothing"
    told = await sent(api, 409, f"{CLIENTS}/{ann.id}/merges", other=bob.id)
    assert told["warnings"] == preview["warnings"]

    made = await sent(
        api,
        201,
        f"{CLIENTS}/{ann.id}/merges",
        other=bob.id,
        accepts=["both_verified"],
        rev=ann.rev,
        other_rev=bob.rev,
        choices={"name": "other"},
    )
    assert made["survivor"]["name"] == "Bob"
    (one,) = await house.clients(workspace)
    assert (await house.contact(bobs.writes())).client_id == one.id == ann.id
    published = await house.published(topics.CLIENT, workspace)
    assert published[bob.id] is None
    assert published[ann.id] is not None
    assert await MergeHistory(house.stores).stands_for(workspace, ann.id) == [ann.id, bob.id]
    gone = await api.get(f"{CLIENTS}/{bob.id}")
    assert (gone.status_code, gone.json()["survivor"]["id"]) == (410, ann.id)

    (past,) = (await got(api, f"{CLIENTS}/{ann.id}/merges"))["items"]
    assert (past["id"], past["absorbed_name"], past["may_be_undone"], past["by"]) == (
        made["id"],
        "Bob",
        True,
        "usr_test",
    )
    undone = await sent(api, 200, f"{MERGES}/{made['id']}/undo")
    assert (undone["survivor"]["name"], undone["restored"]["id"]) == ("Ann", bob.id)
    assert await documents(house, workspace) == before
    published = await house.published(topics.CLIENT, workspace)
    assert published[bob.id] is not None
    await sent(api, 409, f"{MERGES}/{made['id']}/undo")
    assert [one["may_be_undone"] for one in (await got(api, f"{CLIENTS}/{bob.id}/merges"))["items"]] == [False]
    again = await sent(api, 200, f"{CLIENTS}/{ann.id}/merges/preview", other=bob.id)
    assert "kept_apart" in [one["code"] for one in again["warnings"]]


async def test_what_evidence_merged_is_undone_too_and_never_linked_again_by_itself(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    house.connections.take(a_connection(workspace, f"con_{workspace}", "on_first_message"))
    phone, newcomer = a_phone(), Chat(workspace, connection=f"con_{workspace}", name="Newcomer")
    await house.happened(Chat(workspace, name="Known").proves(phone), newcomer.writes())
    before = await documents(house, workspace)
    await house.happened(newcomer.proves(phone))
    (known,) = await house.clients(workspace)
    (past,) = (await got(api, f"{CLIENTS}/{known.id}/merges"))["items"]
    assert (past["evidence"]["value"], past["by"]) == (phone, None)
    await sent(api, 200, f"{MERGES}/{past['id']}/undo")
    after = await documents(house, workspace)
    assert after[known.id] == before[known.id]
    assert set(after) == set(before)

    await house.happened(newcomer.proves(phone, at=50))
    await house.happened(newcomer.gives(phone=phone, at=60))
    assert len(await house.clients(workspace)) == 2
    assert (await got(api, SUGGESTIONS))["items"] == []


async def test_only_the_newest_merge_of_the_survivor_can_be_undone(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    ids = [(await sent(api, 201, CLIENTS, name=name))["id"] for name in ("Ann", "Bob", "Cid", "Dan")]
    first = await sent(api, 201, f"{CLIENTS}/{ids[0]}/merges", other=ids[1])
    second = await sent(api, 201, f"{CLIENTS}/{ids[0]}/merges", other=ids[2])
    third = await sent(api, 201, f"{CLIENTS}/{ids[3]}/merges", other=ids[0])
    for later in (third, third):
        assert (await sent(api, 409, f"{MERGES}/{first['id']}/undo"))["newest"] == later["id"]
    for old in ids[:3]:
        assert (await api.get(f"{CLIENTS}/{old}")).json()["survivor"]["id"] == ids[3]
    assert {one["id"] for one in (await got(api, f"{CLIENTS}/{ids[3]}/merges"))["items"]} == {
        one["id"] for one in (first, second, third)
    }
    await sent(api, 200, f"{MERGES}/{third['id']}/undo")
    assert (await sent(api, 409, f"{MERGES}/{first['id']}/undo"))["newest"] == second["id"]
    await sent(api, 200, f"{MERGES}/{second['id']}/undo")
    await sent(api, 200, f"{MERGES}/{first['id']}/undo")
    assert [client.name for client in sorted(await house.clients(workspace), key=lambda c: c.name)] == [
        *("Ann", "Bob", "Cid", "Dan")
    ]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"other": "cl_none"}, 422, "other"),
        ({"other": "itself"}, 422, "other"),
        ({"other": "other", "choices": {"tags": "other"}}, 422, "choices"),
        ({"other": "other", "rev": 99}, 409, None),
        ({"other": "other", "choices": {"name": "both"}}, 422, "choices.name"),
    ],
)
async def test_a_merge_that_cannot_be_says_why_and_changes_nothing(
    house: House, workspace: str, api: httpx.AsyncClient, body: dict[str, Any], status: int, field: str | None
) -> None:
    one, two = [(await sent(api, 201, CLIENTS, name=name))["id"] for name in ("Ann", "Bob")]
    body = {**body, "other": {"itself": one, "other": two}.get(body["other"], body["other"])}
    said = await sent(api, status, f"{CLIENTS}/{one}/merges", **body)
    assert [error["field"] for error in said.get("errors", [])] == ([field] if field else [])
    assert len(await house.clients(workspace)) == 2


async def a_doubt(house: House, workspace: str, api: httpx.AsyncClient) -> tuple[dict[str, Any], Chat, str]:
    """Make two clients of which one claims what the other has proved."""
    owner, friend, phone = Chat(workspace, name="Owner"), Chat(workspace, name="Friend"), a_phone()
    for event in (owner.proves(phone), friend.gives(phone=phone), friend.gives(phone=phone, at=9)):
        await house.happened(event)
    (item,) = (await got(api, SUGGESTIONS))["items"]
    assert (item["client"]["name"], item["other"]["name"], len(item["about"])) == ("Friend", "Owner", 2)
    return item, friend, phone


async def test_a_suggestion_is_accepted_and_its_merge_can_be_undone(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    item, _, phone = await a_doubt(house, workspace, api)
    before = await documents(house, workspace)
    assert (await got(api, SUGGESTIONS, client_id=item["client"]["id"]))["items"] == [item]
    made = await sent(api, 201, f"{SUGGESTIONS}/{item['id']}/accept")
    assert made["survivor"]["name"] == "Owner"
    assert (await got(api, SUGGESTIONS))["items"] == []
    (past,) = (await got(api, f"{CLIENTS}/{made['survivor']['id']}/merges"))["items"]
    assert past["evidence"]["value"] == phone
    await sent(api, 409, f"{SUGGESTIONS}/{item['id']}/decline")
    await sent(api, 200, f"{MERGES}/{made['id']}/undo")
    assert await documents(house, workspace) == before


async def test_a_declined_pair_is_never_suggested_or_linked_again(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    item, friend, phone = await a_doubt(house, workspace, api)
    await sent(api, 204, f"{SUGGESTIONS}/{item['id']}/decline")
    await house.happened(friend.gives(phone=phone, at=20))
    await house.happened(friend.proves(phone, at=30))
    assert (await got(api, SUGGESTIONS))["items"] == []
    assert {client.name for client in await house.clients(workspace)} == {"Owner", "Friend"}
    await sent(api, 409, f"{SUGGESTIONS}/{item['id']}/accept")
    await sent(api, 404, f"{SUGGESTIONS}/su_none/decline")


async def test_deleting_closes_what_was_suggested_and_forgets_what_was_merged(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    item, *_ = await a_doubt(house, workspace, api)
    owner = item["other"]["id"]
    other = (await sent(api, 201, CLIENTS, name="Secret", email="secret@example.com"))["id"]
    made = await sent(api, 201, f"{CLIENTS}/{owner}/merges", other=other)
    assert (await api.delete(f"{CLIENTS}/{other}")).status_code == 410
    assert (await api.put(f"{CLIENTS}/{other}/tags", json={"tags": []})).status_code == 410
    assert (await api.delete(f"{CLIENTS}/{owner}")).status_code == 204
    assert (await got(api, SUGGESTIONS))["items"] == []
    for id_ in (owner, other):
        assert (await api.get(f"{CLIENTS}/{id_}")).status_code == 404
        assert (await api.delete(f"{CLIENTS}/{id_}")).status_code == 404
    await sent(api, 409, f"{MERGES}/{made['id']}/undo")
    kept = await house.stores.merges.collection.find_one({"_id": made["id"]})
    assert "secret" not in str(kept).casefold()


async def test_a_refusal_of_one_reaches_the_others_chats_by_the_merge_and_leaves_with_it(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    ann, bob, anns, bobs = await a_pair(house, workspace)
    phone = ann.shown("phone")
    assert phone is not None
    await sent(api, 201, "/api/identity/refusals", phone=phone.value, reason="asked")
    made = await sent(api, 201, f"{CLIENTS}/{bob.id}/merges", other=ann.id, accepts=["both_verified"])
    one, two = anns.writes().chat_contact_id, bobs.writes().chat_contact_id

    async def forbidden() -> list[bool]:
        found = PermissionBook()
        for state in (await house.published(topics.PERMISSION, workspace)).values():
            if state is not None:
                found.take(state)
        return [not found.allows(id_, "proactive") for id_ in (one, two)]

    assert await forbidden() == [True, True]
    await sent(api, 201, "/api/identity/refusals", email=EMAIL, reason="asked")
    await house.happened(bobs.gives(email=EMAIL, at=40))
    await sent(api, 200, f"{MERGES}/{made['id']}/undo")
    clients = {client.name: client for client in await house.clients(workspace)}
    assert [one.value for one in clients["Ann"].refusals] == [phone.value]
    assert [one.value for one in clients["Bob"].refusals] == [EMAIL]
    assert await forbidden() == [True, True], "what was given while they were one was refused of both"

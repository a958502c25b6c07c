"""A person is erased: nothing of them is left in any collection or topic's newest states, and nothing comes back."""

import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from bson import json_util

from services.identity.usecases.erase_person import ErasePerson
from services.identity.usecases.take_erasure_answers import TakeErasureAnswers
from shared.contracts import topics
from shared.contracts.erasure import ERASERS, ErasureDoneV1
from shared.contracts.people import PermissionStateV1
from tests.identity.happenings import Chat, a_phone, a_workspace
from tests.identity.house import House

CLIENTS, CHATS = "/api/identity/clients", "/api/identity/chat-contacts"
CANARIES = ("Xanthippe", "canary@example.org", "canary-key", "canary words", "canary-contact")


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def the_database(house: House) -> str:
    """Write out every collection that identity has."""
    owned = house.stores.imports.imports.database
    found = {name: await owned[name].find({}).to_list(None) for name in await owned.list_collection_names()}
    return json.dumps(json.loads(json_util.dumps(found)), ensure_ascii=False)


async def erased(api: httpx.AsyncClient, client_id: str) -> dict[str, Any]:
    first = await api.post(f"{CLIENTS}/{client_id}/erase", json={})
    assert (first.status_code, first.json()["type"]) == (409, "urn:kith:problem:confirm-erasure"), first.text
    answer = await api.post(f"{CLIENTS}/{client_id}/erase", json={"confirm": first.json()["confirm"]})
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_nothing_of_an_erased_person_is_left_and_nothing_comes_back(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    phone = a_phone()
    chat = Chat(workspace, name="Xanthippe", contact=f"canary-contact-{workspace}")
    other = Chat(workspace, name="Xanthippe", connection="con_2", contact=f"canary-contact-2-{workspace}")
    events = (
        chat.writes("canary words", at=0),
        chat.gives(email="canary@example.org", at=1),
        chat.proves(phone, at=2),
        other.writes("canary words", at=3),
    )
    await house.happened(*events)
    await house.happened(other.gives(email="canary2@example.org", at=4))
    await house.happened(other.proves(phone, at=5))  # the one absorbs the other
    contact = await house.contact(chat.writes())
    assert contact.client_id is not None
    assert contact.client_id == (await house.contact(other.writes())).client_id
    off = await api.patch(f"{CHATS}/{contact.id}", json={"proactive": False})
    assert off.status_code == 200, off.text
    waiting = f"name,phone\nXanthippe,{phone}\nSomebody,{a_phone()}\n"
    upload = await api.post("/api/identity/imports", content=waiting.encode())
    assert upload.status_code == 201
    before = await the_database(house)
    assert all(canary in before for canary in ("Xanthippe", "canary@example.org", "canary words", phone))

    data = (await api.get(f"{CLIENTS}/{contact.client_id}/data")).json()
    assert data["parts"]["client"][0]["id"] == contact.client_id
    assert {one["contact_id"] for one in data["parts"]["chat_contacts"]} == {chat.contact, other.contact}
    assert len(data["parts"]["merges"]) == 1

    certificate = await erased(api, contact.client_id)
    assert certificate["parts"][0]["removed"]["chat contacts"] == 2
    assert certificate["parts"][0]["removed"]["rows of files that wait"] == 1
    await all_answer(house, workspace, certificate["id"])
    after = await the_database(house)
    for canary in (*CANARIES, phone):
        assert canary not in after, canary_in(after, canary)
    assert (await api.get(f"{CLIENTS}/{contact.client_id}")).status_code == 404

    for topic in (topics.CLIENT, topics.CHAT_CONTACT):
        assert set((await house.published(topic, workspace)).values()) == {None}
    permission = (await house.published(topics.PERMISSION, workspace))[f"{contact.id}/switches"]
    assert isinstance(permission, PermissionStateV1)
    assert not permission.proactive

    await house.happened(*events)  # the topic is read again
    after = await the_database(house)
    assert "Xanthippe" not in after
    assert "canary@example.org" not in after
    owned = house.stores.imports.imports.database
    assert await owned["activities"].count_documents({"workspace_id": workspace}) == 0

    later = chat.writes("hello again", at=10**9)  # they write again: somebody new, and what was off is off
    await house.happened(later)
    again = await house.contact(later)
    assert (again.client_id, again.evidence, again.proactive, again.rev > contact.rev) == (None, (), False, True)
    told = (await house.published(topics.PERMISSION, workspace))[f"{contact.id}/switches"]
    assert isinstance(told, PermissionStateV1)
    assert (told.proactive, told.rev) == (False, again.switches_rev)


async def all_answer(house: House, workspace: str, erasure_id: str) -> None:
    """Have the other services answer, each twice, as a topic may bring it."""
    take = TakeErasureAnswers(house.stores.erasures)
    for service in ERASERS:
        answer = ErasureDoneV1(
            id=f"{erasure_id}/{service}",
            time=datetime.now(UTC) + timedelta(seconds=3),
            workspace_id=workspace,
            erasure_id=erasure_id,
            service=service,
            removed={"messages": 3},
        )
        await take([answer, answer])


def canary_in(text: str, canary: str) -> str:
    place = text.find(canary)
    return text[max(0, place - 300) : place + 100]


async def test_the_certificate_is_complete_when_every_service_has_answered(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace, name="Ann")
    await house.happened(chat.writes(), chat.gives(phone=a_phone()))
    contact = await house.contact(chat.writes())
    assert contact.client_id is not None
    certificate = await erased(api, contact.client_id)
    address = f"/api/identity/erasures/{certificate['id']}"
    assert not certificate["complete"]
    assert [part["done"] for part in certificate["parts"]] == [True, False, False, False]
    assert all(log["empty_after"] > certificate["at"] for log in certificate["logs"])

    (asked,) = await house.stores.erasures.collection.find({"_id": certificate["id"]}).to_list(1)
    assert asked["chats"], "whose chats they are is known until the last has answered"
    await all_answer(house, workspace, certificate["id"])
    done = (await api.get(address)).json()
    assert done["complete"]
    assert done["parts"][1]["removed"] == {"messages": 3}
    assert done["logs_empty_after"] >= done["parts"][1]["at"]
    assert contact.contact_id not in json.dumps(done)
    assert contact.contact_id not in await the_database(house)
    assert [one["id"] for one in (await api.get("/api/identity/erasures")).json()["items"]] == [certificate["id"]]


async def test_an_erasure_that_was_cut_off_goes_on(house: House, api: httpx.AsyncClient) -> None:
    made = (await api.post(CLIENTS, json={"name": "Ann", "email": "ann.cut@example.org"})).json()
    certificate = await erased(api, made["id"])
    row = house.stores.erasures.collection
    cut = {"swept": False, "values": ["ann.cut@example.org"], "open": True}
    await row.update_one({"_id": certificate["id"]}, {"$set": cut})
    upload = await api.post("/api/identity/imports", content=b"email\nann.cut@example.org\nbob@example.org\n")
    await ErasePerson(house.stores, house.outbox).go_on(timedelta(days=-1))
    assert (await api.get(f"/api/identity/erasures/{certificate['id']}")).json()["parts"][0]["done"]
    assert "ann.cut" not in await the_database(house)
    assert upload.json()["rows"] == 2


async def test_erasing_is_for_admins_in_their_own_workspace_and_asked_twice(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    made = (await api.post(CLIENTS, json={"name": "Ann"})).json()
    address = f"{CLIENTS}/{made['id']}"
    for role in ("agent", "marketer"):
        async with house.caller(workspace, role) as other:
            assert (await other.post(f"{address}/erase", json={})).status_code == 403
            assert (await other.get(f"{address}/data")).status_code == 403
            assert (await other.get("/api/identity/erasures")).status_code == 403
    async with house.caller(a_workspace()) as stranger:
        assert (await stranger.post(f"{address}/erase", json={})).status_code == 404
        assert (await stranger.get(f"{address}/data")).status_code == 404
    confirm = (await api.post(f"{address}/erase", json={})).json()["confirm"]
    tag = (await api.post("/api/identity/tags", json={"name": "vip"})).json()["id"]
    await api.put(f"{address}/tags", json={"tags": [tag]})
    assert (await api.post(f"{address}/erase", json={"confirm": confirm})).status_code == 409  # it changed meanwhile
    assert (await api.get(address)).status_code == 200
    certificate = await erased(api, made["id"])
    assert (await api.post(f"{address}/erase", json={})).status_code == 404
    async with house.caller(a_workspace()) as stranger:
        assert (await stranger.get(f"/api/identity/erasures/{certificate['id']}")).status_code == 404

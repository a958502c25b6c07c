"""The contacts API: many people in one call, each row by itself, the same call once however often it is made."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx
import pytest

from services.identity.domain.contact_row import read_row
from services.identity.domain.upserting import Outcome
from services.identity.usecases.answer_once import AnswerOnce
from services.identity.usecases.make_tag import MakeTag
from services.identity.usecases.read_catalog import ReadCatalog
from services.identity.usecases.upsert_contacts import Said, UpsertContacts
from shared.contracts import topics
from shared.contracts.people import ClientStateV1
from shared.storage.mongo import Session
from tests.identity.happenings import Chat, a_phone, a_workspace
from tests.identity.house import House, names

CONTACTS = "/api/identity/contacts"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def told(
    api: httpx.AsyncClient, *rows: dict[str, Any], on: str = "email", key: str | None = None
) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    answer = await api.post(CONTACTS, json={"dedupe_on": on, "contacts": rows}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def results(answer: dict[str, Any]) -> list[str]:
    return [row["result"] for row in answer["results"]]


async def shown(api: httpx.AsyncClient, id_: str) -> dict[str, Any]:
    answer = await api.get(f"/api/identity/clients/{id_}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_people_are_added_updated_and_refused_row_by_row(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    phone = a_phone()
    answer = await told(
        api,
        {"email": "Ann@Example.com", "name": "Ann", "tags": ["Newsletter", "newsletter"], "phone": phone},
        {"email": "no email", "name": "Bad"},
        {"name": "Without a key"},
        {"email": "ann@example.com", "surname": "Example", "language": "nb", "address": {"country": "no"}},
        {"email": "bo@example.com", "groups": ["no such group"]},
    )
    assert results(answer) == ["created", "refused", "refused", "updated", "refused"]
    assert [answer[name] for name in ("created", "updated", "unchanged", "refused")] == [1, 1, 0, 3]
    fields = [[wrong["field"] for wrong in row["errors"]] for row in answer["results"]]
    assert fields == [[], ["email"], ["email"], [], ["groups"]]
    (ann,) = await house.clients(workspace)
    assert ann.id == answer["results"][0]["id"] == answer["results"][3]["id"]
    whole = await shown(api, ann.id)
    assert (whole["name"], whole["surname"], whole["email"], whole["phone"], whole["email_verified"]) == (
        "Ann",
        "Example",
        "ann@example.com",
        phone,
        False,
    )
    assert names(whole["tags"]) == ["Newsletter"]
    assert ann.address is not None
    assert (ann.address.country, ann.address.source) == ("NO", "api")
    state = (await house.published(topics.CLIENT, workspace))[ann.id]
    assert isinstance(state, ClientStateV1)
    assert (state.surname, state.rev) == ("Example", 1)

    again = await told(api, {"email": "ann@example.com", "surname": "Example", "language": "nb"})
    assert (results(again), (await house.clients(workspace))[0].rev) == (["unchanged"], 1)


async def test_fields_and_categories_are_named_by_key_and_name(api: httpx.AsyncClient) -> None:
    field = await api.post("/api/identity/fields", json={"name": "Shoe size", "type": "number"})
    category = await api.post("/api/identity/categories", json={"name": "News"})
    assert (field.status_code, category.status_code) == (201, 201), (field.text, category.text)
    rows = [
        {"email": "ann@example.com", "fields": {field.json()["key"]: "42"}, "subscriptions": {"NEWS": False}},
        {"email": "ann@example.com", "fields": {field.json()["id"]: "large"}},
        {"email": "ann@example.com", "fields": {"none": 1}, "subscriptions": {"none": True}},
    ]
    answer = await told(api, *rows)
    assert results(answer) == ["created", "refused", "refused"]
    fields = [[wrong["field"] for wrong in row["errors"]] for row in answer["results"]]
    assert fields == [[], [f"fields.{field.json()['id']}"], ["fields.none", "subscriptions"]]
    ann = await shown(api, answer["results"][0]["id"])
    assert "42" in str(ann["fields"])


async def test_groups_and_segments_are_named_too_but_not_those_that_a_rule_fills(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    made = [await api.post(f"/api/identity/{kind}", json={"name": "Wholesale"}) for kind in ("groups", "segments")]
    rule = await api.post("/api/identity/segments", json={"name": "Big", "rule": {"search": "ann"}})
    assert [answer.status_code for answer in (*made, rule)] == [201, 201, 201], rule.text
    group, segment = (answer.json()["id"] for answer in made)
    answer = await told(
        api,
        {"email": "ann@example.com", "groups": ["WHOLESALE"], "segments": [segment]},
        {"email": "ann@example.com", "segments": ["Big"]},
        {"email": "ann@example.com", "remove_groups": [group]},
    )
    assert results(answer) == ["created", "refused", "updated"]
    assert answer["results"][1]["errors"][0]["field"] == "segments"
    (ann,) = await house.clients(workspace)
    assert (ann.groups, ann.segments) == ((), (segment,))


async def test_subscriptions_and_push_tokens_of_one_client(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    category = (await api.post("/api/identity/categories", json={"name": "News"})).json()["id"]
    ann = (await told(api, {"email": "ann@example.com"}))["results"][0]["id"]
    path = f"/api/identity/clients/{ann}"
    assert (await api.put(f"{path}/subscriptions", json={"subscriptions": {category: False}})).status_code == 200
    unknown = await api.put(f"{path}/subscriptions", json={"subscriptions": {category: True, "ct_none": True}})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "subscriptions.ct_none")
    tokens = [{"kind": "web", "token": f"t/{number}"} for number in range(5)]
    answers = await asyncio.gather(*(api.put(f"{path}/push-tokens", json=token) for token in tokens))
    assert {answer.status_code for answer in answers} == {200}
    for _ in range(2):
        assert (await api.delete(f"{path}/push-tokens", params={"token": "t/3"})).status_code == 200
    client = await house.stores.clients.get(workspace, ann)
    assert client is not None
    assert {token.token for token in client.push_tokens} == {"t/0", "t/1", "t/2", "t/4"}
    assert [(one.category_id, one.subscribed) for one in client.subscriptions] == [(category, False)]
    async with house.caller(a_workspace()) as others:
        assert (await others.put(f"{path}/push-tokens", json=tokens[0])).status_code == 404
        assert (await others.delete(f"{path}/push-tokens", params={"token": "t/1"})).status_code == 404
        assert (await others.put(f"{path}/subscriptions", json={"subscriptions": {category: True}})).status_code == 404


async def test_five_hundred_are_one_transaction_and_more_are_refused(house: House, workspace: str) -> None:
    async with house.caller(workspace) as api:
        rows = [{"contact_key": f"k{number}", "name": f"N {number}"} for number in range(501)]
        answer = await told(api, *rows[:500], on="contact_key")
        assert answer["created"] == 500
        assert await house.stores.clients.collection.count_documents({"workspace_id": workspace}) == 500
        refused = await api.post(CONTACTS, json={"dedupe_on": "contact_key", "contacts": rows})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "contacts")
        for body in ({"contacts": rows[:1]}, {"dedupe_on": "name", "contacts": rows[:1]}, {"dedupe_on": "email"}):
            assert (await api.post(CONTACTS, json=body)).status_code == 422


async def test_the_same_call_has_one_effect_and_one_answer_also_at_once(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    rows = [{"email": f"a{number}@example.com", "name": "Ann"} for number in range(20)] + [{"email": "bad"}]
    answers = await asyncio.gather(*(told(api, *rows, key="call-1") for _ in range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["created"], answers[0]["refused"]) == (20, 1)
    assert len(await house.clients(workspace)) == 20
    await told(api, {"email": "a1@example.com", "name": "Changed"})
    assert await told(api, *rows, key="call-1") == answers[0], "the answer is kept, not worked out again"
    assert {client.name for client in await house.clients(workspace)} == {"Ann", "Changed"}

    other = await api.post(
        CONTACTS, json={"dedupe_on": "email", "contacts": rows[:1]}, headers={"Idempotency-Key": "call-1"}
    )
    assert (other.status_code, other.json()["type"]) == (422, "urn:kith:problem:key-of-another-call")
    async with house.caller(a_workspace()) as others:
        assert (await told(others, *rows[:1], key="call-1"))["created"] == 1, "a key is its workspace's own"
    indexes = await house.stores.answers.collection.index_information()
    assert indexes["kept_a_day"]["expireAfterSeconds"] == 86_400


async def test_a_call_that_broke_off_goes_on_where_it_was(house: House, workspace: str) -> None:
    chats = [Chat(workspace), Chat(workspace)]
    await house.happened(*(chat.gives(email=f"claimed{number}@example.com") for number, chat in enumerate(chats)))
    rows = [read_row({"email": f"{name}@example.com"}) for name in ("new", "claimed0", "claimed1")]
    upsert = UpsertContacts(house.stores, house.outbox, ReadCatalog(house.stores, MakeTag(house.stores)))
    once, said = AnswerOnce(house.stores), Said(workspace, "email", "api")

    class CrashError(Exception):
        pass

    ledger = await once(workspace, "k", "call")
    assert ledger is not None
    note, calls = ledger.note, 0

    async def note_twice(outcomes: Sequence[Outcome], session: Session) -> None:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise CrashError
        await note(outcomes, session)

    ledger.note = note_twice  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(CrashError):
        await upsert(said, rows, ledger=ledger)
    assert len(await house.clients(workspace)) == 4, "two who claim, one new, one who was put off"
    outcomes = await upsert(said, rows, ledger=await once(workspace, "k", "call"))
    assert [one.result for one in outcomes] == ["created"] * 3
    assert len(await house.clients(workspace)) == 5


async def test_what_a_visitor_claimed_is_the_business_s_to_say_and_a_suggestion_waits(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace)
    await house.happened(chat.gives(email="ann@example.com"))
    (claimer,) = await house.clients(workspace)
    answer = await told(api, {"email": "ann@example.com", "name": "Ann of the shop"})
    (row,) = answer["results"]
    assert (row["result"], row["notes"][0]["field"]) == ("created", "email")
    assert row["id"] != claimer.id
    loser = await house.stores.clients.get(workspace, claimer.id)
    assert loser is not None
    assert (loser.shown("email"), loser.taken[0].by) == (None, row["id"])
    (suggestion,) = await house.suggestions(workspace)
    assert (suggestion["client_id"], suggestion["other_client_id"]) == (claimer.id, row["id"])

    await house.happened(chat.proves(phone := a_phone()))
    refused = await told(api, {"email": "ann@example.com", "phone": phone})
    assert (results(refused), refused["results"][0]["errors"][0]["field"]) == (["refused"], "phone")
    assert results(await told(api, {"phone": phone, "surname": "X"}, on="phone")) == ["updated"]


async def test_an_external_code_finds_the_chat_contact_s_client(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, stranger = Chat(workspace), Chat(workspace)
    event = chat.proves(a_phone())
    await house.happened(event, stranger.writes())
    for one, code in ((event, "c-1"), (stranger.writes(), "c-2")):
        contact = await house.contact(one)
        changed = await api.patch(f"/api/identity/chat-contacts/{contact.id}", json={"external_code": code})
        assert changed.status_code == 200
    answer = await told(
        api, *({"external_code": code, "surname": "X"} for code in ("c-1", "c-2", "c-3")), on="external_code"
    )
    assert results(answer) == ["updated", "refused", "refused"]
    assert answer["results"][0]["id"] == (await house.contact(event)).client_id


async def test_many_calls_about_the_same_people_at_once_make_each_once(house: House, workspace: str) -> None:
    async with house.caller(workspace) as api:
        answers = await asyncio.gather(
            *(
                told(
                    api,
                    *({"contact_key": f"k{number}", "tags": [f"call {call}"]} for number in range(10)),
                    on="contact_key",
                )
                for call in range(6)
            )
        )
    clients = await house.clients(workspace)
    assert (len(clients), sum(answer["created"] for answer in answers)) == (10, 10)
    assert all(len(client.tags) == 6 for client in clients), "nobody's row was lost"


async def test_two_workspaces_never_meet_and_who_may(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    await told(api, {"contact_key": "k1", "name": "Ann", "tags": ["VIP"]}, on="contact_key")
    tag = (await api.get("/api/identity/tags")).json()["items"][0]["id"]
    async with house.caller(a_workspace()) as others:
        answer = await told(others, {"contact_key": "k1", "name": "Other", "tags": [tag]}, on="contact_key")
        assert results(answer) == ["created"]
        assert (await others.get("/api/identity/tags")).json()["items"][0]["id"] != tag, "an id of others is a name"
    (ann,) = await house.clients(workspace)
    assert ann.name == "Ann"
    async with house.caller(workspace, "agent") as agent:
        body = {"dedupe_on": "email", "contacts": [{"email": "x@example.com"}]}
        assert (await agent.post(CONTACTS, json=body)).status_code == 403

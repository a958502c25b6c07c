"""The profile by API: read whole, made, edited, defined; two who edit at once; bad input changes nothing."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.identity.domain.definitions import CHOICES_KEPT
from services.identity.usecases.forget_deleted import ForgetDeleted
from shared.contracts import topics
from shared.contracts.chat import Attachment
from shared.contracts.people import ClientStateV1
from tests.identity.happenings import Chat, a_phone, a_workspace
from tests.identity.house import House

CLIENTS = "/api/identity/clients"
FIELDS = "/api/identity/fields"
CATEGORIES = "/api/identity/categories"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def ok(call: httpx.Response, status: int = 200) -> Any:
    assert call.status_code == status, call.text
    return call.json() if status != 204 else None


async def a_client(api: httpx.AsyncClient, **given: Any) -> dict[str, Any]:
    return await ok(await api.post(CLIENTS, json={"name": "Ann", **given}), 201)


async def a_field(api: httpx.AsyncClient, name: str, type_: str = "text", **more: Any) -> dict[str, Any]:
    return await ok(await api.post(FIELDS, json={"name": name, "type": type_, **more}), 201)


async def edit(api: httpx.AsyncClient, id_: str, status: int = 200, **given: Any) -> dict[str, Any]:
    return await ok(await api.patch(f"{CLIENTS}/{id_}", json=given), status)


def wrong(problem: dict[str, Any]) -> list[str]:
    return [error["field"] for error in problem["errors"]]


async def test_everything_of_a_profile_is_edited_and_read_whole(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    size = await a_field(api, "Shoe size", "number")
    color = await a_field(api, "Favourite", "one_of", choices=[{"label": "Red"}, {"label": "Blue"}])
    news = await ok(await api.post(CATEGORIES, json={"name": "News", "by_default": True}), 201)
    tag = await ok(await api.post("/api/identity/tags", json={"name": "VIP"}), 201)
    ann = await a_client(api, surname="Ünal", email="Ann@X.example", source="telegram")
    assert (ann["email"], ann["email_verified"], ann["rev"]) == ("ann@x.example", False, 1)
    assert ann["subscriptions"] == [{"category_id": news["id"], "name": "News", "subscribed": True, "chosen_at": None}]

    given: dict[str, Any] = {
        "name": "محمد",
        "surname": "王 🦊",
        "phone": "+47 912 34 567",
        "contact_key": "k-1",
        "language": "nb",
        "time_zone": "Europe/Oslo",
        "address": {"country": "no", "city": "Oslo", "street": "Karl Johans gate 1", "postcode": "0154"},
        "location": {"latitude": 59.91, "longitude": 10.75},
        "tags": [tag["id"]],
        "fields": {"shoe_size": 42, color["id"]: "Blue"},
        "subscriptions": {news["id"]: False},
        "applications": [{"id": "app-1", "name": "Shop", "devices": [{"id": "d1", "platform": "iOS"}]}],
        "push_tokens": [{"kind": "web", "token": "t1", "label": "Firefox"}, {"kind": "mobile", "token": "t2"}],
    }
    done = await edit(api, ann["id"], rev=1, **given)
    assert done == await ok(await api.get(f"{CLIENTS}/{ann['id']}"))
    assert (done["name"], done["surname"], done["phone"], done["rev"]) == ("محمد", "王 🦊", "+4791234567", 2)
    assert (done["contact_key"], done["language"], done["time_zone"]) == ("k-1", "nb", "Europe/Oslo")
    assert (done["address"]["country"], done["address"]["region"]) == ("NO", None)
    assert (done["address"]["source"], done["location"]["source"]) == ("by_hand", "by_hand")
    assert done["location"]["at"]
    shown = [(one["key"], one["value"], one["shown"]) for one in done["fields"]]
    assert shown == [("shoe_size", 42.0, "42"), ("favourite", color["choices"][1]["id"], "Blue")]
    assert [one["subscribed"] for one in done["subscriptions"]] == [False]
    assert done["applications"][0]["devices"][0]["platform"] == "iOS"
    assert [one["kind"] for one in done["push_tokens"]] == ["web", "mobile"]
    state = (await house.published(topics.CLIENT, workspace))[ann["id"]]
    assert isinstance(state, ClientStateV1)
    assert (state.rev, state.fields[size["id"]], state.subscriptions[0].subscribed) == (2, 42.0, False)

    again = await edit(api, ann["id"], **given)
    assert again["rev"] == 2, "nothing changed"
    cleared = await edit(api, ann["id"], email=None, surname=None, address=None, fields={"favourite": None})
    assert (cleared["email"], cleared["surname"], cleared["address"]) == (None, None, None)
    assert [one["key"] for one in cleared["fields"]] == ["shoe_size"]
    found = await ok(await api.get(CLIENTS, params={"search": "ann@x"}))
    assert found["items"] == [], "what was let go of finds nobody"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"surname": "a\x00b"}, "surname"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"language": "no such thing"}, "language"),
        ({"address": {"country": "ZZ"}}, "address.country"),
        ({"address": {"planet": "Mars"}}, "address.planet"),
        ({"location": {"latitude": 91, "longitude": 0}}, "location.latitude"),
        ({"location": {"latitude": 1, "longitude": None}}, "location.longitude"),
        ({"tags": ["tg_none"]}, "tags"),
        ({"tags": None}, "tags"),
        ({"groups": ["gr_none"]}, "groups"),
        ({"segments": ["sg_none"]}, "segments"),
        ({"fields": {"none": 1}}, "fields.none"),
        ({"fields": {"size": "many"}}, "fields.size"),
        ({"subscriptions": {"sc_none": True}}, "subscriptions.sc_none"),
        ({"registered": True}, "registered"),
        ({"rev": "x"}, "rev"),
    ],
)
async def test_bad_input_is_named_and_changes_nothing(
    api: httpx.AsyncClient, given: dict[str, Any], field: str
) -> None:
    await a_field(api, "Size", "number")
    ann = await a_client(api)
    problem = await edit(api, ann["id"], 422, **{"language": "de"} | given)
    assert wrong(problem) == [field]
    assert await ok(await api.get(f"{CLIENTS}/{ann['id']}")) == ann
    if "name" not in given and "rev" not in given:
        problem = await ok(await api.post(CLIENTS, json={"name": "Bo", **given}), 422)
        assert wrong(problem) == [field]


async def test_the_second_of_two_is_told_and_sees_both(api: httpx.AsyncClient) -> None:
    ann = await a_client(api)
    await edit(api, ann["id"], rev=1, surname="First")
    problem = await edit(api, ann["id"], 409, rev=1, surname="Second", email="a@x.example")
    assert problem["type"].endswith(":changed-meanwhile")
    assert (problem["current"]["surname"], problem["current"]["rev"]) == ("First", 2)
    assert problem["yours"] == {"rev": 1, "surname": "Second", "email": "a@x.example"}
    call = await api.patch(f"{CLIENTS}/{ann['id']}", json={"surname": "S"}, headers={"If-Match": '"1"'})
    assert (await ok(call, 409))["current"]["surname"] == "First"
    call = await api.patch(f"{CLIENTS}/{ann['id']}", json={"surname": "Second"}, headers={"If-Match": 'W/"2"'})
    assert (await ok(call))["surname"] == "Second"

    answers = await asyncio.gather(*(api.patch(f"{CLIENTS}/{ann['id']}", json={"name": str(n)}) for n in range(8)))
    assert {answer.status_code for answer in answers} == {200}, "without a rev each is applied to what stands there"
    assert (await ok(await api.get(f"{CLIENTS}/{ann['id']}")))["rev"] == 11


async def test_what_somebody_else_proved_or_has_is_refused_at_its_field(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, phone = Chat(workspace), a_phone()
    await house.happened(chat.writes("hi"), chat.proves(phone))
    [proved] = await house.clients(workspace)
    ann = await a_client(api, contact_key="k-1")
    for call in (
        api.patch(f"{CLIENTS}/{ann['id']}", json={"phone": phone, "surname": "X"}),
        api.post(CLIENTS, json={"name": "Bo", "phone": phone}),
    ):
        problem = await ok(await call, 409)
        assert (problem["type"], wrong(problem)) == ("urn:kith:problem:held-by-another", ["phone"])
        assert problem["client_id"] == proved.id
    problem = await edit(api, proved.id, 409, contact_key="k-1")
    assert (problem["type"], wrong(problem)) == ("urn:kith:problem:contact-key-taken", ["contact_key"])
    assert (await ok(await api.get(f"{CLIENTS}/{ann['id']}")))["rev"] == 1
    same = await edit(api, proved.id, phone=phone)
    assert same["phone_verified"], "it says what stands"

    answers = await asyncio.gather(*(api.post(CLIENTS, json={"name": "C", "contact_key": "k-2"}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_proved_phone_that_was_replaced_still_leads_to_its_client(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat, phone, other = Chat(workspace), a_phone(), a_phone()
    await house.happened(chat.writes("hi"), chat.proves(phone))
    [client] = await house.clients(workspace)
    done = await edit(api, client.id, phone=other)
    assert (done["phone"], done["phone_verified"]) == (other, False)
    assert [(claim["value"], claim["strength"]) for claim in done["claims"]] == [(phone, "verified")]
    elsewhere = Chat(workspace)
    await house.happened(elsewhere.writes("me again"), elsewhere.proves(phone))
    [still] = await house.clients(workspace)
    assert len(still.chat_contact_ids) == 2
    assert (await ok(await api.get(f"{CLIENTS}/{client.id}")))["phone"] == other


async def test_fields_are_defined_ordered_and_deleted_with_what_they_held(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    size = await a_field(api, "Shoe size", "number")
    hobby = await a_field(api, "Hobbies", "several_of", choices=[{"label": "Chess"}, {"label": "Go"}])
    assert [size["key"], hobby["key"]] == ["shoe_size", "hobbies"]
    _, go = hobby["choices"]
    ann = await a_client(api, fields={"shoe_size": "42.5", "hobbies": ["go", "chess"]})
    assert [one["shown"] for one in ann["fields"]] == ["42.5", "Chess, Go"]

    body = {"name": "Games", "choices": [{"id": go["id"], "label": "Weiqi"}, {"label": "Shogi"}], "rev": hobby["rev"]}
    changed = await ok(await api.patch(f"{FIELDS}/{hobby['id']}", json=body))
    assert [one["label"] for one in changed["choices"]] == ["Weiqi", "Shogi"]
    assert changed["choices"][0]["id"] == go["id"]
    assert (await ok(await api.patch(f"{FIELDS}/{hobby['id']}", json=body), 409))["current"] == changed
    order = [hobby["id"], size["id"]]
    listed = await ok(await api.put(f"{FIELDS}/order", json={"ids": order}))
    assert [one["id"] for one in listed["items"]] == order
    shown = (await ok(await api.get(f"{CLIENTS}/{ann['id']}")))["fields"]
    assert [(one["name"], one["shown"]) for one in shown] == [("Games", "Weiqi"), ("Shoe size", "42.5")]
    assert (await ok(await api.patch(f"{FIELDS}/{size['id']}", json={"retired": True})))["retired"] is True

    await ok(await api.delete(f"{FIELDS}/{size['id']}"), 204)
    await ok(await api.delete(f"{FIELDS}/{size['id']}"), 404)
    assert [one["id"] for one in (await ok(await api.get(FIELDS)))["items"]] == [hobby["id"]]
    assert [one["name"] for one in (await ok(await api.get(f"{CLIENTS}/{ann['id']}")))["fields"]] == ["Games"]
    assert (await a_field(api, "Shoe size", "text"))["key"] == "shoe_size", "key and name are free again"
    await ForgetDeleted(house.stores, house.outbox).forget()
    state = (await house.published(topics.CLIENT, workspace))[ann["id"]]
    assert isinstance(state, ClientStateV1)
    assert set(state.fields) == {hobby["id"]}
    assert state.rev == ann["rev"] + 1
    assert await ForgetDeleted(house.stores, house.outbox).forget() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "type": "text"}, "name"),
        ({"name": "x" * 101, "type": "text"}, "name"),
        ({"name": "X", "type": "colour"}, "type"),
        ({"name": "X", "type": "text", "key": "Has Space"}, "key"),
        ({"name": "X", "type": "text", "choices": [{"label": "A"}]}, "choices"),
        ({"name": "X", "type": "one_of"}, "choices"),
        ({"name": "X", "type": "one_of", "choices": [{"label": "A"}, {"label": "a"}]}, "choices.1.label"),
        ({"name": "X", "type": "one_of", "choices": [{"id": "ch_1", "label": "A"}]}, "choices.0.id"),
        ({"name": "X", "type": "one_of", "choices": [{"label": "A"}] * (CHOICES_KEPT + 1)}, "choices"),
        ({"name": "X", "type": "text", "more": 1}, "more"),
    ],
)
async def test_a_definition_that_cannot_be_is_named(api: httpx.AsyncClient, body: dict[str, Any], field: str) -> None:
    assert wrong(await ok(await api.post(FIELDS, json=body), 422)) == [field]
    assert (await ok(await api.get(FIELDS)))["total"] == 0


async def test_keys_and_names_are_there_once(api: httpx.AsyncClient) -> None:
    first = await a_field(api, "Größe")
    assert wrong(await ok(await api.post(FIELDS, json={"name": "grosse", "type": "text"}), 409)) in (["name"], ["key"])
    taken = await ok(await api.post(FIELDS, json={"name": "Y", "type": "text", "key": first["key"]}), 409)
    assert wrong(taken) == ["key"]
    second = await a_field(api, "Größe!")
    assert second["key"] == f"{first['key']}_2", "a key of one's own is found"
    assert wrong(await ok(await api.patch(f"{FIELDS}/{second['id']}", json={"name": "GRÖSSE"}), 409)) == ["name"]
    assert wrong(await ok(await api.put(f"{FIELDS}/order", json={"ids": [first["id"]]}), 422)) == ["ids"]


async def test_categories_are_defined_and_deleted_with_what_was_chosen(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    news = await ok(await api.post(CATEGORIES, json={"name": "News", "description": "Once a month."}), 201)
    offers = await ok(await api.post(CATEGORIES, json={"name": "Offers", "by_default": True}), 201)
    ann = await a_client(api, subscriptions={news["id"]: True})
    assert [one["subscribed"] for one in ann["subscriptions"]] == [True, True]
    assert [bool(one["chosen_at"]) for one in ann["subscriptions"]] == [True, False]
    body = {"name": "Sales", "by_default": False, "rev": offers["rev"]}
    assert (await ok(await api.patch(f"{CATEGORIES}/{offers['id']}", json=body)))["name"] == "Sales"
    assert (await ok(await api.patch(f"{CATEGORIES}/{offers['id']}", json=body), 409))["current"]["name"] == "Sales"
    assert wrong(await ok(await api.post(CATEGORIES, json={"name": "  news "}), 409)) == ["name"]
    await ok(await api.delete(f"{CATEGORIES}/{news['id']}"), 204)
    await ForgetDeleted(house.stores, house.outbox).forget()
    state = (await house.published(topics.CLIENT, workspace))[ann["id"]]
    assert isinstance(state, ClientStateV1)
    assert state.subscriptions == ()
    shown = (await ok(await api.get(f"{CLIENTS}/{ann['id']}")))["subscriptions"]
    assert [(one["name"], one["subscribed"]) for one in shown] == [("Sales", False)]


async def test_who_may_what_and_that_nothing_crosses(house: House, api: httpx.AsyncClient) -> None:
    field = await a_field(api, "Size")
    news = await ok(await api.post(CATEGORIES, json={"name": "News"}), 201)
    ann = await a_client(api)
    there = [f"{FIELDS}/{field['id']}", f"{CATEGORIES}/{news['id']}", f"{CLIENTS}/{ann['id']}"]
    async with house.caller(a_workspace()) as stranger:
        for path in there:
            assert (await stranger.patch(path, json={"name": "Mine"})).status_code == 404
        for path in there[:2]:
            assert (await stranger.delete(path)).status_code == 404
        assert (await stranger.get(there[2])).status_code == 404
        for path in (FIELDS, CATEGORIES):
            assert (await ok(await stranger.get(path)))["items"] == []
        bo = await a_client(stranger)
        assert wrong(await edit(stranger, bo["id"], 422, fields={field["id"]: "x"})) == [f"fields.{field['id']}"]
        await edit(stranger, bo["id"], 422, subscriptions={news["id"]: True})
    workspace = api.headers["Authorization"].removeprefix("Bearer ").partition(":")[0]
    async with house.caller(workspace, "marketer") as marketer, house.caller(workspace, "agent") as agent:
        assert (await marketer.get(FIELDS)).status_code == 200
        assert (await agent.get(CATEGORIES)).status_code == 200
        for path, body in ((FIELDS, {"name": "X", "type": "text"}), (CATEGORIES, {"name": "X"})):
            assert (await marketer.post(path, json=body)).status_code == 403
        assert (await marketer.delete(there[0])).status_code == 403
        assert (await edit(marketer, ann["id"], surname="Y"))["surname"] == "Y"
        assert (await agent.patch(there[2], json={"surname": "Z"})).status_code == 403


async def test_a_place_that_somebody_shares_is_shown_with_its_date(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    def here(place: str) -> tuple[Attachment, ...]:
        return (Attachment(kind="location", ref=place, label=f"Location: {place}"),)

    chat = Chat(workspace)
    await house.happened(chat.writes("", attachments=here("1.00000, 2.00000")))
    await house.happened(chat.proves(a_phone()))
    [client] = await house.clients(workspace)
    assert client.location is None, "what a visitor shared is not looked up later"
    newer = chat.writes("", 20, message="3", attachments=here("59.91390, -10.75220"))
    await house.happened(newer, chat.writes("", 10, message="2", attachments=here("3.0, 4.0")))
    await house.happened(newer)
    shown = await ok(await api.get(f"{CLIENTS}/{client.id}"))
    assert (shown["location"]["latitude"], shown["location"]["longitude"]) == (59.9139, -10.7522)
    assert (shown["location"]["source"], shown["rev"]) == ("shared", client.rev + 1)
    assert datetime.fromisoformat(shown["location"]["at"]) == newer.time
    await house.happened(chat.writes("", 30, message="4", attachments=here("91.0, 4.0")))
    assert (await ok(await api.get(f"{CLIENTS}/{client.id}")))["rev"] == shown["rev"]
    by_hand = await edit(api, client.id, location={"city": "Oslo"})
    assert (by_hand["location"]["city"], by_hand["location"]["source"]) == ("Oslo", "by_hand")

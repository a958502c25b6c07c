"""Bad input gets a clear answer and changes nothing."""

import json
from typing import Any

import pytest

from tests.e2e.kith import Kith, until
from tests.e2e.telegram import a_message


@pytest.mark.parametrize("secret", ["", "wrong", "é"])
async def test_a_wrong_secret_is_401_counted_and_nothing_is_published(kith: Kith, somebody: int, secret: str) -> None:
    name = 'kith_refused_total{channel="telegram",reason="not-genuine"}'
    before = (await kith.metrics("ingest")).get(name, 0.0)

    status, problem = await kith.hook_answer(a_message(somebody), secret=secret)

    assert status == 401
    assert "secret" in problem["detail"]
    assert problem["request_id"]
    assert (await kith.metrics("ingest"))[name] == before + 1
    assert await kith.contact(somebody) is None


async def test_a_body_over_the_limit_is_413(kith: Kith, somebody: int) -> None:
    assert await kith.hook(a_message(somebody, "x" * 300_000)) == 413


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"not json", "body"),
        (b"[]", "body"),
        (b'{"message": {}}', "update_id"),
        (b'{"update_id": 1, "message": {"message_id": 1, "date": 1}}', "message.chat"),
    ],
)
async def test_json_that_is_not_telegrams_is_400_naming_the_field(kith: Kith, body: bytes, field: str) -> None:
    status, problem = await kith.hook_answer(body)
    assert status == 400
    assert problem["errors"][0]["field"] == field


async def test_foreign_ids_are_404(kith: Kith) -> None:
    for path in (
        "/api/identity/clients/cl_000000000000000000000000",
        "/api/identity/chat-contacts/cc_000000000000000000000000",
        "/api/ingest/conversations/cc_000000000000000000000000/steps",
        "/api/ingest/connections/con_0000000000",
    ):
        status, problem = await kith.get(path)
        assert (status, problem["type"]) == (404, "urn:kith:problem:not-found"), path
    assert await kith.hook(b"{}", bot={"id": "con_0000000000", "secret": "x"}) == 404


@pytest.mark.parametrize(
    "query",
    [{"name": "Ann"}, {"registered": "true"}, {"sort": "name"}, {"tag": "vip"}, {"language": "en"}],
)
async def test_without_contacts_refuses_what_its_page_does_not_offer(kith: Kith, query: dict[str, str]) -> None:
    status, problem = await kith.get("/api/identity/chat-contacts", profile="none", **query)
    assert status == 422
    assert problem["errors"][0]["field"] == next(iter(query))


async def test_without_contacts_searches_by_chat_id_alone(kith: Kith, somebody: int) -> None:
    await kith.hook(a_message(somebody, name="Findable"))
    _, found = await kith.get("/api/identity/chat-contacts", profile="none", search="Findable")
    assert found["items"] == []


async def test_a_contact_id_never_changes(kith: Kith, somebody: int) -> None:
    await kith.say(somebody, {"text": "hi", "person": {"first_name": "Ann"}})
    contact = None
    while contact is None:
        contact = await kith.contact(somebody)
    status, problem = await kith.call("PATCH", f"/api/identity/chat-contacts/{contact['id']}", body={"contact_id": "9"})
    assert status == 422
    assert problem["errors"][0]["field"] == "contact_id"


SCENARIO: dict[str, Any] = {"name": "S", "start": "a", "steps": {"a": {"do": "end"}}}


@pytest.mark.parametrize(
    ("steps", "place", "words"),
    [
        (
            {"a": {"do": "say", "text": "1", "next": "b"}, "b": {"do": "say", "text": "2", "next": "a"}},
            "steps.b.next",
            "loops without asking",
        ),
        ({"a": {"do": "say", "text": "1", "next": "nowhere"}}, "steps.a.next", "there is no step"),
        ({"a": {"do": "ask", "for": "phone", "next": "a"}}, "steps.a.ask.text", ""),
    ],
)
async def test_a_faulty_scenario_is_an_error_at_its_place(
    kith: Kith, steps: dict[str, Any], place: str, words: str
) -> None:
    status, verdict = await kith.call(
        "POST", "/api/ingest/scenarios/check", body={"scenario": {**SCENARIO, "steps": steps}}
    )
    assert status == 200
    assert not verdict["ok"]
    fault = verdict["errors"][0]
    assert fault["field"].replace(".ask", "") == place.replace(".ask", "")
    assert words in fault["message"]
    status, problem = await kith.call(
        "PATCH",
        f"/api/ingest/connections/{kith.bot['id']}",
        body={"scenario": {**SCENARIO, "steps": steps}},
    )
    assert status == 422
    assert problem["errors"][0]["field"].startswith("scenario.steps")


async def test_without_a_token_or_with_a_wrong_one_nothing_is_shown(kith: Kith) -> None:
    for key in ("nonsense", "kith_0000_0000", "a.b.c"):
        status, problem = await kith.get("/api/identity/clients", key=key)
        assert status == 401, json.dumps(problem)


async def test_a_key_without_the_scope_is_refused(kith: Kith) -> None:
    status, made = await kith.call(
        "POST", "/api/console/api-keys", body={"name": "reads connections", "scopes": ["connections:read"]}
    )
    assert status == 201, made

    async def refused() -> dict[str, Any] | None:
        status, problem = await kith.get("/api/identity/clients", key=made["key"])
        return problem if status == 403 else None  # for a moment identity does not know the key at all

    problem = await until(refused)
    assert "people:read" in problem["detail"]

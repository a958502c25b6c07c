"""What callers are told: problems with fields, cursors that nobody else wrote, a page that escapes."""

import base64
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import bson
import httpx
import pytest
from aiokafka.errors import KafkaTimeoutError
from fastapi import APIRouter, FastAPI, Query
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field
from pymongo.errors import AutoReconnect, ExecutionTimeout, OperationFailure

from shared.messaging.publisher import BrokerAwayError
from shared.storage.transactions import StaleError
from shared.web.access import AccessBook, ReadsPeople
from shared.web.app import make_app
from shared.web.cursors import read_cursor, write_cursor
from shared.web.docs_page import docs_page
from shared.web.health import Health
from shared.web.problems import ProblemError, not_found
from tests.shared.logbook import a_logbook

CANARY = "canary@example.com"
ERRORS: dict[str, Exception] = {
    "not-found": not_found("client"),
    "broker": BrokerAwayError(CANARY),
    "kafka": KafkaTimeoutError(CANARY),
    "mongo": AutoReconnect(CANARY),
    "stale": StaleError(CANARY),
    "slow": ExecutionTimeout(CANARY),
    "refused": OperationFailure(CANARY, 2),
    "bug": ValueError(CANARY),
}


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")
    body: int
    names: list[Annotated[str, Field(max_length=3)]] = Field(default_factory=list[str])


def an_app() -> FastAPI:
    routes = APIRouter()

    @routes.get("/fails/{how}")
    async def fails(how: str) -> None:
        raise ERRORS[how]

    @routes.post("/things")
    async def things(thing: Body, limit: Annotated[int, Query(le=10)] = 1) -> dict[str, Any]:
        return {"thing": thing.body, "limit": limit}

    @routes.get("/people")
    async def people(who: ReadsPeople) -> str:
        return who.id

    @asynccontextmanager
    async def lifespan(_app: FastAPI):  # noqa: ANN202
        yield

    return make_app(
        service="ingest", title="<script>", summary="x", routers=[routes], lifespan=lifespan, health=Health(),
        access=AccessBook(),
    )  # fmt: skip


@pytest.fixture
def ask() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(an_app()), base_url="http://kith")


@pytest.mark.parametrize(
    ("how", "status", "slug"),
    [
        ("not-found", 404, "not-found"),
        ("broker", 503, "away"),
        ("kafka", 503, "away"),
        ("mongo", 503, "away"),
        ("stale", 503, "changed-meanwhile"),
        ("slow", 503, "took-too-long"),
        ("refused", 500, "ours"),
        ("bug", 500, "ours"),
    ],
)
async def test_every_error_is_a_problem_that_repeats_nothing(
    ask: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, how: str, status: int, slug: str
) -> None:
    with a_logbook(monkeypatch, "shared.web.problems", "shared.web.request_id") as written:
        answer = await ask.get(f"/api/ingest/fails/{how}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == (f"urn:kith:problem:{slug}", status)
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert CANARY not in answer.text + written.getvalue()
    if status == 500:
        assert [line["request_id"] for line in written.lines] == [problem["request_id"]]


@pytest.mark.parametrize(
    ("content", "query", "fields"),
    [
        ('{"body": 1}', {"limit": 11}, {"limit"}),
        ('{"body": "x"}', {}, {"body"}),
        ("{}", {}, {"body"}),
        ('{"body": 1, "colour": "canary@example.com"}', {}, {"colour"}),
        ('{"body": 1, "names": ["a", "four"]}', {"limit": "many"}, {"names.1", "limit"}),
        ('{"body": ', {}, {"body"}),
        ("", {}, {"body"}),
        ("[]", {}, {"body"}),
    ],
)
async def test_bad_input_is_told_by_its_fields(
    ask: httpx.AsyncClient, content: str, query: dict[str, Any], fields: set[str]
) -> None:
    headers = {"content-type": "application/json"}
    answer = await ask.post("/api/ingest/things", content=content, params=query, headers=headers)
    assert answer.status_code == 422
    problem = answer.json()
    assert {error["field"] for error in problem["errors"]} == fields
    assert all(error["message"] for error in problem["errors"])
    assert CANARY not in answer.text


async def test_addresses_and_methods_that_are_not_there(ask: httpx.AsyncClient) -> None:
    for answer, status in ((await ask.get("/nowhere"), 404), (await ask.delete("/api/ingest/things"), 405)):
        assert answer.status_code == status
        assert answer.json()["request_id"].startswith("r_")


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer ", "Bearer x"])
async def test_without_a_credential_it_is_401_and_says_how(ask: httpx.AsyncClient, header: str | None) -> None:
    answer = await ask.get("/api/ingest/people", headers={"authorization": header} if header is not None else {})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"]


def _anything_as_cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_cursor_gives_back_what_was_written() -> None:
    at = datetime(2026, 1, 1, 12, 0, 0, 123000, tzinfo=UTC)
    assert read_cursor(write_cursor(at, "id/ü", 7), datetime, str, int) == [at, "id/ü", 7]


@given(st.text() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["\ud800", 2**63, 10**40])
    | st.fixed_dictionaries({"t": st.sampled_from(["0001-01-01T00:00:00+14:00", "2026-01-01", "x", 5])}),
    st.lists, max_leaves=4,
).map(_anything_as_cursor))  # fmt: skip
def test_any_other_cursor_is_a_problem_or_can_be_asked_for(cursor: str) -> None:
    try:
        values = read_cursor(cursor, datetime, str) if len(cursor) % 2 else read_cursor(cursor, int)
    except ProblemError as problem:
        assert (problem.status, problem.errors[0].field) == (422, "cursor")  # noqa: PT017 - either outcome is right
        return
    assert bson.encode({"values": values})


async def test_the_docs_page_escapes_everything(ask: httpx.AsyncClient) -> None:
    page = (await ask.get("/api/ingest/docs")).text
    assert "<h1>Kith &lt;script&gt;</h1>" in page
    assert "conversation.v1" in page

    evil = "<img src=x onerror=alert(1)>\"'"
    schema = {"description": evil, "properties": {evil: {"description": evil, "enum": [evil]}}}
    shape = {"$ref": f"#/{evil}".replace("/>", ">")}
    operation = {
        "summary": evil,
        "description": evil,
        "parameters": [{"name": evil, "in": evil, "description": evil}],
        "requestBody": shape,
        "responses": {"200": shape},
    }
    openapi = {
        "info": {"title": evil, "summary": evil},
        "paths": {evil: {"get": operation}},
        "components": {"schemas": {evil: schema}},
    }
    asyncapi = {
        "operations": {f"send.{evil}": {"action": evil}},
        "channels": {evil: {"description": evil, "messages": {"m": {"name": evil, "summary": evil}}}},
    }
    assert "<img" not in docs_page(openapi, asyncapi)

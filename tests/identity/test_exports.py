"""Clients as a file: of any filter, safe against formulas, back in through an import, and never another workspace's."""

import csv
import io
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from tests.identity.happenings import a_workspace
from tests.identity.house import House

CLIENTS, TAGS = "/api/identity/clients", "/api/identity/tags"
CSV, NDJSON = "/api/identity/clients.csv", "/api/identity/clients.ndjson"
BOM = "\ufeff"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


async def made(api: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    answer = await api.post(CLIENTS, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def table(api: httpx.AsyncClient, **asked: Any) -> list[dict[str, str]]:
    answer = await api.get(CSV, params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix(BOM))))


async def test_a_filter_becomes_a_file_that_runs_nothing(api: httpx.AsyncClient) -> None:
    vip = (await api.post(TAGS, json={"name": "vip; very"})).json()["id"]
    ann = await made(api, name="=HYPERLINK(1)", email="ann@example.org", phone="+4791234567", source="telegram")
    await made(api, name="Bob", contact_key="K-1")
    await api.put(f"{CLIENTS}/{ann['id']}/tags", json={"tags": [vip]})

    (row,) = await table(api, tag=vip)
    assert (row["name"], row["phone"], row["tags"]) == ("'=HYPERLINK(1)", "'+4791234567", "vip; very")
    assert (row["source"], row["registered"], row["created_at"][-1]) == ("telegram", "no", "Z")
    assert [row["name"] for row in await table(api, search="bob")] == ["Bob"]
    assert await table(api, id=[ann["id"], "cl_none"], column=["id", "email"]) == [
        {"id": ann["id"], "email": "ann@example.org"}
    ]
    assert (await api.get(CSV)).text.startswith(BOM)
    assert not (await api.get(CSV, params={"bom": False})).text.startswith(BOM)
    lines = (await api.get(NDJSON, params={"column": ["name", "tags"]})).text.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"name": "Bob", "tags": []},
        {"name": "=HYPERLINK(1)", "tags": ["vip; very"]},
    ]
    assert (await api.get(CSV, params={"column": "password"})).status_code == 422


async def test_more_than_a_chunk_is_written_whole_and_once(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    first = await made(api, name="P")
    document = await house.stores.clients.collection.find_one({"_id": first["id"]})
    assert document is not None
    copies = [{**document, "_id": f"cl_{workspace}_{n:05}"} for n in range(2_499)]
    await house.stores.clients.collection.insert_many(copies)
    rows = await table(api, column="id")
    assert len(rows) == len({row["id"] for row in rows}) == 2_500


async def test_what_was_exported_can_be_uploaded_again(api: httpx.AsyncClient) -> None:
    await made(api, name="-Zoë", email="zoe@example.org", phone="+4791234567", contact_key="K-1")
    content = (await api.get(CSV)).content
    one = (await api.post("/api/identity/imports", content=content)).json()
    suggested = {column["name"]: column["suggested"] for column in one["columns"]}
    assert {name: suggested[name] for name in ("name", "email", "phone", "contact_key", "tags", "city")} == {
        name: name for name in ("name", "email", "phone", "contact_key", "tags", "city")
    }
    assert next(column["samples"] for column in one["columns"] if column["name"] == "name") == ["-Zoë"]


async def test_files_are_of_ones_own_workspace_and_not_for_agents(house: House, api: httpx.AsyncClient) -> None:
    ann = await made(api, name="Ann")
    async with house.caller(a_workspace()) as stranger:
        assert await table(stranger) == []
        assert await table(stranger, id=ann["id"]) == []
    async with house.caller("ws_any", "agent") as agent:
        assert (await agent.get(CSV)).status_code == 403
    async with house.caller("ws_any", "marketer") as marketer:
        assert (await marketer.get(CSV)).status_code == 200

"""Two workspaces against every operation of the API, as its own document lists them: nothing crosses."""

from typing import Any

from shared.storage.mongo import Document
from tests.identity.happenings import Chat, a_phone
from tests.identity.house import House

API = "/api/identity"
SECRET = "Zanzibar"
METHODS = ("get", "post", "put", "patch", "delete")


async def theirs(house: House, workspace: str) -> dict[str, str]:
    """Fill a workspace with one of everything, and return an id of each kind."""
    owner, friend, phone = Chat(workspace, name=SECRET), Chat(workspace, name=f"{SECRET} friend"), a_phone()
    for event in (owner.proves(phone), friend.gives(phone=phone)):
        await house.happened(event)
    async with house.caller(workspace) as api:

        async def made(address: str, **body: Any) -> dict[str, Any]:
            answer = await api.post(f"{API}{address}", json=body)
            assert answer.status_code in {200, 201}, answer.text
            return answer.json()

        one, two = [(await made("/clients", name=f"{SECRET} {number}"))["id"] for number in range(2)]
        merge = await made(f"/clients/{one}/merges", other=two)
        suggestion = (await api.get(f"{API}/suggestions")).json()["items"][0]
        refusal = await made("/refusals", email=f"{SECRET.lower()}@example.com", reason=SECRET)
        found = {
            "clients": suggestion["client"]["id"],
            "merges": merge["id"],
            "suggestions": suggestion["id"],
            "refusals": refusal["id"],
            "chat-contacts": owner.writes().chat_contact_id,
            "tags": (await made("/tags", name=SECRET))["id"],
        }
        for kind in ("groups", "segments"):
            answer = await api.post(f"{API}/{kind}", json={"name": SECRET})
            if answer.status_code == 201:
                found[kind] = answer.json()["id"]
    return found


async def everything(house: House, workspace: str) -> dict[str, list[Document]]:
    database = house.stores.clients.collection.database
    names = sorted(await database.list_collection_names())
    return {
        name: await database[name].find({"workspace_id": workspace}).sort("_id", 1).to_list(None)
        for name in names
        if name != "outbox"
    }


def a_body(schema: dict[str, Any], document: dict[str, Any], ids: dict[str, str]) -> Any:  # noqa: PLR0911 - one for each type
    """Make the least that a schema asks for; what names somebody names the other workspace's."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "default" in schema or "const" in schema:
        return schema.get("const", schema.get("default"))
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return a_body(schema[several][0], document, ids)
    match schema.get("type"):
        case "object":
            parts = schema.get("properties", {})
            named = {name: _named(name, ids) for name in parts if _named(name, ids) is not None}
            return {name: a_body(parts[name], document, ids) for name in schema.get("required", [])} | named
        case "array":
            return [a_body(schema["items"], document, ids)] if schema.get("minItems") else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            return "x"


def _named(name: str, ids: dict[str, str]) -> Any:
    match name:
        case "other" | "client_id" | "survivor":
            return ids["clients"]
        case "chat_contact_id":
            return ids["chat-contacts"]
        case "ids":
            return [ids["clients"]]
        case "into":
            return ids["tags"]
        case "tags":
            return [ids["tags"]]
        case _:
            return None


async def test_no_operation_reads_or_changes_another_workspace(house: House, workspace: str) -> None:
    ids = await theirs(house, f"{workspace}b")
    before = await everything(house, f"{workspace}b")
    document = house.api().openapi()
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        if path.startswith(API)
        for method, operation in methods.items()
        if method in METHODS
    ]
    assert len(operations) > 30
    async with house.caller(workspace) as api:
        for method, path, operation in operations:
            kind = path.removeprefix(f"{API}/").partition("/")[0]
            address = path
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    address = address.replace(f"{{{parameter['name']}}}", ids.get(kind, "none"))
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            asked = {"json": a_body(body, document, ids)} if body else {}
            query = {"client_id": ids["clients"]} if path == f"{API}/refusals" and method == "get" else {}
            answer = await api.request(method.upper(), address, params=query, **asked)
            said = f"{method} {path}: {answer.status_code} {answer.text[:500]}"
            assert answer.status_code < 500, said
            assert SECRET.casefold() not in answer.text.casefold(), said
            if "{id}" in path and kind in ids:
                assert 400 <= answer.status_code < 500, said
    assert await everything(house, f"{workspace}b") == before

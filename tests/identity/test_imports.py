"""Imports as their callers see them: uploaded, checked, run, undone; after a restart, and in one's own workspace."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from services.identity.domain.imports import ROWS_AT_ONCE
from services.identity.store.imports import LONG_AGO, LostLeaseError
from services.identity.usecases.import_people import ImportPeople
from services.identity.usecases.work_on_imports import WorkOnImports
from shared.contracts import topics
from shared.contracts.people import ClientStateV1
from tests.identity.happenings import Chat, a_workspace
from tests.identity.house import House, names

IMPORTS, CLIENTS, TAGS = "/api/identity/imports", "/api/identity/clients", "/api/identity/tags"
FILE = """\
Vorname;Nachname;E-Mail;Handy;Kundennummer;Tags;Ort
Zoë;Ünal;ZOE@example.org;+47 912 34 567;K-1;vip, Neu;Köln
Ann;;ann@;12;K-2;;
Bob;;bob@example.org;0047 912 34 568;K-3;VIP;Oslo

Zoë;Ünal-Berg;zoe@example.org;;;;
"""


@dataclass
class Desk:
    """Somebody who imports, and the worker in the background."""

    api: httpx.AsyncClient
    house: House
    workspace: str

    async def upload(self, content: str | bytes, **params: Any) -> dict[str, Any]:
        body = content if isinstance(content, bytes) else content.encode()
        answer = await self.api.post(IMPORTS, content=body, params=params)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def check(self, one: dict[str, Any], **asked: Any) -> dict[str, Any]:
        mapping = [
            {"column": place, "to": column["suggested"]}
            for place, column in enumerate(one["columns"])
            if column["suggested"]
        ]
        answer = await self.api.post(f"{IMPORTS}/{one['id']}/check", json={"mapping": mapping, **asked})
        assert answer.status_code == 202, answer.text
        return await self.worked(one)

    async def act(self, one: dict[str, Any], what: str) -> dict[str, Any]:
        answer = await self.api.post(f"{IMPORTS}/{one['id']}/{what}")
        assert answer.status_code == 202, answer.text
        return await self.worked(one)

    async def worked(self, one: dict[str, Any]) -> dict[str, Any]:
        """Let the worker do what there is, and look."""
        while await self.worker().one():
            pass
        return (await self.api.get(f"{IMPORTS}/{one['id']}")).json()

    def worker(self) -> WorkOnImports:
        return WorkOnImports(self.house.stores, ImportPeople(self.house.stores, self.house.outbox))

    async def clients(self) -> list[dict[str, Any]]:
        items = (await self.api.get(CLIENTS, params={"limit": 200})).json()["items"]
        return sorted(items, key=lambda item: item["name"])


@pytest.fixture
async def desk(house: House, workspace: str) -> AsyncGenerator[Desk]:
    async with house.caller(workspace) as api:
        yield Desk(api, house, workspace)


async def test_a_file_becomes_clients_and_goes_again(desk: Desk) -> None:
    there = (await desk.api.post(CLIENTS, json={"name": "Robert", "contact_key": "K-3"})).json()
    one = await desk.upload(FILE.encode("cp1252"), name="Kunden.csv")
    assert (one["encoding"], one["delimiter"], one["rows"], one["status"]) == ("windows-1252", ";", 4, "uploaded")
    assert one["columns"][0]["samples"] == ["Zoë", "Ann", "Bob", "Zoë"]

    checked = await desk.check(one, dedupe_on="email")
    assert checked["status"] == "checked"
    # Bob has the contact key of somebody else
    assert _counted(checked) == {"made": 1, "folded": 1, "faults": 2}
    faults = (await desk.api.get(f"{IMPORTS}/{one['id']}/faults")).json()
    assert [(fault["row"], fault["column"]) for fault in faults["items"]] == [(3, "E-Mail"), (3, "Handy"), (4, None)]
    assert names(await desk.clients()) == ["Robert"]

    checked = await desk.check(one, dedupe_on="contact_key")
    assert _counted(checked) == {"made": 1, "changed": 1, "faults": 2}  # the last row has no contact key
    table = (await desk.api.get(f"{IMPORTS}/{one['id']}/faults.csv")).text
    assert table.startswith("\ufeffrow,column,what is wrong\r\n3,E-Mail,")

    done = await desk.act(one, "run")
    assert (done["status"], _counted(done)) == ("done", _counted(checked))
    assert done["columns"][0]["samples"] == []
    bob, zoe = await desk.clients()
    assert (zoe["name"], zoe["surname"], zoe["email"], zoe["phone"]) == (
        "Zoë",
        "Ünal",
        "zoe@example.org",
        "+4791234567",
    )
    assert (bob["id"], bob["name"], bob["email"], bob["contact_key"]) == (there["id"], "Bob", "bob@example.org", "K-3")
    assert (sorted(names(zoe["tags"])), names(bob["tags"]), zoe["registered"]) == (["Neu", "vip"], ["vip"], False)
    told = await desk.house.published(topics.CLIENT, desk.workspace)
    states = [state for state in told.values() if isinstance(state, ClientStateV1)]
    assert {(s.name, s.rev, s.email.strength if s.email else None) for s in states} == {
        ("Zoë", 1, "stated"),
        ("Bob", 2, "stated"),
    }

    undone = await desk.act(one, "undo")
    assert (undone["status"], undone["counts"]["removed"], undone["counts"]["restored"]) == ("undone", 1, 1)
    (back,) = await desk.clients()
    kept = {name: there[name] for name in ("id", "name", "email", "phone", "contact_key", "tags")}
    assert {name: back[name] for name in kept} == kept
    assert (await desk.house.published(topics.CLIENT, desk.workspace))[zoe["id"]] is None
    assert (await desk.api.post(f"{IMPORTS}/{one['id']}/run")).status_code == 409


def _counted(one: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in one["counts"].items() if count}


async def test_who_was_changed_since_outlives_an_undo(desk: Desk) -> None:
    one = await desk.upload("name,email\nAnn,ann@example.org\nBob,bob@example.org\n")
    await desk.check(one, dedupe_on="email")
    await desk.act(one, "run")
    ann, _ = await desk.clients()
    tag = (await desk.api.post(TAGS, json={"name": "vip"})).json()["id"]
    assert (await desk.api.put(f"{CLIENTS}/{ann['id']}/tags", json={"tags": [tag]})).status_code == 200
    undone = await desk.act(one, "undo")
    assert (undone["counts"]["removed"], undone["counts"]["kept"]) == (1, 1)
    assert names(await desk.clients()) == ["Ann"]


async def test_a_second_row_of_a_later_part_finds_whom_the_first_one_made(desk: Desk) -> None:
    rows = [f"P{n},p{n}@example.org" for n in range(ROWS_AT_ONCE)]
    one = await desk.upload("\n".join(["name,email", *rows, "Late,p3@example.org", "New,new@example.org"]))
    checked = await desk.check(one, dedupe_on="email")
    assert _counted(checked) == {"made": ROWS_AT_ONCE + 1, "folded": 1}
    done = await desk.act(one, "run")
    assert _counted(done) == {"made": ROWS_AT_ONCE + 1, "changed": 1}
    assert (await desk.api.get(CLIENTS, params={"search": "p3@example.org"})).json()["items"][0]["name"] == "Late"
    undone = await desk.act(one, "undo")
    assert _counted(undone)["removed"] == ROWS_AT_ONCE + 1
    assert await desk.clients() == []


class _CutOffError(BaseException):
    """The process ends."""


class _Dying(ImportPeople):
    """Ends after a number of parts, as a process that is killed does: nothing is tidied up."""

    def __init__(self, desk: Desk, parts: int) -> None:
        super().__init__(desk.house.stores, desk.house.outbox)
        self.parts = parts

    async def take_in(self, held: Any, rows: Any) -> Any:
        if self.parts == 0:
            raise _CutOffError
        self.parts -= 1
        return await super().take_in(held, rows)

    async def take_out(self, held: Any) -> Any:
        if self.parts == 0:
            raise _CutOffError
        self.parts -= 1
        return await super().take_out(held)


async def _killed(desk: Desk, parts: int) -> None:
    with pytest.raises(_CutOffError):
        await WorkOnImports(desk.house.stores, _Dying(desk, parts)).one()
    await _lease_runs_out(desk)


async def test_work_goes_on_where_a_killed_process_left_it(desk: Desk) -> None:
    count = 3 * ROWS_AT_ONCE
    one = await desk.upload("\n".join(["name,email", *(f"P{n},p{n}@example.org" for n in range(count))]))
    await desk.check(one, dedupe_on="email")
    await desk.api.post(f"{IMPORTS}/{one['id']}/run")
    await _killed(desk, 2)
    now = (await desk.api.get(f"{IMPORTS}/{one['id']}")).json()
    assert (now["status"], now["rows_done"]) == ("running", 2 * ROWS_AT_ONCE)
    done = await desk.worked(one)
    assert (done["status"], _counted(done)) == ("done", {"made": count})
    assert (await desk.api.get(f"{CLIENTS}/counts")).json()["all"] == count

    await desk.api.post(f"{IMPORTS}/{one['id']}/undo")
    await _killed(desk, 1)
    undone = await desk.worked(one)
    assert (undone["status"], undone["counts"]["removed"]) == ("undone", count)
    assert (await desk.api.get(f"{CLIENTS}/counts")).json()["all"] == 0


async def test_two_workers_share_no_import_and_one_that_lost_its_lease_writes_nothing(desk: Desk) -> None:
    one = await desk.upload("name,email\nAnn,ann@example.org\n")
    await desk.check(one, dedupe_on="email")
    await desk.api.post(f"{IMPORTS}/{one['id']}/run")
    imports = desk.house.stores.imports
    held = await imports.claim()
    assert held is not None
    assert await imports.claim() is None
    await _lease_runs_out(desk)
    assert (await desk.worked(one))["status"] == "done"
    people = ImportPeople(desk.house.stores, desk.house.outbox)
    rows = await people.rows(held, 0, await people.reader(held))
    assert rows is not None
    with pytest.raises(LostLeaseError):
        await people.take_in(held, rows)
    assert names(await desk.clients()) == ["Ann"]


async def _lease_runs_out(desk: Desk) -> None:
    long_ago = {"$set": {"lease_until": LONG_AGO}}
    await desk.house.stores.imports.imports.update_many({"workspace_id": desk.workspace}, long_ago)


async def test_a_run_that_is_cancelled_stops_and_goes_on_when_asked(desk: Desk) -> None:
    one = await desk.upload("\n".join(["email", *(f"p{n}@example.org" for n in range(2 * ROWS_AT_ONCE))]))
    await desk.check(one, dedupe_on="email")
    await desk.api.post(f"{IMPORTS}/{one['id']}/run")
    await _killed(desk, 1)
    assert (await desk.api.post(f"{IMPORTS}/{one['id']}/cancel")).status_code == 202
    stopped = await desk.worked(one)
    assert (stopped["status"], stopped["rows_done"]) == ("cancelled", ROWS_AT_ONCE)
    assert (await desk.api.post(f"{IMPORTS}/{one['id']}/cancel")).status_code == 409
    done = await desk.act(one, "run")
    assert (done["status"], done["counts"]["made"]) == ("done", 2 * ROWS_AT_ONCE)


async def test_what_somebody_typed_in_a_chat_finds_nobody_and_what_they_proved_does(desk: Desk) -> None:
    typed, proved = Chat(desk.workspace, name="Typed"), Chat(desk.workspace, name="Proved")
    await desk.house.happened(typed.writes(), typed.gives(email="t@example.org"))
    await desk.house.happened(proved.writes(), proved.gives(email="p@example.org", strength="verified"))
    one = await desk.upload("email,surname\nt@example.org,Berg\np@example.org,Dahl\n")
    await desk.check(one, dedupe_on="email", existing="fill")
    done = await desk.act(one, "run")
    assert _counted(done) == {"made": 1, "changed": 1}
    clients = await desk.clients()
    assert [(c["name"], c["surname"], c["registered"]) for c in clients] == [
        ("Berg", None, False),
        ("Proved", "Dahl", True),
        ("Typed", None, True),
    ]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"mapping": [{"column": 0, "to": "name"}], "dedupe_on": "email"}, "dedupe_on"),
        ({"mapping": [{"column": 9, "to": "email"}], "dedupe_on": "email"}, "mapping"),
        ({"mapping": [{"column": 0, "to": "proactive"}], "dedupe_on": "email"}, "mapping"),
        ({"mapping": [{"column": n, "to": "email"} for n in (0, 1)], "dedupe_on": "email"}, "mapping"),
        ({"mapping": [{"column": 1, "to": "email"}], "dedupe_on": "external_code"}, "dedupe_on"),
        ({"mapping": [{"column": 1, "to": "email"}], "dedupe_on": "email", "tags": ["tg_none"]}, "tags"),
        ({"mapping": [{"column": 1, "to": "email"}], "dedupe_on": "email", "phone_country": "XX"}, "phone_country"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused_by_its_field(desk: Desk, asked: dict[str, Any], field: str) -> None:
    one = await desk.upload("name,email\nAnn,ann@example.org\n")
    answer = await desk.api.post(f"{IMPORTS}/{one['id']}/check", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text
    assert (await desk.api.get(f"{IMPORTS}/{one['id']}")).json()["status"] == "uploaded"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\n", b"name,email\n", b'name\n"' + b"x" * 20_000])
async def test_a_file_that_is_none_is_refused_and_nothing_of_it_kept(desk: Desk, content: bytes) -> None:
    answer = await desk.api.post(IMPORTS, content=content)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file"), answer.text
    assert (await desk.api.get(IMPORTS)).json()["total"] == 0
    assert await desk.house.stores.imports.chunks.count_documents({"workspace_id": desk.workspace}) == 0


async def test_imports_are_ones_own_and_agents_have_none(desk: Desk, house: House) -> None:
    one = await desk.upload("name,email\nAnn,ann@example.org\n")
    async with house.caller(a_workspace()) as stranger, house.caller(desk.workspace, "agent") as agent:
        for call in ("GET", ""), ("GET", "/faults"), ("GET", "/faults.csv"), ("POST", "/run"), ("POST", "/undo"):
            assert (await stranger.request(call[0], f"{IMPORTS}/{one['id']}{call[1]}")).status_code == 404
        assert (await stranger.delete(f"{IMPORTS}/{one['id']}")).status_code == 404
        assert (await stranger.get(IMPORTS)).json()["items"] == []
        assert (await agent.get(IMPORTS)).status_code == 403
    assert (await desk.api.post(f"{IMPORTS}/{one['id']}/run")).status_code == 409  # it was not checked
    assert (await desk.api.delete(f"{IMPORTS}/{one['id']}")).status_code == 204
    assert (await desk.api.get(f"{IMPORTS}/{one['id']}")).status_code == 404

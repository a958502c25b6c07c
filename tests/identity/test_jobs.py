"""Bulk work: on ids and on all that match, cancelled, taken over, and labels deleted and merged by it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import pytest

from services.identity.domain.client import Client
from services.identity.domain.jobs import FAULTS_KEPT, MAX_IDS, Job
from services.identity.store.client_documents import client_to
from services.identity.usecases.actions.relabel import relabelled
from services.identity.usecases.actions.step import AT_ONCE
from services.identity.usecases.actions.table import actions
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.run_jobs import RunJobs
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.contracts.people import ClientStateV1
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError
from tests.identity.happenings import Chat, a_phone, a_workspace
from tests.identity.house import House

API = "/api/identity"


@pytest.fixture
async def api(house: House, workspace: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with house.caller(workspace) as client:
        yield client


def a_worker(house: House, lease_seconds: float = 20.0) -> RunJobs:
    steps = actions(house.stores, house.outbox, now_in_millis)
    return RunJobs(house.stores, house.outbox, steps, lease_seconds=lease_seconds)


async def work(house: House) -> None:
    """Work until nothing is left to do."""
    worker = a_worker(house)
    while await worker.take_one():
        pass


async def made(api: httpx.AsyncClient, place: str, status: int = 201, **fields: Any) -> dict[str, Any]:
    answer = await api.post(f"{API}/{place}", json=fields)
    assert answer.status_code == status, answer.text
    return answer.json()


async def crowd(house: House, workspace: str, number: int, **more: Any) -> list[str]:
    """Have so many clients, each made a moment after the other."""
    now = datetime.now(UTC).replace(microsecond=0)
    people = [Client(new_id("cl"), workspace, f"Ann {place}", now, now, rev=1, **more) for place in range(number)]
    await house.stores.clients.collection.insert_many([client_to(one) for one in people])
    return [one.id for one in people]


async def start(api: httpx.AsyncClient, kind: str, label: str, **whom: Any) -> dict[str, Any]:
    return await made(api, "jobs", 202, action={"kind": kind, "id": label}, **whom)


async def job(api: httpx.AsyncClient, id_: str) -> dict[str, Any]:
    answer = await api.get(f"{API}/jobs/{id_}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_that_match_are_tagged_once_each_and_told(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    number = AT_ONCE * 2 + 7
    await crowd(house, workspace, number, origin="instagram")
    await crowd(house, workspace, 3, origin="telegram")
    hot = await made(api, "tags", name="hot-lead")
    begun = await start(api, "tag", hot["id"], filter={"source": ["instagram"]})
    assert (begun["status"], begun["total"], begun["total_is_exact"]) == ("waiting", number, True)
    assert (begun["kind"], begun["label_name"], begun["may_cancel"]) == ("tag", "hot-lead", True)
    (late,) = await crowd(house, workspace, 1, origin="instagram", tags=())
    await house.stores.clients.collection.update_one(
        {"_id": late}, {"$set": {"created_at": datetime(2200, 1, 1, tzinfo=UTC)}}
    )

    await work(house)
    done = await job(api, begun["id"])
    assert (done["status"], done["seen"], done["changed"], done["faulty"]) == ("done", number, number, 0)
    people = {client.id: client for client in await house.clients(workspace)}
    tagged = [client for client in people.values() if client.tags]
    assert len(tagged) == number
    assert {(client.tags, client.rev, client.origin) for client in tagged} == {((hot["id"],), 2, "instagram")}
    assert not people[late].tags, "made after the job began"
    states = await house.published(topics.CLIENT, workspace)
    assert {state.tags for state in states.values() if isinstance(state, ClientStateV1)} == {(hot["id"],)}
    assert len(states) == number
    assert await house.rows(workspace) == 0
    listed = (await api.get(f"{API}/clients", params={"tag": hot["id"], "limit": 1})).json()
    assert listed["total"] == number

    await house.stores.clients.collection.update_one({"_id": late}, {"$set": {"created_at": datetime.now(UTC)}})
    again = await start(api, "tag", hot["id"], filter={"source": ["instagram"]})
    await work(house)
    done = await job(api, again["id"])
    assert (done["changed"], done["unchanged"]) == (1, number), "the one that came later, and nobody twice"
    off = await start(api, "untag", hot["id"], filter={"tag": [hot["id"]]})
    await work(house)
    assert (await job(api, off["id"]))["changed"] == number + 1
    assert not any(client.tags for client in await house.clients(workspace))


@pytest.mark.parametrize(
    ("place", "into", "out"), [("groups", "group", "ungroup"), ("segments", "segment", "unsegment")]
)
async def test_chosen_people_are_put_into_a_group_or_segment_and_taken_out(
    house: House, workspace: str, api: httpx.AsyncClient, place: str, into: str, out: str
) -> None:
    ann, bob, cid = await crowd(house, workspace, 3)
    friends = await made(api, place, name="Friends")
    first = await start(api, into, friends["id"], ids=[ann, bob, ann, "cl_none"])
    await work(house)
    done = await job(api, first["id"])
    assert (done["status"], done["total"], done["changed"]) == ("done", 3, 2)
    assert done["faults"] == [{"client_id": "cl_none", "reason": "gone", "survivor_id": None}]
    members = (await api.get(f"{API}/clients", params={into: friends["id"]})).json()["items"]
    assert {one["id"] for one in members} == {ann, bob}
    second = await start(api, out, friends["id"], ids=[ann, cid])
    await work(house)
    done = await job(api, second["id"])
    assert (done["changed"], done["unchanged"]) == (1, 1)
    members = (await api.get(f"{API}/clients", params={into: friends["id"]})).json()["items"]
    assert [one["id"] for one in members] == [bob]


async def test_nothing_is_done_to_who_has_no_profile_and_what_is_wrong_says_where(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    vip, (ann,) = await made(api, "tags", name="VIP"), await crowd(house, workspace, 1)
    chat = Chat(workspace)
    await house.happened(chat.writes())
    contact = await house.contact(chat.writes())
    action = {"kind": "tag", "id": vip["id"]}
    answer = await api.post(f"{API}/jobs", json={"action": action, "ids": [ann, contact.id]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "ids")
    assert "chat contact" in answer.json()["detail"]
    rule = await made(api, "segments", name="Rule", rule={"registered": True})
    for body, field in (
        ({"action": action}, "body"),
        ({"action": action, "ids": [ann], "filter": {}}, "body"),
        ({"action": action, "ids": []}, "ids"),
        ({"action": action, "ids": ["cl_1"] * (MAX_IDS + 1)}, "ids"),
        ({"action": {"kind": "tag", "id": "tg_none"}, "ids": [ann]}, "action.id"),
        ({"action": {"kind": "group", "id": vip["id"]}, "ids": [ann]}, "action.id"),
        ({"action": {"kind": "segment", "id": rule["id"]}, "ids": [ann]}, "action.id"),
        ({"action": {"kind": "send", "id": vip["id"]}, "ids": [ann]}, "action"),
        ({"action": action, "filter": {"profile": "none"}}, "filter.profile"),
    ):
        answer = await api.post(f"{API}/jobs", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.text
    assert (await api.get(f"{API}/jobs")).json()["items"] == []


async def test_a_merged_client_is_told_of_and_nobody_gets_more_tags_than_one_may_have(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    vip = await made(api, "tags", name="VIP")
    (full,) = await crowd(house, workspace, 1, tags=tuple(f"tg_{place}" for place in range(50)))
    await house.stores.merges.collection.insert_one(
        {
            "_id": new_id("mg"),
            "workspace_id": workspace,
            "absorbed_id": "cl_old",
            "survivor_id": "cl_new",
            "at": datetime.now(UTC),
        }
    )
    begun = await start(api, "tag", vip["id"], ids=["cl_old", full])
    await work(house)
    done = await job(api, begun["id"])
    assert sorted((fault["client_id"], fault["reason"], fault["survivor_id"]) for fault in done["faults"]) == sorted(
        [("cl_old", "merged", "cl_new"), (full, "too_many", None)]
    )
    assert (done["status"], done["seen"], done["changed"], done["faulty"]) == ("done", 2, 0, 2)


async def test_the_same_key_twice_is_one_job_and_another_workspace_sees_none_of_it(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    vip, (ann,) = await made(api, "tags", name="VIP"), await crowd(house, workspace, 1)
    body = {"action": {"kind": "tag", "id": vip["id"]}, "ids": [ann]}
    first, second = [
        (await api.post(f"{API}/jobs", json=body, headers={"Idempotency-Key": "once"})).json() for _ in range(2)
    ]
    assert first["id"] == second["id"]
    third = await start(api, "tag", vip["id"], ids=[ann])
    page = (await api.get(f"{API}/jobs", params={"mine": True, "limit": 1})).json()
    assert (page["total"], [one["id"] for one in page["items"]]) == (2, [third["id"]])
    page = (await api.get(f"{API}/jobs", params={"mine": True, "limit": 1, "cursor": page["next_cursor"]})).json()
    assert ([one["id"] for one in page["items"]], page["next_cursor"]) == ([first["id"]], None)
    async with house.caller(a_workspace()) as other:
        assert (await other.get(f"{API}/jobs")).json()["items"] == []
        assert (await other.get(f"{API}/jobs/{first['id']}")).status_code == 404
        assert (await other.post(f"{API}/jobs/{first['id']}/cancel")).status_code == 404
        theirs = await made(other, "tags", name="Theirs")
        begun = await start(other, "tag", theirs["id"], ids=[ann])
        await work(house)
        assert (await job(other, begun["id"]))["faults"][0]["reason"] == "gone"
    (client,) = await house.clients(workspace)
    assert client.tags == (vip["id"],)


async def test_agents_tag_many_and_do_nothing_else_to_them(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    vip, friends = await made(api, "tags", name="VIP"), await made(api, "groups", name="Friends")
    (ann,) = await crowd(house, workspace, 1)
    async with house.caller(workspace, "agent") as agent:
        await start(agent, "tag", vip["id"], ids=[ann])
        body = {"action": {"kind": "group", "id": friends["id"]}, "ids": [ann]}
        assert (await agent.post(f"{API}/jobs", json=body)).status_code == 403
        theirs = await start(api, "group", friends["id"], ids=[ann])
        assert (await agent.post(f"{API}/jobs/{theirs['id']}/cancel")).status_code == 403
        assert (await agent.delete(f"{API}/tags/{vip['id']}")).status_code == 403


async def test_a_job_is_stopped_between_two_parts_and_what_was_done_stays(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    await crowd(house, workspace, AT_ONCE * 2)
    vip = await made(api, "tags", name="VIP")
    begun = await start(api, "tag", vip["id"], filter={})
    renew, calls, asked = house.stores.jobs.renew, count(1), list[httpx.Response]()

    async def after_the_first_part(job: Job, lease_seconds: float) -> Job:
        if next(calls) == 2:
            asked.append(await api.post(f"{API}/jobs/{begun['id']}/cancel"))
        return await renew(job, lease_seconds)

    house.stores.jobs.renew = after_the_first_part
    try:
        await work(house)
    finally:
        house.stores.jobs.renew = renew
    assert (asked[0].status_code, asked[0].json()["cancelling"]) == (200, True)
    done = await job(api, begun["id"])
    tagged = sum(1 for client in await house.clients(workspace) if client.tags)
    assert (done["status"], done["seen"], done["changed"], tagged) == ("cancelled", AT_ONCE, AT_ONCE, AT_ONCE)
    again = await api.post(f"{API}/jobs/{begun['id']}/cancel")
    assert (again.status_code, again.json()["type"]) == (409, "urn:kith:problem:cannot-be-cancelled")


async def test_who_lost_the_lease_writes_nothing_and_who_took_it_leaves_nobody_out(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    await crowd(house, workspace, AT_ONCE + 3)
    vip = await made(api, "tags", name="VIP")
    begun = await start(api, "tag", vip["id"], filter={})
    slow, quick = a_worker(house, lease_seconds=0.0), a_worker(house)
    advance, taken = house.stores.jobs.advance, asyncio.Event()

    async def late(job: Job, lease_seconds: float, session: Session) -> None:
        if not taken.is_set():
            taken.set()
            await quick.take_one()  # the lease of the slow one has ended, and its transaction is still open
        await advance(job, lease_seconds, session)

    house.stores.jobs.advance = late
    try:
        await slow.take_one()
    finally:
        house.stores.jobs.advance = advance
    await work(house)
    done = await job(api, begun["id"])
    assert (done["status"], done["seen"], done["changed"]) == ("done", AT_ONCE + 3, AT_ONCE + 3)
    assert {(client.tags, client.rev) for client in await house.clients(workspace)} == {((vip["id"],), 2)}


async def test_somebody_who_keeps_changing_is_passed_over_and_told_of(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    people = await crowd(house, workspace, 9)
    restless = people[4]
    vip = await made(api, "tags", name="VIP")
    begun = await start(api, "tag", vip["id"], filter={})
    relabel = house.stores.clients.relabel

    async def refuse(kind: Any, pairs: Any, session: Session) -> None:
        if any(before.id == restless for before, _ in pairs):
            raise StaleError("changed meanwhile")
        await relabel(kind, pairs, session)

    house.stores.clients.relabel = refuse
    try:
        await work(house)
    finally:
        house.stores.clients.relabel = relabel
    done = await job(api, begun["id"])
    assert done["faults"] == [{"client_id": restless, "reason": "busy", "survivor_id": None}]
    assert (done["status"], done["seen"], done["changed"]) == ("done", 9, 8)
    assert {client.id for client in await house.clients(workspace) if not client.tags} == {restless}


async def test_people_who_write_meanwhile_lose_nothing(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    chats = [Chat(workspace) for _ in range(12)]
    await house.happened(*(chat.proves(a_phone()) for chat in chats))
    vip = await made(api, "tags", name="VIP")
    begun = await start(api, "tag", vip["id"], filter={})
    emails = [f"ann{place}@{workspace[3:]}.example" for place in range(len(chats))]
    await asyncio.gather(
        work(house), *(house.happened(chat.gives(email=email, at=9)) for chat, email in zip(chats, emails, strict=True))
    )
    assert (await job(api, begun["id"]))["changed"] == len(chats)
    people = await house.clients(workspace)
    assert {client.tags for client in people} == {(vip["id"],)}
    assert sorted(h.value for client in people for h in client.holdings if h.kind == "email") == sorted(emails)


@pytest.mark.parametrize("place", ["tags", "groups", "segments"])
async def test_a_deleted_label_is_gone_at_once_and_then_taken_off_everybody(
    house: House, workspace: str, api: httpx.AsyncClient, place: str
) -> None:
    kept, gone = await made(api, place, name="Kept"), await made(api, place, name="Gone")
    people = await crowd(house, workspace, 5, **{place: (kept["id"], gone["id"])})
    asking = await made(api, "segments", name="Asking", rule={place[:-1]: [gone["id"]]})
    refused = await api.delete(f"{API}/{place}/{gone['id']}")
    assert (refused.status_code, refused.json()["segments"]) == (409, [{"id": asking["id"], "name": "Asking"}])
    first = await api.delete(f"{API}/segments/{asking['id']}")
    assert first.status_code == 202, first.text

    answer = await api.delete(f"{API}/{place}/{gone['id']}")
    assert (answer.status_code, answer.json()["total"], answer.json()["label_name"]) == (202, 5, "Gone")
    assert (await api.post(f"{API}/jobs/{answer.json()['id']}/cancel")).status_code == 409
    assert (await api.get(f"{API}/{place}/{gone['id']}")).status_code == 404
    assert (await api.delete(f"{API}/{place}/{gone['id']}")).status_code == 404
    body = {place: [gone["id"]]}
    assert (await api.put(f"{API}/clients/{people[0]}/{place}", json=body)).status_code == 422
    new = await made(api, place, name="gone")
    assert new["id"] != gone["id"], "the name is free again"
    # somebody who gets it in the last moment loses it, too
    last = await crowd(house, workspace, 1, **{place: (gone["id"],)})
    await house.stores.clients.collection.update_one(
        {"_id": last[0]}, {"$set": {"created_at": datetime(2100, 1, 1, tzinfo=UTC)}}
    )
    worker = a_worker(house)
    await worker.take_one()
    await worker.take_one()
    await house.stores.clients.collection.update_one(
        {"_id": last[0]}, {"$set": {"created_at": datetime(2020, 1, 1, tzinfo=UTC)}}
    )
    await work(house)
    assert (await job(api, answer.json()["id"]))["status"] == "done"
    assert {getattr(client, place) for client in await house.clients(workspace)} == {(kept["id"],), ()}
    left = await house.stores.labels(place[:-1]).collection.find_one({"_id": gone["id"]})  # pyright: ignore[reportArgumentType]
    assert left is None


async def test_a_merged_tag_moves_its_people_and_the_filters_that_ask_for_it(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    old, new, other = [(await made(api, "tags", name=name))["id"] for name in ("Hot", "Hot lead", "Other")]
    await crowd(house, workspace, 2, tags=(old, other))
    await crowd(house, workspace, 2, tags=(new, old))
    (alone,) = await crowd(house, workspace, 1, tags=(other,))
    segment = await made(api, "segments", name="Hot ones", rule={"tag": [old], "not_tag": []})
    for into, field in ((old, "into"), ("tg_none", "into")):
        answer = await api.post(f"{API}/tags/{old}/merge", json={"into": into})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    begun = await made(api, f"tags/{old}/merge", 202, into=new)
    assert (begun["kind"], begun["label_name"], begun["into_name"], begun["total"]) == (
        "merge_tags",
        "Hot",
        "Hot lead",
        4,
    )
    await work(house)
    done = await job(api, begun["id"])
    assert (done["status"], done["changed"]) == ("done", 4)
    people = await house.clients(workspace)
    assert sorted(client.tags for client in people) == sorted([(new, other), (new, other), (new,), (new,), (other,)])
    assert next(client for client in people if client.id == alone).rev == 1
    assert (await api.get(f"{API}/segments/{segment['id']}")).json()["rule"]["tag"] == [new]
    old_id = await api.get(f"{API}/tags/{old}")
    assert (old_id.status_code, old_id.json()["survivor"]["id"]) == (410, new)
    assert old_id.headers["Link"] == f'</api/identity/tags/{new}>; rel="successor-version"'


async def test_a_job_whose_tag_is_deleted_meanwhile_fails_and_says_why(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    people = await crowd(house, workspace, 2)
    vip = await made(api, "tags", name="VIP")
    begun = await start(api, "tag", vip["id"], ids=people)
    assert (await api.delete(f"{API}/tags/{vip['id']}")).status_code == 202
    await work(house)
    done = await job(api, begun["id"])
    assert (done["status"], done["reason"], done["changed"]) == ("failed", "gone", 0)
    assert not any(client.tags for client in await house.clients(workspace))


def test_of_two_labels_one_takes_the_others_place() -> None:
    assert relabelled(("a", "old", "b"), "new", "old") == ("a", "new", "b")
    assert relabelled(("new", "old"), "new", "old") == ("new",)
    assert relabelled(("a",), "new", "old") == ("a",)
    assert relabelled(("a",), "b", None) == ("a", "b")
    assert relabelled(("a", "b"), None, "a") == ("b",)


def test_faults_are_shown_to_a_bound() -> None:
    assert FAULTS_KEPT < MAX_IDS


async def test_all_that_match_are_deleted_and_their_keys_get_tombstones(
    house: House, workspace: str, api: httpx.AsyncClient
) -> None:
    chat = Chat(workspace)
    await house.happened(chat.proves(a_phone()))
    await crowd(house, workspace, 3, origin="instagram")
    (kept,) = await crowd(house, workspace, 1, origin="whatsapp")
    begun = await made(api, "jobs", 202, action={"kind": "delete"}, filter={"source": ["instagram", "telegram"]})
    await work(house)
    done = await job(api, begun["id"])
    assert (done["status"], done["changed"], done["label_id"]) == ("done", 4, None)
    assert [client.id for client in await house.clients(workspace)] == [kept]
    states = await house.published(topics.CLIENT, workspace)
    assert set(states.values()) == {None}, "who was told of is gone from the topic"
    assert (await house.contact(chat.writes())).client_id is None
    agent_may = await api.post(f"{API}/jobs", json={"action": {"kind": "delete", "id": "x"}, "ids": [kept]})
    assert agent_may.status_code == 422


async def test_chosen_people_are_blacklisted(house: House, workspace: str, api: httpx.AsyncClient) -> None:
    chat = Chat(workspace)
    await house.happened(chat.proves(a_phone()))
    (client,) = await house.clients(workspace)
    action = {"kind": "blacklist", "reason": "Asked us to stop"}
    begun = await made(api, "jobs", 202, action=action, ids=[client.id])
    await work(house)
    assert (await job(api, begun["id"]))["changed"] == 1
    (after,) = await house.clients(workspace)
    assert [(one.what, one.reason) for one in after.refusals] == [("blacklisted", "Asked us to stop")]

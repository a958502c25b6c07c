"""Bulk work while its process is killed: everybody changed once, nobody left out, every state on its topic."""

import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.identity.domain.client import Client
from services.identity.domain.filter import Filter
from services.identity.store.client_documents import client_to
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.contracts.people import ClientStateV1
from shared.messaging.kafka import partitions_of
from shared.messaging.reading import reading
from shared.storage.mongo import connect, database
from tests.e2e.kith import until
from tests.faults.house import GENEROUS, House, a_house
from tests.faults.load import Tell

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]

PEOPLE = 20_000
SOURCE = "custom"
"""Nobody else in these tests comes through it."""


@pytest.fixture(scope="module")
async def house() -> AsyncGenerator[House]:
    async with a_house() as running:
        yield running


async def test_a_job_goes_on_where_its_process_was_killed(house: House, tell: Tell) -> None:
    await until(house.is_ready, GENEROUS)
    mongo = connect(house.settings)
    clients = database(mongo, house.settings, "identity")["clients"]
    outbox = database(mongo, house.settings, "identity")["outbox"]
    workspace = house.kith.workspace_id
    now = datetime.now(UTC).replace(microsecond=0)
    people = [Client(new_id("cl"), workspace, f"Many {n}", now, now, rev=1, origin=SOURCE) for n in range(PEOPLE)]
    await clients.insert_many([client_to(one) for one in people])
    _, tag = await house.kith.call("POST", "/api/identity/tags", body={"name": f"killed {time.time_ns()}"})
    body = {"action": {"kind": "tag", "id": tag["id"]}, "filter": {"source": [SOURCE]}}
    status, job = await house.kith.call("POST", "/api/identity/jobs", body=body)
    assert (status, job["total"]) == (202, PEOPLE), job
    assert Filter(sources=(SOURCE,)).matches(people[0])

    async def seen(number: int) -> dict[str, Any] | None:
        status, found = await house.kith.get(f"/api/identity/jobs/{job['id']}")
        return found if status == 200 and (found["seen"] >= number or found["ended_at"]) else None

    kills = 0
    for number in (1, PEOPLE // 3, 2 * PEOPLE // 3):
        found = await until(lambda number=number: seen(number), GENEROUS)
        if found["ended_at"] is None:
            kills += 1
            await house.kill("identity")
    assert kills, "it was over before it could be killed"

    async def over() -> dict[str, Any] | None:
        found = await seen(PEOPLE)
        return found if found and found["ended_at"] else None

    done = await until(over, GENEROUS)
    tell(
        f"bulk work on {PEOPLE:,} people, identity killed {kills} times: {done['status']}, {done['changed']:,} changed"
    )
    assert (done["status"], done["seen"], done["changed"], done["faulty"]) == ("done", PEOPLE, PEOPLE, 0)
    right = {"origin": SOURCE, "workspace_id": workspace, "rev": 2, "tags": [tag["id"]], "facets": f"t:{tag['id']}"}
    assert await clients.count_documents(right) == PEOPLE, "each changed once"

    async def published() -> bool:
        return await outbox.find_one({"keys": {"$exists": True}}) is None

    await until(published, GENEROUS)
    mongo.close()
    told = await _told(house, tag["id"])
    assert {one.id for one in people} <= told, "each state is on the topic"


async def _told(house: House, tag: str) -> set[str]:
    """Return whom `client.v1` says to have a tag."""
    found: set[str] = set()
    async with reading(house.settings, "tests") as reader:
        places = await partitions_of(reader, topics.CLIENT.name)
        reader.assign(places)
        await reader.seek_to_beginning(*places)
        ends = await reader.end_offsets(places)
        while any([await reader.position(place) < ends[place] for place in places]):
            for records in (await reader.getmany(timeout_ms=200, max_records=5_000)).values():
                for record in records:
                    if record.value is None or tag.encode() not in record.value:
                        continue
                    state = topics.CLIENT.adapter.validate_json(record.value)
                    if isinstance(state, ClientStateV1) and tag in state.tags:
                        found.add(state.id)
    return found

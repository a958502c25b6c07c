"""A bulk tag of many, beside the bare bulk update of the same documents: same driver, same write concern, same indexes.

The floor is told whom to change: it reads nothing, decides nothing, publishes nothing, saves no place. Kith's side is a
job as identity runs it, by itself and while messages are recognised in the same process.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne

from services.identity.domain.client import Client, Holding
from services.identity.domain.filter import Filter
from services.identity.domain.jobs import Job, Scope
from services.identity.domain.tags import Tag
from services.identity.store.client_documents import client_to
from services.identity.store.migrate import migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.actions.table import actions
from services.identity.usecases.keep_contacts import KeepContacts, now_in_millis
from services.identity.usecases.run_jobs import RunJobs
from shared.contracts.ids import new_id
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Collection, connect, database
from shared.web.app import collect_less
from tests.bench.accounts import PATIENCE_SECONDS, WORKSPACE
from tests.bench.people import BATCH, decode, floor, messages
from tests.bench.report import percentile, spread
from tests.bench.stage import stage

PEOPLE = 100_000
AT_ONCE = 1_000
LEAST_RATIO = 0.5
CACHE_GB = 4
_SOURCES = ("telegram", "whatsapp", "instagram", "widget")


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        for one in (settings, floor(settings)):
            await migrate(one)
        client, publisher = connect(settings), Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
        await publisher.start()
        await client.admin.command({"setParameter": 1, "wiredTigerEngineRuntimeConfig": f"cache_size={CACHE_GB}G"})
        collect_less()
        try:
            stores = Stores(client, database(client, settings, "identity"))
            bare = database(client, floor(settings), "identity")["clients"]
            people = [_somebody(number) for number in range(PEOPLE)]
            for collection in (stores.clients.collection, bare):
                for start in range(0, PEOPLE, AT_ONCE):
                    await collection.insert_many([client_to(one) for one in people[start : start + AT_ONCE]])
            return await _compare(stores, publisher, bare, [one.id for one in people], rounds)
        finally:
            await publisher.stop()
            client.close()


async def _compare(stores: Stores, publisher: Publisher, bare: Collection, ids: list[str], rounds: int) -> list[str]:
    outbox = make_outbox(stores, publisher)
    worker = RunJobs(stores, outbox, actions(stores, outbox, now_in_millis))
    keep = KeepContacts(stores, outbox)
    rates: dict[str, list[float]] = {side: [] for side in ("one by one", "whole", "job")}
    for number in range(rounds + 1):
        tags = [Tag(new_id("tg"), WORKSPACE, f"tag {number} {side}", now_in_millis()) for side in rates]
        one_by_one = await _seconds(_bare(bare, ids, tags[0].id, whole=False))
        whole = await _seconds(_bare(bare, ids, tags[1].id, whole=True))
        job = await _seconds(_job(stores, worker, tags[2]))
        if number:
            for side, seconds in zip(rates, (one_by_one, whole, job), strict=True):
                rates[side].append(PEOPLE / seconds)
    print(f"\nbulk: a tag for {PEOPLE:,} of {PEOPLE:,} clients, WiredTiger's cache {CACHE_GB} GB; clients a second")
    print(f"  bare, an update each {spread(rates['one by one'], '')}")
    print(f"  bare, one for {AT_ONCE:,}  {spread(rates['whole'], '')}")
    print(f"  Kith's job           {spread(rates['job'], '')}")
    ratios = {side: [a / b for a, b in zip(rates["job"], rates[side], strict=True)] for side in ("one by one", "whole")}
    print(f"  ratio to an update each {spread(ratios['one by one'], '', 2)}; at least {LEAST_RATIO}")
    print(f"  ratio to one for {AT_ONCE:,}  {spread(ratios['whole'], '', 2)}")
    await _beside(stores, worker, keep)
    median = statistics.median(ratios["one by one"])
    return [f"bulk {median:.2f} of {LEAST_RATIO}"] if median < LEAST_RATIO else []


async def _beside(stores: Stores, worker: RunJobs, keep: KeepContacts) -> None:
    """Tell how long a batch of messages takes alone, and while a job goes on in the same process."""
    known = range(20_000)
    for start in range(0, len(known), BATCH):
        await keep(
            decode([one.model_dump_json().encode() for one in messages(known[start : start + BATCH])]), _uncounted
        )

    async def batches(number: int, until: asyncio.Task[None] | None) -> list[float]:
        took: list[float] = []
        while (until is None and len(took) < number) or (until is not None and not until.done()):
            raw = [one.model_dump_json().encode() for one in messages(known)]
            began = time.monotonic()
            await keep(decode(raw), _uncounted)
            took.append(1000 * (time.monotonic() - began))
        return took

    alone = await batches(40, None)
    job = asyncio.create_task(_job(stores, worker, Tag(new_id("tg"), WORKSPACE, "beside", now_in_millis())))
    beside = await batches(0, job)
    await job
    print(f"  a batch of {BATCH} messages alone      {_figure(alone)}")
    print(f"  a batch of {BATCH} messages beside it  {_figure(beside)}; {len(beside)} batches while it went on")


def _figure(took: list[float]) -> str:
    return f"{statistics.median(took):.0f} ms, p95 {percentile(took, 0.95):.0f} ms"


def _uncounted(_recognised: object) -> None:
    return


async def _seconds(work: Awaitable[None]) -> float:
    began = time.monotonic()
    await work
    return time.monotonic() - began


async def _bare(collection: Collection, ids: list[str], tag: str, *, whole: bool) -> None:
    change = {"$push": {"tags": tag, "facets": f"t:{tag}"}, "$inc": {"rev": 1}}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        if whole:
            await collection.update_many({"_id": {"$in": some}}, change)
        else:
            await collection.bulk_write([UpdateOne({"_id": id_}, change) for id_ in some], ordered=False)


async def _job(stores: Stores, worker: RunJobs, tag: Tag) -> None:
    await stores.tags.add(tag)
    now = now_in_millis()
    job = Job(
        id=new_id("jb"),
        workspace_id=WORKSPACE,
        kind="tag",
        params={"label": tag.id},
        scope=Scope(asked=Filter()),
        made_by="bench",
        made_at=now,
        as_of=now,
        total=PEOPLE,
        total_is_exact=True,
    )
    await stores.jobs.add(job)
    while await worker.take_one():
        pass
    done = await stores.jobs.get(WORKSPACE, job.id)
    assert done is not None
    assert (done.status, done.changed) == ("done", PEOPLE), done


def _somebody(number: int) -> Client:
    at = (datetime.now(UTC) - timedelta(seconds=60 + number)).replace(microsecond=0)
    email = Holding("email", f"ann{number}@example.com", "stated", at, f"ev{number}")
    phone = Holding("phone", f"+4790{number:06}", "stated", at, f"ev{number}")
    return Client(
        id=new_id("cl"),
        workspace_id=WORKSPACE,
        name=f"Ann {number % 5000}",
        surname=f"Example {number % 700}",
        created_at=at,
        changed_at=at,
        rev=1,
        origin=_SOURCES[number % len(_SOURCES)],
        tags=(f"tg_{number % 40}",),
        registered=number % 3 == 0,
        holdings=(email, phone),
    )

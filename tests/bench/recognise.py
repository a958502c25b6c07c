"""Messages recognised, beside a bare bulk upsert of the same documents: same driver, same write concern."""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from pymongo import UpdateOne

from services.identity.domain.recognise import recognise
from services.identity.store.documents import chat_contact_to
from services.identity.store.migrate import migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.contracts import topics
from shared.contracts.chat import ChatEvent, ChatRef, MessageReceivedV1, Sender
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Document, connect, database
from tests.bench.report import spread
from tests.bench.stage import CONNECTION, WORKSPACE, stage

KNOWN = 20_000
BATCH = 500
BATCHES = 16
NEW_SHARE = 0.1
LEAST_RATIOS = {1: 0.5, 2: 0.8}

Work = Callable[[Sequence[bytes]], Awaitable[None]]


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        floor_settings = settings.model_copy(update={"database_prefix": "floor"})
        for one in (settings, floor_settings):
            await migrate(one)
        publisher = Publisher(settings, "bench")
        await publisher.start()
        client = connect(settings)
        try:
            stores = Stores(client, database(client, settings, "identity"))
            use_case = RecogniseSenders(stores, make_outbox(stores, publisher))
            floor = database(client, floor_settings, "identity")["chat_contacts"]

            async def recognised(raw: Sequence[bytes]) -> None:
                await use_case(_decode(raw))

            async def upserted(raw: Sequence[bytes]) -> None:
                writes = [UpdateOne({"_id": doc["_id"]}, {"$set": doc}, upsert=True) for doc in ready[id(raw)]]
                await floor.bulk_write(writes, ordered=False)

            ready: dict[int, list[Document]] = {}
            await _fill(recognised, upserted, ready)
            below: list[str] = []
            for workers, least in LEAST_RATIOS.items():
                below += await _compare(workers, least, rounds, recognised, upserted, ready)
            return below
        finally:
            client.close()
            await publisher.stop()


async def _compare(
    workers: int, least: float, rounds: int, recognised: Work, upserted: Work, ready: dict[int, list[Document]]
) -> list[str]:
    rates: dict[str, list[float]] = {"upsert": [], "recognise": []}
    for number in range(rounds + 1):
        sides = [("upsert", upserted), ("recognise", recognised)]
        random.shuffle(sides)
        for name, work in sides:
            raws = [_messages(range(lane % workers, KNOWN, workers)) for lane in range(BATCHES)]
            if name == "upsert":  # the floor gets its documents ready made
                ready.clear()
                ready.update({id(raw): _documents(raw) for raw in raws})
            rate = await _rate(work, raws, workers)
            if number:  # the first round warms up
                rates[name].append(rate)
    ratios = [mine / bare for mine, bare in zip(rates["recognise"], rates["upsert"], strict=True)]
    print(f"\nrecognise: {workers} worker(s), {KNOWN:,} known, batches of {BATCH}, {NEW_SHARE:.0%} new")
    for name, found in rates.items():
        print(f"  {name:10} {spread(found, 'messages a second')}")
    print(f"  ratio {spread(ratios, '', 2)}; at least {least}")
    median = statistics.median(ratios)
    return [f"recognise with {workers} worker(s) {median:.2f} of {least}"] if median < least else []


async def _rate(work: Work, raws: Sequence[Sequence[bytes]], workers: int) -> float:
    """Return messages a second; each worker has people of its own."""

    async def worker(lane: int) -> None:
        for raw in raws[lane::workers]:
            await work(raw)

    began = time.perf_counter()
    await asyncio.gather(*(worker(lane) for lane in range(workers)))
    return BATCH * len(raws) / (time.perf_counter() - began)


async def _fill(recognised: Work, upserted: Work, ready: dict[int, list[Document]]) -> None:
    """Make everybody known on both sides."""
    for start in range(0, KNOWN, BATCH):
        raw = [_message(number) for number in range(start, start + BATCH)]
        await recognised(raw)
        ready[id(raw)] = _documents(raw)
        await upserted(raw)
        ready.clear()


def _messages(known: range) -> list[bytes]:
    """Return a batch: each from somebody else, a tenth of them new."""
    chosen = random.sample(known, BATCH)
    return [
        _message(number if random.random() > NEW_SHARE else random.randrange(10**7, 10**9) * len(known) + number)
        for number in chosen
    ]


def _message(number: int) -> bytes:
    event = MessageReceivedV1(
        id=f"{CONNECTION}/{time.time_ns():020d}/{number}",
        time=datetime.now(UTC),
        workspace_id=WORKSPACE,
        chat=ChatRef(channel="telegram", connection_id=CONNECTION, contact_id=str(10**9 + number)),
        sender=Sender(name=f"Ann Example {number % 10_000}", username=f"ann{number}", language="en"),
        message_id=str(number),
        text="hello there, " * 8,
    )
    return event.model_dump_json().encode()


def _decode(raw: Sequence[bytes]) -> list[ChatEvent]:
    events = [topics.CONVERSATION.adapter.validate_json(one) for one in raw]
    return [event for event in events if isinstance(event, ChatEvent)]


def _documents(raw: Sequence[bytes]) -> list[Document]:
    return [chat_contact_to(contact) for contact in recognise(_decode(raw), {}, datetime.now(UTC)).contacts.values()]

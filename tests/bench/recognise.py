"""Messages recognised, beside a bare bulk upsert of the same documents: same driver, same write concern.

A worker is a process, as identity runs it: its own loop, driver and producer.
"""

import asyncio
import multiprocessing
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne

from services.identity.domain.recognise import recognise
from services.identity.store.documents import chat_contact_to
from services.identity.store.migrate import migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.contracts import topics
from shared.contracts.chat import ChatEvent, ChatRef, MessageReceivedV1, Sender
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from shared.storage.mongo import Document, connect, database
from shared.web.app import collect_less
from tests.bench.report import spread
from tests.bench.stage import CONNECTION, WORKSPACE, stage

KNOWN = 20_000
BATCH = 500
BATCHES = 16
NEW_SHARE = 0.1
LEAST_RATIOS = {1: 0.5, 2: 0.8}
SIDES = ("upsert", "recognise")

Batch = Sequence[bytes]
Work = Callable[[], Awaitable[None]]


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        for one in (settings, _floor(settings)):
            await migrate(one)
        below: list[str] = []
        for workers, least in LEAST_RATIOS.items():
            below += await asyncio.to_thread(_compare, settings, workers, least, rounds)
        return below


def _floor(settings: KithSettings) -> KithSettings:
    return settings.model_copy(update={"database_prefix": "floor"})


def _compare(settings: KithSettings, workers: int, least: float, rounds: int) -> list[str]:
    spawn = multiprocessing.get_context("spawn")  # the driver's threads do not survive a fork
    together = spawn.Barrier(workers)
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    with ProcessPoolExecutor(workers, spawn, _Worker.begin, (settings, together)) as pool:
        if workers == 1:
            pool.submit(_Worker.fill).result()
        for number in range(rounds + 1):
            for side in random.sample(SIDES, len(SIDES)):
                lanes = [pool.submit(_Worker.take_part, side, lane, workers) for lane in range(workers)]
                times = [lane.result() for lane in lanes]
                took = max(ended for _, ended in times) - min(began for began, _ in times)
                if number:  # the first round warms up
                    rates[side].append(BATCH * BATCHES / took)
    ratios = [mine / bare for mine, bare in zip(rates["recognise"], rates["upsert"], strict=True)]
    print(f"\nrecognise: {workers} worker(s), {KNOWN:,} known, batches of {BATCH}, {NEW_SHARE:.0%} new")
    for side, found in rates.items():
        print(f"  {side:10} {spread(found, 'messages a second')}")
    print(f"  ratio {spread(ratios, '', 2)}; at least {least}")
    median = statistics.median(ratios)
    return [f"recognise with {workers} worker(s) {median:.2f} of {least}"] if median < least else []


class _Worker:
    """What one process keeps between rounds."""

    loop: asyncio.AbstractEventLoop
    together: Any
    """Lets all workers begin in the same moment."""
    use_case: RecogniseSenders
    floor: Any

    @classmethod
    def begin(cls, settings: KithSettings, together: Any) -> None:
        cls.loop = asyncio.new_event_loop()
        cls.together = together
        cls.loop.run_until_complete(cls._connect(settings))
        collect_less()

    @classmethod
    async def _connect(cls, settings: KithSettings) -> None:
        publisher = Publisher(settings, "bench")
        await publisher.start()
        client = connect(settings)
        stores = Stores(client, database(client, settings, "identity"))
        cls.use_case = RecogniseSenders(stores, make_outbox(stores, publisher))
        cls.floor = database(client, _floor(settings), "identity")["chat_contacts"]

    @classmethod
    def fill(cls) -> None:
        """Make everybody known on both sides."""
        for start in range(0, KNOWN, BATCH):
            batch = [_message(number) for number in range(start, start + BATCH)]
            for side in SIDES:
                cls.loop.run_until_complete(cls._work(side, batch)())

    @classmethod
    def take_part(cls, side: str, lane: int, workers: int) -> tuple[float, float]:
        """Do this lane's batches, with people of its own; returns when that began and when it ended."""
        batches = [_messages(range(lane, KNOWN, workers)) for _ in range(lane, BATCHES, workers)]
        work = [cls._work(side, batch) for batch in batches]

        async def do() -> None:
            for piece in work:
                await piece()

        cls.together.wait(60)
        began = time.monotonic()
        cls.loop.run_until_complete(do())
        return began, time.monotonic()

    @classmethod
    def _work(cls, side: str, batch: Batch) -> Work:
        if side == "recognise":
            return lambda: cls.use_case(_decode(batch))
        documents = _documents(batch)  # the floor gets its documents ready made

        async def upsert() -> None:
            writes = [UpdateOne({"_id": doc["_id"]}, {"$set": doc}, upsert=True) for doc in documents]
            await cls.floor.bulk_write(writes, ordered=False)

        return upsert


def _messages(known: range) -> Batch:
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


def _decode(batch: Batch) -> list[ChatEvent]:
    events = [topics.CONVERSATION.adapter.validate_json(one) for one in batch]
    return [event for event in events if isinstance(event, ChatEvent)]


def _documents(batch: Batch) -> list[Document]:
    return [chat_contact_to(contact) for contact in recognise(_decode(batch), {}, datetime.now(UTC)).contacts.values()]

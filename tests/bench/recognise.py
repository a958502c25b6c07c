"""Messages recognised, beside a bare bulk upsert of the same documents: same driver, same write concern.

A worker is a process, as identity runs it: its own loop, driver and producer.
"""

import asyncio
import multiprocessing
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from services.identity.store.migrate import migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from shared.storage.mongo import connect, database
from shared.web.app import collect_less
from tests.bench.people import BATCH, NEW_SHARE, Batch, bare_upserts, decode, floor, message, messages
from tests.bench.report import spread
from tests.bench.stage import stage

KNOWN = 20_000
BATCHES = 16
LEAST_RATIOS = {1: 0.5, 2: 0.8}
SIDES = ("upsert", "recognise")

Work = Callable[[], Awaitable[object]]


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        for one in (settings, floor(settings)):
            await migrate(one)
        below: list[str] = []
        for workers, least in LEAST_RATIOS.items():
            below += await asyncio.to_thread(_compare, settings, workers, least, rounds)
        return below


def _compare(settings: KithSettings, workers: int, least: float, rounds: int) -> list[str]:
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    with worker_pool(settings, workers) as pool:
        if workers == 1:
            pool.submit(Worker.fill, SIDES).result()
        for number in range(rounds + 1):
            for side in random.sample(SIDES, len(SIDES)):
                rate = together(pool, side, workers)
                if number:  # the first round warms up
                    rates[side].append(rate)
    ratios = [mine / bare for mine, bare in zip(rates["recognise"], rates["upsert"], strict=True)]
    print(f"\nrecognise: {workers} worker(s), {KNOWN:,} known, batches of {BATCH}, {NEW_SHARE:.0%} new")
    for side, found in rates.items():
        print(f"  {side:10} {spread(found, 'messages a second')}")
    print(f"  ratio {spread(ratios, '', 2)}; at least {least}")
    median = statistics.median(ratios)
    return [f"recognise with {workers} worker(s) {median:.2f} of {least}"] if median < least else []


@contextmanager
def worker_pool(settings: KithSettings, workers: int) -> Generator[ProcessPoolExecutor]:
    """Start workers, each a process of its own."""
    spawn = multiprocessing.get_context("spawn")  # the driver's threads do not survive a fork
    barrier = spawn.Barrier(workers)
    with ProcessPoolExecutor(workers, spawn, Worker.begin, (settings, barrier)) as pool:
        yield pool


def together(pool: ProcessPoolExecutor, side: str, workers: int) -> float:
    """Have all workers do their batches of a round at the same time; returns messages a second."""
    lanes = [pool.submit(Worker.take_part, side, lane, workers) for lane in range(workers)]
    times = [lane.result() for lane in lanes]
    return BATCH * BATCHES / (max(ended for _, ended in times) - min(began for began, _ in times))


class Worker:
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
        stores = Stores(client, database(client, settings, "identity"), b"bench")
        cls.use_case = RecogniseSenders(stores, make_outbox(stores, publisher))
        cls.floor = database(client, floor(settings), "identity")["chat_contacts"]

    @classmethod
    def fill(cls, sides: Sequence[str]) -> None:
        """Make everybody known."""
        for start in range(0, KNOWN, BATCH):
            batch = [message(number) for number in range(start, start + BATCH)]
            for side in sides:
                cls.loop.run_until_complete(cls._work(side, batch)())

    @classmethod
    def take_part(cls, side: str, lane: int, workers: int) -> tuple[float, float]:
        """Do this lane's batches, with people of its own; returns when that began and when it ended."""
        batches = [messages(range(lane, KNOWN, workers)) for _ in range(lane, BATCHES, workers)]
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
            raw = [event.model_dump_json().encode() for event in batch]
            return lambda: cls.use_case(decode(raw))
        writes = bare_upserts(batch)  # the floor gets its documents ready made

        async def upsert() -> None:
            await cls.floor.bulk_write(writes, ordered=False)

        return upsert

"""Identity as it runs: its own processes read the 24 partitions of `conversation.v1`, beside bare bulk upserts.

The processes are held while the messages are published, so that no producer is measured with them: from when they are
let go until the group's offsets say that all is handled.
"""

import asyncio
import random
import signal
import statistics
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from services.identity.store.migrate import migrate
from shared.contracts import topics
from shared.messaging.kafka import make_admin, make_reader, partitions_of
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from tests.bench.accounts import PATIENCE_SECONDS
from tests.bench.people import BATCH, NEW_SHARE, Batch, floor, message, messages
from tests.bench.recognise import BATCHES, KNOWN, Worker, together, worker_pool
from tests.bench.report import spread
from tests.bench.stage import Running, environment, free_port, running, stage

GROUP = f"identity.{topics.CONVERSATION.name}"
LEAST_RATIOS = {1: 0.45, 2: 0.45}
"""0.6 of what one worker was measured at."""
WITHIN_SECONDS = 180.0


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    below: list[str] = []
    for workers, least in LEAST_RATIOS.items():
        async with stage() as settings, _stream(settings) as stream:
            for one in (settings, floor(settings)):
                await migrate(one)
            below += await _compare(stream, workers, least, rounds)
    return below


async def _compare(stream: "_Stream", workers: int, least: float, rounds: int) -> list[str]:
    rates: dict[str, list[float]] = {"upsert": [], "identity": []}
    costs: list[float] = []
    settings = stream.settings
    async with _identities(settings, workers) as processes:
        await stream.publish([message(number) for number in range(KNOWN)])
        await stream.handled()
        with worker_pool(settings, workers) as pool:
            await asyncio.wrap_future(pool.submit(Worker.fill, ("upsert",)))
            for number in range(rounds + 1):
                for side in random.sample(sorted(rates), len(rates)):
                    rate, cost = await _one(side, stream, processes, pool)
                    if number:  # the first round warms up
                        rates[side].append(rate)
                        costs += [cost] if side == "identity" else []
    ratios = [mine / bare for mine, bare in zip(rates["identity"], rates["upsert"], strict=True)]
    print(f"\npartitions: {workers} worker(s), {len(stream.places)} partitions, {KNOWN:,} known, {NEW_SHARE:.0%} new")
    for side, found in rates.items():
        print(f"  {side:10} {spread(found, 'messages a second')}")
    print(f"  identity's own processor time {spread(costs, 'µs a message')}")
    print(f"  ratio {spread(ratios, '', 2)}; at least {least}")
    median = statistics.median(ratios)
    return [f"partitions with {workers} worker(s) {median:.2f} of {least}"] if median < least else []


async def _one(
    side: str, stream: "_Stream", processes: Sequence[Running], pool: ProcessPoolExecutor
) -> tuple[float, float]:
    """Return messages a second, and µs of identity's own processor time for each."""
    if side == "upsert":
        return await asyncio.to_thread(together, pool, side, len(processes)), 0.0
    with _held(processes):
        await stream.publish([event for _ in range(BATCHES) for event in messages(range(KNOWN))])
        before = sum(one.processor_seconds() for one in processes)
    began = time.perf_counter()
    await stream.handled()
    took = time.perf_counter() - began
    spent = sum(one.processor_seconds() for one in processes) - before
    return BATCHES * BATCH / took, spent / (BATCHES * BATCH) * 1e6


@contextmanager
def _held(processes: Sequence[Running]) -> Generator[None]:
    """Hold processes as they are; for seconds, so that the broker does not miss them."""
    for one in processes:
        one.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for one in processes:
            one.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def _identities(settings: KithSettings, workers: int) -> AsyncGenerator[Sequence[Running]]:
    """Run identity's streams, as `KITH_PARTS=streams` does."""
    async with AsyncExitStack() as stack:
        found: list[Running] = []
        for _ in range(workers):
            port = free_port()
            env = environment(settings, KITH_IDENTITY_PORT=str(port), KITH_PARTS="streams")
            one = running("services.identity", port=port, env=env, ready="/health/ready")
            found.append(await stack.enter_async_context(one))
        yield found


class _Stream:
    """`conversation.v1`, and how far identity's group is with it."""

    def __init__(
        self,
        settings: KithSettings,
        publisher: Publisher,
        admin: AIOKafkaAdminClient,
        places: list[TopicPartition],
    ) -> None:
        self.settings = settings
        self.places = places
        self._publisher = publisher
        self._admin = admin
        self._published = 0

    async def publish(self, events: Batch) -> None:
        await self._publisher.publish(topics.CONVERSATION, events)
        self._published += len(events)

    async def handled(self) -> None:
        """Wait until the group has committed all that was published."""
        until = time.monotonic() + WITHIN_SECONDS
        while True:
            done = await self._admin.list_consumer_group_offsets(GROUP, partitions=self.places)
            if sum(max(0, one.offset) for one in done.values()) == self._published:
                return
            if time.monotonic() > until:
                raise RuntimeError(f"identity did not handle {self._published} messages within {WITHIN_SECONDS:.0f} s")
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _stream(settings: KithSettings) -> AsyncGenerator[_Stream]:
    publisher, reader, admin = (
        Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS),
        make_reader(settings, "bench"),
        make_admin(settings),
    )
    await publisher.start()
    await reader.start()
    await admin.start()
    try:
        places = await partitions_of(reader, topics.CONVERSATION.name)
        yield _Stream(settings, publisher, admin, places)
    finally:
        await admin.close()
        await reader.stop()
        await publisher.stop()

"""From a webhook to the row that an agent sees: the whole path, at half of what it sustains."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

from shared.contracts.ids import chat_contact_id
from tests.bench.report import percentile
from tests.e2e.kith import Kith, a_kith, until
from tests.e2e.telegram import a_message

FLOOD = 3_000
FLOOD_SECONDS = 180.0
PROBES = 300
GOAL_MS = 250
FLOOD_CONNECTIONS = 32
FIRST_PERSON = 2_000_000_000


async def run(*, rounds: int) -> list[str]:  # noqa: ARG001 - one long run, not rounds
    """Print the figures. Absolute, so that nothing here can fail."""
    async with a_kith(KITH_LOG_LEVEL="WARNING") as kith:
        # a connection without a scenario: what is measured is becoming visible, not a provider's answers
        await kith.call("PATCH", f"/api/ingest/connections/{kith.bot['id']}", body={"scenario": SILENT})
        sustained = await _sustained(kith)
        rate = sustained / 2
        async with _seen(kith) as seen:
            times = await _probe(kith, seen, rate)
    print(f"\nlatency: webhook to the row in the live page, {len(times)} probes at {rate:,.0f} messages a second")
    print(f"  the whole path sustains {sustained:,.0f} a second (services, broker, database and load on one machine)")
    print(
        f"  p50 {percentile(times, 0.5) * 1000:,.0f} ms, p99 {percentile(times, 0.99) * 1000:,.0f} ms, "
        f"worst {max(times) * 1000:,.0f} ms; goal p99 {GOAL_MS} ms"
    )
    return []


SILENT = {"name": "Silent", "start": "end", "steps": {"end": {"do": "end"}}}


async def _sustained(kith: Kith) -> float:
    """Write as fast as it is taken, and return how many people a second became visible."""
    address = f"http://127.0.0.1:{kith.ports['ingest']}/hooks/telegram/{kith.bot['id']}"
    before = await _visitors(kith)
    numbers = iter(range(FLOOD))
    began = time.perf_counter()

    async def write() -> None:
        for number in numbers:
            await _post(kith, address, FIRST_PERSON + number)

    await asyncio.gather(*(write() for _ in range(FLOOD_CONNECTIONS)))

    async def all_visible() -> bool:
        return await _visitors(kith) >= before + FLOOD

    await until(all_visible, FLOOD_SECONDS)
    return FLOOD / (time.perf_counter() - began)


async def _visitors(kith: Kith) -> int:
    _, found = await kith.get("/api/identity/chat-contacts", profile="none", limit=1)
    return int(found["total"])


async def _post(kith: Kith, address: str, person: int) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": kith.bot["secret"]}
    async with kith.session.post(address, json=a_message(person), headers=headers) as answer:
        if answer.status != 200:
            raise RuntimeError(f"a webhook was answered {answer.status}")


@asynccontextmanager
async def _seen(kith: Kith) -> AsyncGenerator[dict[str, float]]:
    """Keep when each chat contact was first told of on the live stream, by id."""
    found: dict[str, float] = {}
    headers = {"Authorization": f"Bearer {kith.api_key}"}
    ready = asyncio.Event()

    async def listen() -> None:
        address = f"{kith.origin}/api/notification/live"
        timeout = aiohttp.ClientTimeout(total=None)
        async with kith.session.get(address, headers=headers, timeout=timeout) as stream:
            async for line in stream.content:
                ready.set()
                if line.startswith(b"data:") and b'"chat-contact"' in line:
                    for id_ in _ids(line):
                        found.setdefault(id_, time.perf_counter())

    task = asyncio.create_task(listen())
    await asyncio.wait_for(ready.wait(), 30)
    try:
        yield found
    finally:
        task.cancel()


def _ids(line: bytes) -> list[str]:
    return [part.split('"')[0] for part in line.decode().replace('"id": "', '"id":"').split('"id":"')[1:]]


async def _probe(kith: Kith, seen: dict[str, float], rate: float) -> list[float]:
    """Write at a rate; of some of those who write, measure until their row could be read."""
    connection = kith.bot["id"]
    address = f"http://127.0.0.1:{kith.ports['ingest']}/hooks/telegram/{connection}"
    every = max(1, int(rate * 10 / PROBES))
    sent: dict[str, float] = {}
    tasks: set[asyncio.Task[None]] = set()
    began = time.perf_counter()
    for number in range(int(rate * 10)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        person = FIRST_PERSON + FLOOD + number
        if number % every == 0:
            sent[chat_contact_id(kith.workspace_id, connection, str(person))] = time.perf_counter()
        task = asyncio.create_task(_post(kith, address, person))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)

    async def all_seen() -> bool:
        return sent.keys() <= seen.keys()

    await until(all_seen)
    read = await _reading(kith, next(iter(sent)))
    return [seen[id_] - at + read for id_, at in sent.items() if id_ in seen]


async def _reading(kith: Kith, id_: str) -> float:
    """Return the median of reading a row that was told of, as the page does."""
    took: list[float] = []
    for _ in range(21):
        began = time.perf_counter()
        await kith.get("/api/identity/chat-contacts", profile="none", id=id_)
        took.append(time.perf_counter() - began)
    return percentile(took, 0.5)

"""How long lists of clients take at 10,000 and at 1,000,000, while 1,000 more come each second.

Each request goes to identity as it runs, over HTTP, one after the other; beside it stands the floor, the bare query of
the index that finds as many rows, by the driver in this process. Sizes, kinds and sides take turns in one run. Into
the smaller workspace nobody comes, as it would soon be another size: there the newcomers belong to a neighbour in the
same collection.
"""

import asyncio
import hashlib
import multiprocessing
import random
import statistics
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from bson.max_key import MaxKey
from bson.min_key import MinKey
from pymongo import MongoClient

from services.identity.store.migrate import BY_CREATED, BY_FACET, migrate
from shared.contracts import topics
from shared.contracts.accounts import ApiKeyStateV1
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from shared.storage.mongo import Document, connect, database
from tests.bench import clients
from tests.bench.accounts import API_KEY, KEY_SECRET, PATIENCE_SECONDS, WORKSPACE
from tests.bench.report import percentile
from tests.bench.sizes import CACHE_GB
from tests.bench.stage import environment, free_port, running, stage

SIZES = (10_000, 1_000_000)
PAGE = 50
OF_EACH = 60
"""Requests of each kind in a round."""
FLAT = 1.5
"""How many times its time with the fewest clients a list may take with the most, at the median."""
KNOWN_WITHIN_SECONDS = 600
Params = Sequence[tuple[str, str]]
_FACETS = {"tag": "t", "group": "g", "segment": "sg", "source": "source"}


def _digits(size: int) -> str:
    return "".join(random.choices("0123456789", k=size))


def _prefix(word: str, least: int = 3) -> str:
    return word[: random.randint(least, max(least, len(word)))]


def _email() -> str:
    return _prefix(f"{random.choice(clients.FIRST_NAMES)}.{random.choice(clients.SURNAMES)}".lower(), 4)


def _single() -> Params:
    return [
        random.choice(
            [
                ("registered", random.choice(["true", "false"])),
                ("source", random.choice(list(clients.SOURCES))),
                ("tag", random.choice([*clients.TAGS, *clients.TAGS[:30]])),
                ("not_tag", random.choice(clients.TAGS)),
                ("group", random.choice(clients.GROUPS)),
                ("segment", random.choice(clients.SEGMENTS)),
            ]
        )
    ]


def _pair() -> Params:
    while (one := _single()[0]) == (other := _single()[0]) or one[0] == other[0] == "registered":
        pass
    return [one, other]


def _apart() -> Params:
    """Return two that are common and that nobody has together."""
    return [("tag", clients.HOT_LEAD), ("source", random.choice(["whatsapp", "widget", "telegram", "messenger"]))]


KINDS: Mapping[str, Callable[[], Params]] = {
    "first page": list,
    "one filter": _single,
    "two filters": _pair,
    "two that nobody has both of": _apart,
    "word of the name": lambda: [("search", _prefix(random.choice([*clients.FIRST_NAMES, *clients.SURNAMES])))],
    "email": lambda: [("search", _email())],
    "phone's first digits": lambda: [
        ("search", f"{random.choice(['47', '44', '1', '49'])}{_digits(random.randint(1, 6))}")
    ],
    "phone's last digits": lambda: [("search", _digits(random.randint(3, 8)))],
    "word and a filter": lambda: [("search", _prefix(random.choice(clients.FIRST_NAMES))), *_single()],
}


@dataclass(slots=True)
class Place:
    """So many clients in a database of their own, with an identity over it."""

    people: int
    settings: KithSettings
    newcomers: str
    """The workspace into which they come."""
    port: int = field(default_factory=free_port)
    took: dict[str, list[float]] = field(default_factory=lambda: {kind: list[float]() for kind in KINDS})
    floor: dict[str, list[float]] = field(default_factory=lambda: {kind: list[float]() for kind in KINDS})
    slowest: dict[str, tuple[float, Params]] = field(default_factory=dict[str, tuple[float, Params]])
    come: int = 0
    seconds: float = 0

    @property
    def database(self) -> str:
        return f"{self.settings.database_prefix}_identity"


async def run(*, rounds: int, known: Sequence[int] = SIZES) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings, AsyncExitStack() as stack:
        await _let_in(settings)
        client = connect(settings)
        await client.admin.command({"setParameter": 1, "wiredTigerEngineRuntimeConfig": f"cache_size={CACHE_GB}G"})
        places = [
            Place(
                people,
                settings.model_copy(update={"database_prefix": f"lists{people}"}),
                WORKSPACE if people == max(known) else "ws_neighbour",
            )
            for people in sorted(set(known))
        ]
        for place in places:
            began = time.perf_counter()
            await migrate(place.settings)
            await database(client, place.settings, "identity")["clients"].drop()
            await asyncio.to_thread(clients.fill, settings.mongo, place.database, place.people)
            size = await client[place.database].command("collStats", "clients")
            print(
                f"{place.people:,} clients: filled within {time.perf_counter() - began:.0f} s, documents "
                f"{size['size'] / 1e6:,.0f} MB, indexes {size['totalIndexSize'] / 1e6:,.0f} MB",
                flush=True,
            )
            await stack.enter_async_context(_identity(place))
        web = await stack.enter_async_context(aiohttp.ClientSession(headers={"Authorization": f"Bearer {API_KEY}"}))
        bare = stack.enter_context(MongoClient[Document](settings.mongo))
        for place in places:
            await _until_counted(web, place)
        for number in range(rounds + 1):
            for place in random.sample(places, len(places)):
                await _block(web, bare, place, counted=number > 0)
        client.close()
    return _report(places)


async def _let_in(settings: KithSettings) -> None:
    key = ApiKeyStateV1(
        id="key_bench",
        time=datetime.now(UTC),
        workspace_id=WORKSPACE,
        rev=1,
        name="Bench",
        secret_sha256=hashlib.sha256(KEY_SECRET.encode()).hexdigest(),
        scopes=("people:read",),
        active=True,
    )
    publisher = Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
    await publisher.start()
    await publisher.publish(topics.ACCESS, [key])
    await publisher.stop()


@asynccontextmanager
async def _identity(place: Place) -> AsyncGenerator[None]:
    env = environment(
        place.settings,
        KITH_IDENTITY_PORT=str(place.port),
        KITH_DATABASE_PREFIX=place.settings.database_prefix,
        KITH_PARTS="web",
    )
    async with running("services.identity", port=place.port, env=env, ready="/health/ready"):
        yield


async def _until_counted(web: aiohttp.ClientSession, place: Place) -> None:
    """Wait until a large workspace is known by heart, as it is a short time after a start."""
    began = time.perf_counter()
    while time.perf_counter() - began < KNOWN_WITHIN_SECONDS:
        found, _ = await _ask(web, place, [("registered", "true"), ("not_tag", clients.TAGS[-1])])
        if found["total_is_exact"]:
            seconds = time.perf_counter() - began
            print(f"{place.people:,} clients: any filter counted exactly {seconds:.0f} s after the first request")
            return
        await asyncio.sleep(1)
    raise RuntimeError("the crowd never became known")


async def _ask(web: aiohttp.ClientSession, place: Place, params: Params) -> tuple[dict[str, Any], float]:
    began = time.perf_counter()
    address = f"http://127.0.0.1:{place.port}/api/identity/clients"
    async with web.get(address, params=[*params, ("limit", str(PAGE))]) as answer:
        body: dict[str, Any] = await answer.json()
        assert answer.status == 200, body
    return body, (time.perf_counter() - began) * 1_000


async def _block(web: aiohttp.ClientSession, bare: MongoClient[Document], place: Place, *, counted: bool) -> None:
    """Ask each kind in turn while newcomers come."""
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    process = spawn.Process(target=clients.arrive, args=(place.settings.mongo, place.database, place.newcomers, stop))
    process.start()
    before = bare[place.database]["clients"].estimated_document_count()
    began = time.monotonic()
    try:
        for _ in range(OF_EACH):
            for kind, make in KINDS.items():
                params = make()
                _, took = await _ask(web, place, params)
                floor = _floor(bare, place, params)
                if counted:
                    place.took[kind].append(took)
                    place.floor[kind].append(floor)
                    place.slowest[kind] = max(place.slowest.get(kind, (0.0, [])), (took, params))
    finally:
        stop.set()
        await asyncio.to_thread(process.join)
    if counted:
        place.seconds += time.monotonic() - began
        place.come += bare[place.database]["clients"].estimated_document_count() - before


def _floor(bare: MongoClient[Document], place: Place, params: Params) -> float:
    """Read as many rows off the index that finds them, and nothing else; returns milliseconds."""
    began = time.perf_counter()
    index, low, high = _stretch(dict(params))
    found = bare[place.database]["clients"].find({"workspace_id": WORKSPACE}, batch_size=PAGE + 1)
    list(found.hint(index).min(low).max(high).limit(PAGE + 1))
    return (time.perf_counter() - began) * 1_000


def _stretch(params: Mapping[str, str]) -> tuple[str, list[tuple[str, Any]], list[tuple[str, Any]]]:
    here: list[tuple[str, Any]] = [("workspace_id", WORKSPACE)]
    newest: list[tuple[str, Any]] = [("created_at", MaxKey()), ("_id", MinKey())]
    oldest: list[tuple[str, Any]] = [("created_at", MinKey()), ("_id", MaxKey())]
    search = params.get("search")
    if search is not None:
        kind = "p" if search.isdigit() else "e" if "." in search else "w"
        prefix = f"{kind}:{search.lower()}"
        return BY_FACET, [*here, ("facets", prefix), *newest], [*here, ("facets", prefix + "\U0010ffff"), *newest]
    facets = [f"{_FACETS[name]}:{value}" for name, value in params.items() if name in _FACETS]
    if "registered" in params:
        facets.append("registered:yes" if params["registered"] == "true" else "registered:no")
    if not facets:
        return BY_CREATED, [*here, *newest], [*here, *oldest]
    return BY_FACET, [*here, ("facets", facets[-1]), *newest], [*here, ("facets", facets[-1]), *oldest]


def _report(places: Sequence[Place]) -> list[str]:
    print(
        f"\nlists: pages of {PAGE} over HTTP, one after the other, WiredTiger's cache {CACHE_GB} GB; "
        "ms at p50 and p99, the bare indexed query's beside them"
    )
    for place in places:
        print(f"  {place.people:,} clients, {place.come / place.seconds:,.0f} more a second while it was measured")
        for kind in KINDS:
            took, floor = place.took[kind], place.floor[kind]
            longest, params = place.slowest[kind]
            slowest = ", ".join(f"{name}={value}" for name, value in params)
            print(
                f"    {kind:28} {statistics.median(took):6.1f} {percentile(took, 0.99):7.1f}   bare "
                f"{statistics.median(floor):5.1f} {percentile(floor, 0.99):6.1f}   ratio "
                f"{statistics.median(took) / statistics.median(floor):5.1f}   slowest {longest:.0f}: {slowest}"
            )
    below: list[str] = []
    first, last = places[0], places[-1]
    if first is not last:
        print(f"  {last.people:,} beside {first.people:,}, at p50 and p99")
        for kind in KINDS:
            now, few = last.took[kind], first.took[kind]
            ratios = statistics.median(now) / statistics.median(few), percentile(now, 0.99) / percentile(few, 0.99)
            print(f"    {kind:28} {ratios[0]:6.2f} {ratios[1]:7.2f}")
            if ratios[0] > FLAT:
                below.append(
                    f"lists: {kind}: {last.people:,} take {ratios[0]:.2f} times {first.people:,}, at most {FLAT}"
                )
    return below

"""What a message costs while few and while very many people are known, and what one index adds to that.

Costs are processor time, of identity's process and of mongod; the broker's is not among them, as it knows nobody. Sizes
and sides take turns in one run. All who write are drawn evenly from all who are known, which is the hardest case: no
page of the database is written twice by chance. mongod's checkpoints are held back, and each stretch of messages pays
for its own. Before the first round everything is read once: a cache that nobody has used yet is filled by whoever comes
first: what a page costs from the disk is the disk's figure, not ours.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from services.identity.store.migrate import BY_KIND, migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.recognise_senders import RecogniseSenders
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from shared.storage.mongo import Client, connect, database
from shared.web.app import collect_less
from tests.bench.accounts import PATIENCE_SECONDS
from tests.bench.crowd import fill_both
from tests.bench.people import BATCH, NEW_SHARE, Batch, bare_upserts, decode, floor, messages
from tests.bench.report import spread
from tests.bench.stage import stage

SIZES = (1_000, 100_000, 1_000_000)
BATCHES = 16
CACHE_GB = 8
"""Above all that is read and written here: both sides of each size, in one server."""
FLAT = 1.2
"""How many times what it costs with the fewest people a message may cost with the most: of our own processor time, and
of the whole beside what the bare upserts grow by. A page that is written for one person alone is the engine's price."""
SIDES = ("upsert", "recognise")


@dataclass(frozen=True, slots=True)
class Cost:
    """µs of processor time a message."""

    own: float
    mongod: float
    checkpoint: float
    """mongod's, of writing what was changed to its files once."""

    @property
    def total(self) -> float:
        return self.own + self.mongod + self.checkpoint


@dataclass(slots=True)
class Place:
    """A number of people in a database of their own, and in the floor's."""

    known: int
    settings: KithSettings
    without: str | None = None
    """An index that is missing in identity's."""
    costs: dict[str, list[Cost]] = field(default_factory=lambda: {side: list[Cost]() for side in SIDES})

    @property
    def name(self) -> str:
        return f"{self.known:,} known" + (f", no {self.without}" if self.without else "")

    def figure(self, side: str) -> str:
        """Write a message's cost, and its parts."""
        parts = zip(*((cost.own, cost.mongod, cost.checkpoint) for cost in self.costs[side]), strict=True)
        return f"{spread(self.totals(side), 'µs')}: {', '.join(f'{statistics.median(part):.0f}' for part in parts)}"

    def own(self, side: str) -> list[float]:
        return [cost.own for cost in self.costs[side]]

    def totals(self, side: str) -> list[float]:
        return [cost.total for cost in self.costs[side]]


async def run(*, rounds: int, known: Sequence[int] = SIZES) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        client, publisher = connect(settings), Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
        await publisher.start()
        places = [Place(number, _prefixed(settings, f"known{number}")) for number in sorted(set(known))]
        middle = places[len(places) // 2].known
        places.append(Place(middle, _prefixed(settings, f"without{middle}"), without=BY_KIND))
        try:
            await _make_room(client)
            for place in places:
                await _fill(client, place)
            for place in places:
                await _warm(client, place)
            collect_less()
            for number in range(rounds + 1):
                for place in random.sample(places, len(places)):
                    for side in random.sample(SIDES, len(SIDES)):
                        cost = await _stretch(client, publisher, place, side)
                        if number:  # the first round warms up
                            place.costs[side].append(cost)
        finally:
            await publisher.stop()
            client.close()
    return _report(places)


def _prefixed(settings: KithSettings, prefix: str) -> KithSettings:
    return settings.model_copy(update={"database_prefix": prefix})


async def _make_room(client: Client) -> None:
    await client.admin.command({"setParameter": 1, "wiredTigerEngineRuntimeConfig": f"cache_size={CACHE_GB}G"})
    await client.admin.command({"setParameter": 1, "syncdelay": 0})


async def _fill(client: Client, place: Place) -> None:
    began = time.perf_counter()
    names = [database(client, settings, "identity").name for settings in (place.settings, floor(place.settings))]
    await asyncio.to_thread(fill_both, place.settings.mongo, names[0], names[1], place.known)
    for settings in (place.settings, floor(place.settings)):
        await migrate(settings)
    own = database(client, place.settings, "identity")
    if place.without:
        await own["chat_contacts"].drop_index(place.without)
    size = await own.command("collStats", "chat_contacts")
    print(
        f"{place.name}: filled within {time.perf_counter() - began:.0f} s, documents {size['size'] / 1e6:,.0f} MB, "
        f"indexes {size['totalIndexSize'] / 1e6:,.0f} MB",
        flush=True,
    )


async def _warm(client: Client, place: Place) -> None:
    """Read every document and every index into the cache."""
    await client.admin.command("fsync")
    for settings in (place.settings, floor(place.settings)):
        contacts = database(client, settings, "identity")["chat_contacts"]
        read = {"$group": {"_id": None, "bytes": {"$sum": {"$bsonSize": "$$ROOT"}}}}
        await contacts.aggregate([read]).to_list(None)
        for name in await contacts.index_information():
            await contacts.aggregate([{"$match": {}}, {"$count": "all"}], hint=name).to_list(None)


async def _stretch(client: Client, publisher: Publisher, place: Place, side: str) -> Cost:
    batches = [messages(range(place.known)) for _ in range(BATCHES)]
    settings = place.settings if side == "recognise" else floor(place.settings)
    work = [_work(client, publisher, settings, side, batch) for batch in batches]
    await client.admin.command("fsync")
    own, mongod = time.process_time(), await _mongod_seconds(client)
    for piece in work:
        await piece()
    own, done = time.process_time() - own, await _mongod_seconds(client)
    await client.admin.command("fsync")
    written = await _mongod_seconds(client)
    # everybody new goes again, so that the place keeps its size
    contacts = database(client, settings, "identity")["chat_contacts"]
    await contacts.delete_many({"_id": {"$in": list(_newcomers(batches, place.known))}})
    parts = (seconds / (BATCH * BATCHES) * 1e6 for seconds in (own, done - mongod, written - done))
    return Cost(*parts)


def _work(
    client: Client, publisher: Publisher, settings: KithSettings, side: str, batch: Batch
) -> Callable[[], Awaitable[object]]:
    if side == "recognise":
        stores = Stores(client, database(client, settings, "identity"), b"bench")
        use_case = RecogniseSenders(stores, make_outbox(stores, publisher))
        raw = [event.model_dump_json().encode() for event in batch]
        return lambda: use_case(decode(raw))
    contacts = database(client, settings, "identity")["chat_contacts"]
    writes = bare_upserts(batch)  # the floor gets its documents ready made
    return lambda: contacts.bulk_write(writes, ordered=False)


def _newcomers(batches: Iterable[Batch], known: int) -> Iterable[str]:
    return (event.chat_contact_id for batch in batches for event in batch if int(event.message_id) >= known)


async def _mongod_seconds(client: Client) -> float:
    """Return the processor time that mongod has taken, by its own account: it may run in a container."""
    extra = (await client.admin.command("serverStatus"))["extra_info"]
    return (extra["user_time_us"] + extra["system_time_us"]) / 1e6


def _report(places: Sequence[Place]) -> list[str]:
    print(
        f"\nsizes: one worker, batches of {BATCH}, {NEW_SHARE:.0%} new, WiredTiger's cache {CACHE_GB} GB; "
        "µs of processor time a message (own, mongod's, its checkpoint's)"
    )
    first, last = places[0], next(place for place in reversed(places) if place.without is None)
    for place in places:
        print(f"  {place.name}")
        print(f"    bare  {place.figure('upsert')}; beside {first.name} {_beside(place, first, 'upsert')}")
        print(f"    Kith  {place.figure('recognise')}; beside {first.name} {_beside(place, first, 'recognise')}")
        print(f"    ratio {spread(_ratios(place.totals('upsert'), place.totals('recognise')), '', 2)}")
    for place in places:
        if place.without:
            whole = next(one for one in places if one.known == place.known and one.without is None)
            costs = _ratios(whole.totals("recognise"), place.totals("recognise"))
            print(f"  {place.without}: with it {spread(costs, 'times', 2)} of what a message costs without")
    own = _grown(last.own("recognise"), first.own("recognise"))
    whole, bare = (_grown(last.totals(side), first.totals(side)) for side in ("recognise", "upsert"))
    print(
        f"  {last.name} beside {first.name}: our own {own:.2f}, all {whole:.2f}, bare {bare:.2f}; ours at most {FLAT}"
    )
    grown = {"our own processor time": own, "all, beside the bare upserts,": whole / max(1.0, bare)}
    return [f"sizes: {what} {times:.2f} times as much, at most {FLAT}" for what, times in grown.items() if times > FLAT]


def _beside(place: Place, first: Place, side: str) -> str:
    return spread(_ratios(place.totals(side), first.totals(side)), "", 2)


def _grown(most: Sequence[float], fewest: Sequence[float]) -> float:
    return statistics.median(_ratios(most, fewest))


def _ratios(above: Sequence[float], beneath: Sequence[float]) -> list[float]:
    return [a / b for a, b in zip(above, beneath, strict=True)]

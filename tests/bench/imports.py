"""A file of people imported, beside a bare bulk insert of the same documents into the same indexes, in the same run.

Both sides take turns, on a database that fills up: parts of a file are imported, as many documents inserted. The import
reads cells, checks phones and emails, looks who is there, writes clients and their outbox's rows in one transaction a
chunk, and publishes each client; the floor gets its documents ready made, and does none of that.
"""

import random
import statistics
import time
from collections.abc import AsyncIterator, Sequence

from services.identity.domain.imports import ROWS_AT_ONCE, Import
from services.identity.store.migrate import migrate
from services.identity.store.stores import Stores, make_outbox
from services.identity.usecases.import_people import ImportPeople
from services.identity.usecases.manage_imports import ManageImports, Wanted
from services.identity.usecases.take_import import TakeImport, Told
from services.identity.usecases.work_on_imports import WorkOnImports
from shared.contracts import topics
from shared.messaging.publisher import Publisher
from shared.settings import KithSettings
from shared.storage.mongo import Database, Document, connect, database
from shared.web.app import collect_less
from tests.bench.accounts import PATIENCE_SECONDS, WORKSPACE
from tests.bench.people import floor
from tests.bench.report import spread
from tests.bench.stage import stage

ROWS = 20_000
"""Of one round."""
LEAST_RATIO = 0.3
LEAST_RATE, GOAL_RATE = 3_500, 5_000
_FIRST = ("Zoë", "Ann", "Mehmet", "Sofía", "Jürgen", "Ngozi", "李", "Olga", "Per", "Fatima")
_LAST = ("Ünal", "Berg", "García", "Müller", "Okafor", "王", "Iwanowa", "Hansen", "Haddad", "Smith")
_CITIES = ("Oslo", "Köln", "Madrid", "Lagos", "Bergen")
HEADER = "First name,Last name,Email,Phone,Customer number,Tags,City,Country,Language\r\n"


def row(number: int) -> str:
    """Return a line of the file: everybody has a phone and an email of their own, and a tag or two."""
    first, last = _FIRST[number % 10], _LAST[number // 10 % 10]
    phone = f"+479{number % 10_000_000:07}" if number % 2 else f"+4915{number % 1_000_000_000:09}"
    tags = "vip;newsletter" if number % 10 == 0 else "newsletter"
    return (
        f"{first},{last},p{number}@example{number % 50}.org,{phone},K-{number},{tags},{_CITIES[number % 5]},NO,en\r\n"
    )


async def run(*, rounds: int) -> list[str]:
    """Print the figures; returns what is below its bound."""
    async with stage() as settings:
        for one in (settings, floor(settings)):
            await migrate(one)
        publisher = Publisher(settings, "bench", patience_seconds=PATIENCE_SECONDS)
        await publisher.start()
        try:
            return await _compare(settings, publisher, rounds)
        finally:
            await publisher.stop()


async def _compare(settings: KithSettings, publisher: Publisher, rounds: int) -> list[str]:
    client = connect(settings)
    stores = Stores(client, database(client, settings, "identity"), b"bench")
    await publisher.know(topics.CLIENT)
    importer = _Importer(stores, WorkOnImports(stores, ImportPeople(stores, make_outbox(stores, publisher))))
    bare = database(client, floor(settings), "identity")
    rates: dict[str, list[float]] = {name: [] for name in ("upload", "check", "import", "insert", "undo")}
    collect_less()
    for number in range(rounds + 1):
        start = number * ROWS
        taken, seconds = await importer.upload(start)
        found = {"upload": ROWS / seconds, "check": await importer.check(taken)}
        found["import"] = await importer.run(taken)
        found["insert"] = await _insert(stores, bare, taken)  # of the documents that the import made
        if number == rounds:
            found["undo"] = await importer.undo(taken)
        for name, rate in found.items():
            if number or name == "undo":  # the first round warms up
                rates[name].append(rate)
    client.close()
    ratios = [mine / floor_ for mine, floor_ in zip(rates["import"], rates["insert"], strict=True)]
    print(
        f"\nimport: {ROWS:,} rows a round, chunks of {ROWS_AT_ONCE}, one process; up to {ROWS * (rounds + 1):,} known"
    )
    for name, figures in rates.items():
        print(f"  {name:8} {spread(figures, 'rows a second')}")
    print(f"  ratio {spread(ratios, '', 2)} of the bare insert; at least {LEAST_RATIO}")
    print(f"  wanted: {LEAST_RATE:,} rows a second of import, better {GOAL_RATE:,}")
    below: list[str] = []
    if statistics.median(ratios) < LEAST_RATIO:
        below.append(f"import {statistics.median(ratios):.2f} of {LEAST_RATIO}")
    return below


class _Importer:
    """Somebody who imports, and the worker."""

    def __init__(self, stores: Stores, work: WorkOnImports) -> None:
        self._stores = stores
        self._work = work
        self._take = TakeImport(stores)
        self._manage = ManageImports(stores, work.wake)

    async def upload(self, start: int) -> tuple[Import, float]:
        text = (HEADER + "".join(row(number) for number in range(start, start + ROWS))).encode()

        async def body() -> AsyncIterator[bytes]:
            for place in range(0, len(text), 65_536):
                yield text[place : place + 65_536]

        began = time.perf_counter()
        found = await self._take(WORKSPACE, "usr_bench", Told("people.csv"), body())
        return found, time.perf_counter() - began

    async def check(self, taken: Import) -> float:
        mapping = {place: c.suggested for place, c in enumerate(taken.columns) if c.suggested}
        await self._manage.check(WORKSPACE, taken.id, Wanted(mapping, "email", "update", None, ()))
        return await self._timed()

    async def run(self, taken: Import) -> float:
        await self._manage.run(WORKSPACE, taken.id)
        return await self._timed()

    async def undo(self, taken: Import) -> float:
        await self._manage.undo(WORKSPACE, taken.id)
        return await self._timed()

    async def _timed(self) -> float:
        began = time.perf_counter()
        if not await self._work.one():
            raise RuntimeError("nothing waited")
        return ROWS / (time.perf_counter() - began)


async def _insert(stores: Stores, bare: Database, taken: Import) -> float:
    """Insert the documents that the import made, shuffled as new ones come, in bulks of the same size."""
    made: list[Document] = await stores.clients.collection.find({"imported_by": taken.id}).to_list(None)
    random.shuffle(made)
    began = time.perf_counter()
    for chunk in _chunks(made):
        await bare["clients"].insert_many(chunk, ordered=False)
    return len(made) / (time.perf_counter() - began)


def _chunks(documents: Sequence[Document]) -> list[list[Document]]:
    return [list(documents[place : place + ROWS_AT_ONCE]) for place in range(0, len(documents), ROWS_AT_ONCE)]

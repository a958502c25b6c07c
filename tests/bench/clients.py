"""Clients with the skew of real ones: few tags on many, many tags on few, some tags of one channel alone."""

import multiprocessing
import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from multiprocessing.synchronize import Event
from typing import Any

from pymongo import MongoClient, WriteConcern

from services.identity.domain.client import Client, Holding
from services.identity.store.client_documents import client_to
from services.identity.store.migrate import INDEXES
from shared.contracts.chat import Channel
from shared.contracts.ids import new_id
from shared.storage.mongo import Document
from tests.bench.accounts import WORKSPACE

CHUNK = 2_000
ARRIVALS_A_SECOND = 1_000
ARRIVALS_AT_ONCE = 100
SOURCES: dict[Channel, float] = {
    "whatsapp": 0.42,
    "widget": 0.25,
    "telegram": 0.14,
    "instagram": 0.12,
    "messenger": 0.06,
    "custom": 0.01,
}
TAGS = [f"tag_{number:024x}" for number in range(300)]
"""By how many have them: the n-th has about 1/n of what the first has."""
HOT_LEAD = "tag_hot"
"""On some of those who came by Instagram, and on nobody else."""
GROUPS = [f"grp_{number:024x}" for number in range(40)]
SEGMENTS = [f"seg_{number:024x}" for number in range(40)]
_SYLLABLES = ["an", "ma", "ri", "lu", "ka", "jo", "el", "so", "ben", "tor", "vi", "da", "ha", "no", "pe", "ste", "gu"]
_CODES = ["47", "44", "1", "49", "34", "55", "91", "62"]
_DOMAINS = ["gmail.com", "outlook.com", "example.com", "example.org", "yahoo.com"]
_YEAR_SECONDS = 365 * 24 * 3600


def _name(number: int, syllables: int) -> str:
    found = ""
    for _ in range(syllables):
        number, place = divmod(number, len(_SYLLABLES))
        found += _SYLLABLES[place]
    return found.capitalize()


FIRST_NAMES = [_name(number * 7, 3) for number in range(600)]
SURNAMES = [_name(number * 3 + 1, 4) for number in range(20_000)]


def _skewed(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


_FIRST, _LAST, _TAG, _GROUP = (_skewed(len(names)) for names in (FIRST_NAMES, SURNAMES, TAGS, GROUPS))


def somebody(chance: random.Random, workspace_id: str, at: datetime) -> Client:
    """Return a client of this moment."""
    (first,), (last,) = chance.choices(FIRST_NAMES, cum_weights=_FIRST), chance.choices(SURNAMES, cum_weights=_LAST)
    (source,) = chance.choices(list(SOURCES), list(SOURCES.values()))
    id_, holdings = new_id("cl"), list[Holding]()
    if chance.random() < 0.7:
        phone = f"+{chance.choice(_CODES)}{chance.randrange(10**8, 10**9)}"
        holdings.append(Holding("phone", phone, "stated", at, id_))
    if chance.random() < 0.55:
        email = f"{first}.{last}{chance.randrange(1_000)}@{chance.choice(_DOMAINS)}".lower()
        holdings.append(Holding("email", email, "stated", at, id_))
    tags = set(chance.choices(TAGS, cum_weights=_TAG, k=chance.randrange(5)))
    if source == "instagram" and chance.random() < 0.3:
        tags.add(HOT_LEAD)
    return Client(
        id=id_,
        workspace_id=workspace_id,
        rev=1,
        name=first,
        surname=last,
        created_at=at,
        changed_at=at,
        origin=source,
        registered=chance.random() < 0.62,
        tags=tuple(sorted(tags)),
        groups=tuple(set(chance.choices(GROUPS, cum_weights=_GROUP, k=chance.randrange(3)))),
        segments=tuple(set(chance.choices(SEGMENTS, cum_weights=_GROUP, k=chance.randrange(3)))),
        holdings=tuple(holdings),
    )


def fill(mongo: str, name: str, people: int) -> None:
    """Make so many clients known in a database, and build identity's indexes over them."""
    lanes = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")  # the driver's threads do not survive a fork
    with ProcessPoolExecutor(lanes, spawn) as pool:
        chunks = [min(CHUNK, people - start) for start in range(0, people, CHUNK)]
        for done in [pool.submit(_insert, mongo, name, chunks[lane::lanes], lane) for lane in range(lanes)]:
            done.result()
    with MongoClient[Document](mongo) as client:
        client[name]["clients"].create_indexes(INDEXES["clients"])


def _insert(mongo: str, name: str, chunks: list[int], seed: int) -> None:
    chance, now = random.Random(seed), datetime.now(UTC)
    with MongoClient[dict[str, Any]](mongo) as client:
        clients = client[name].get_collection("clients", write_concern=WriteConcern(w=1, j=False))
        for size in chunks:
            made = (now - timedelta(milliseconds=chance.randrange(_YEAR_SECONDS * 1_000)) for _ in range(size))
            clients.insert_many([client_to(somebody(chance, WORKSPACE, at)) for at in made], ordered=False)


def arrive(mongo: str, name: str, workspace_id: str, stop: Event) -> None:
    """Let 1,000 clients a second come, each of this moment, until it is enough."""
    chance, began, come = random.Random(), time.monotonic(), 0
    with MongoClient[Document](mongo) as client:
        clients = client[name].get_collection("clients", write_concern=WriteConcern(w="majority", j=True))
        while not stop.wait(max(0.0, come / ARRIVALS_A_SECOND - (time.monotonic() - began))):
            now = datetime.now(UTC)
            some = [client_to(somebody(chance, workspace_id, now)) for _ in range(ARRIVALS_AT_ONCE)]
            clients.insert_many(some, ordered=False)
            come += ARRIVALS_AT_ONCE

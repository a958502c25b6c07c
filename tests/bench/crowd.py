"""Very many people at once: written in bulk, their indexes built afterwards, and copied by mongod for the floor."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from pymongo import MongoClient, WriteConcern

from services.identity.store.migrate import INDEXES
from tests.bench.people import known_documents

CHUNK = 2_000
"""Documents in one insert."""
_COLLECTION = "chat_contacts"


def fill_both(mongo: str, own: str, floor: str, people: int) -> None:
    """Make so many people known in a database, and the same ones in the floor's, with identity's indexes in both.

    Takes its time: a million about two minutes on two cores.
    """
    lanes = os.cpu_count() or 1
    spawn = multiprocessing.get_context("spawn")  # the driver's threads do not survive a fork
    with ProcessPoolExecutor(lanes, spawn) as pool:
        lane_of = [range(start, min(start + CHUNK, people)) for start in range(0, people, CHUNK)]
        for done in [pool.submit(_insert, mongo, own, lane_of[lane::lanes]) for lane in range(lanes)]:
            done.result()
    with MongoClient[dict[str, Any]](mongo) as client:
        client[own][_COLLECTION].aggregate([{"$out": {"db": floor, "coll": _COLLECTION}}])
        for name in (own, floor):
            client[name][_COLLECTION].create_indexes(INDEXES[_COLLECTION])


def _insert(mongo: str, name: str, lane: list[range]) -> None:
    with MongoClient[dict[str, Any]](mongo) as client:
        contacts = client[name].get_collection(_COLLECTION, write_concern=WriteConcern(w=1, j=False))
        for numbers in lane:
            contacts.insert_many(known_documents(numbers), ordered=False)

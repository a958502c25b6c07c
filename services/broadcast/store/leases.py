"""Which sender process holds which connection. All times are the database's own."""

import time
from collections.abc import Collection as Names
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.broadcast.store.slot import Slot
from shared.storage.mongo import Database, Document

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Lease:
    """A connection that is ours for a while. `holds_until` is of this process's monotonic clock, on the safe side."""

    connection_id: str
    fence: int
    holds_until: float
    wait: float
    """Seconds before the first request: the former holder's window, or what a 429 told it."""

    def left(self, now: float) -> float:
        return self.holds_until - now


class Leases:
    """One document per connection: owner, fence, expires_at, paused_until."""

    def __init__(self, database: Database, owner: str, seconds: float, slot: Slot) -> None:
        self._leases = database.get_collection("leases")
        self._owner = owner
        self._seconds = seconds
        self._slot = slot

    async def end_of_predecessor(self) -> int:
        """End the leases of the process that held our place on this machine: it is dead. Returns how many."""
        self._slot.take()
        if self._slot.name is None:
            return 0
        answer = await self._leases.update_many(
            {"slot": self._slot.name, "owner": {"$nin": [self._owner, None]}},
            [{"$set": {"owner": None, "expires_at": {"$min": ["$expires_at", "$$NOW"]}}}],
        )
        return answer.modified_count

    def _from_now(self, seconds: float) -> Document:
        return {"$add": ["$$NOW", int(seconds * 1000)]}

    async def acquire(self, connection_id: str, window: float) -> Lease | None:
        """Take a connection that nobody holds, under a higher fence. None where somebody does."""
        asked = time.monotonic()
        found = await self._take(connection_id)
        if found is None:
            try:
                await self._leases.insert_one({"_id": connection_id, "fence": 0, "expires_at": _LONG_AGO})
            except DuplicateKeyError:
                return None  # it is there and has not expired
            found = await self._take(connection_id)
        if found is None:
            return None
        at: datetime = found["acquired_at"]
        wait = max(
            (found["former_until"] - at).total_seconds() + window,
            (found["paused_until"] - at).total_seconds(),
            0.0,
        )
        return Lease(connection_id, found["fence"], asked + self._seconds, wait)

    async def _take(self, connection_id: str) -> Document | None:
        return await self._leases.find_one_and_update(
            {"_id": connection_id, "$expr": {"$lte": ["$expires_at", "$$NOW"]}},
            [
                {
                    "$set": {
                        "owner": self._owner,
                        "slot": self._slot.name,
                        "fence": {"$add": ["$fence", 1]},
                        "acquired_at": "$$NOW",
                        "former_until": "$expires_at",
                        "paused_until": {"$ifNull": ["$paused_until", _LONG_AGO]},
                    }
                },
                {"$set": {"expires_at": self._from_now(self._seconds)}},
            ],
            return_document=ReturnDocument.AFTER,
        )

    async def renew(self, held: Names[Lease]) -> set[str]:
        """Hold on to connections for another while. Returns those that are ours no longer."""
        asked = time.monotonic()
        ids = [lease.connection_id for lease in held]
        answer = await self._leases.update_many(
            {"_id": {"$in": ids}, "owner": self._owner}, [{"$set": {"expires_at": self._from_now(self._seconds)}}]
        )
        lost: set[str] = set()
        if answer.matched_count != len(ids):
            ours = self._leases.find({"_id": {"$in": ids}, "owner": self._owner}, {"_id": 1})
            lost = set(ids) - {document["_id"] async for document in ours}
        for lease in held:
            if lease.connection_id not in lost:
                lease.holds_until = asked + self._seconds
        return lost

    async def release(self, lease: Lease, quiet_for: float) -> None:
        """Let go of a connection whose last request started at least `quiet_for` seconds ago."""
        await self._leases.update_one(
            {"_id": lease.connection_id, "owner": self._owner, "fence": lease.fence},
            [{"$set": {"owner": None, "expires_at": self._from_now(-quiet_for)}}],
        )

    async def pause(self, lease: Lease, seconds: float) -> None:
        """Keep what a 429 told us: whoever holds this connection next waits as well."""
        await self._leases.update_one(
            {"_id": lease.connection_id, "fence": lease.fence},
            [{"$set": {"paused_until": {"$max": ["$paused_until", self._from_now(seconds)]}}}],
        )

    def close(self) -> None:
        """Leave our place on this machine to somebody else."""
        self._slot.free()

    async def held_by_others(self, connection_ids: Names[str]) -> set[str]:
        """Return which of these are held by a living sender other than us."""
        found = self._leases.find(
            {
                "_id": {"$in": list(connection_ids)},
                "owner": {"$nin": [self._owner, None]},
                "$expr": {"$gt": ["$expires_at", "$$NOW"]},
            },
            {"_id": 1},
        )
        return {document["_id"] async for document in found}

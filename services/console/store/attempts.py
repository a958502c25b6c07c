"""How often somebody tried lately, kept where all processes see it and no restart forgets it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from shared.storage.mongo import Database, Document


def _name(kind: str, value: str) -> str:
    """Name a counter without the email or the address it is about."""
    return f"{kind}:{hashlib.sha256(f'{kind}/{value}'.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once; after that one more each `every`."""

    burst: int
    every: timedelta

    @property
    def step(self) -> int:
        """Milliseconds that one attempt takes to come back."""
        return self.every // timedelta(milliseconds=1)


class Attempts:
    """Buckets that fill again evenly (GCRA), by the database's clock. The index `ends` deletes full ones."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["attempts"]

    async def take(self, kind: str, value: str, rate: Rate) -> float:
        """Take one attempt. Returns 0, or for how many seconds there is none."""
        step = rate.step
        whole = rate.burst * step
        # `full_at` is when the bucket would be full again; an attempt moves it on by one step.
        pipeline: list[Document] = [
            {"$set": {"full_at": {"$max": ["$full_at", "$$NOW"]}}},
            {"$set": {"then": {"$add": ["$full_at", step]}}},
            {"$set": {"wait": {"$subtract": ["$then", {"$add": ["$$NOW", whole]}]}}},
            {"$set": {"full_at": {"$cond": [{"$lte": ["$wait", 0]}, "$then", "$full_at"]}}},
            {"$set": {"expires_at": "$full_at"}},
            {"$unset": "then"},
        ]
        for _ in range(2):
            try:
                row = await self._rows.find_one_and_update(
                    {"_id": _name(kind, value)}, pipeline, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # two made the bucket at once; now it is there
            return max(0.0, row["wait"] / 1000)
        return 0.0

    async def give_back(self, kind: str, value: str, rate: Rate) -> None:
        """Give one attempt back: it succeeded."""
        step = rate.step
        await self._rows.update_one(
            {"_id": _name(kind, value)}, [{"$set": {"full_at": {"$subtract": ["$full_at", step]}}}]
        )

    async def forget(self, kind: str, value: str) -> None:
        """Fill a bucket at once."""
        await self._rows.delete_one({"_id": _name(kind, value)})

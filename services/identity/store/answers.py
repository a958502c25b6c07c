"""What was answered to a call that named itself: the same call again gets the same answer (docs/decisions/0141).

One document for each Idempotency-Key of a workspace. It is written in the transaction that does the work, row by row:
after a crash only the rest is done, and two that come at once meet in the document.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import PyMongoError

from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Session
from shared.storage.transactions import StaleError, is_duplicate


class OtherCallError(Exception):
    """This key was used for another call."""


class Answers:
    """The collection. The index `one_answer` makes (workspace, key) unique; a TTL index ends each after a day."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    def of(self, workspace_id: str, key: str, call: str, at: datetime) -> "Answer":
        """Return the answer of one call; `call` is all that it asks, in words."""
        return Answer(self.collection, workspace_id, key, hashlib.sha256(call.encode()).hexdigest(), at)


class Answer:
    """The rows that one call has been answered so far, by their place."""

    def __init__(self, collection: Collection, workspace_id: str, key: str, call: str, at: datetime) -> None:
        self._collection = collection
        self._where = {"workspace_id": workspace_id, "key": key}
        self._call = call
        self._at = at

    async def rows(self, session: Session | None = None) -> Mapping[int, Any]:
        """Return what was answered already. Raises `OtherCallError`."""
        found = await self._collection.find_one(self._where, session=session, max_time_ms=QUERY_MILLISECONDS)
        if found is None:
            return {}
        if found["call"] != self._call:
            raise OtherCallError
        return {int(place): row for place, row in found["rows"].items()}

    async def add(self, rows: Sequence[tuple[int, Any]], session: Session) -> None:
        """Keep what is answered. Raises `StaleError` where the same call came in twice, and the other was first."""
        try:
            await self._collection.update_one(
                {**self._where, "call": self._call},
                {
                    "$set": {f"rows.{place}": row for place, row in rows},
                    "$setOnInsert": {"at": self._at},
                },
                upsert=True,
                session=session,
            )
        except PyMongoError as error:
            if is_duplicate(error):
                raise StaleError("another call has this key") from error
            raise

"""The ledger as the sender sees it: rows of one connection, claimed under a fence."""

import asyncio
from collections.abc import Collection as Ids
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError
from pymongo.write_concern import WriteConcern

from services.broadcast.domain.delivery import FINAL, Delivery, Status
from services.broadcast.domain.settle import Change
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.rows import from_document, to_document
from shared.storage.mongo import Database, Document

_DUPLICATE = 11000
_ANY = {"$gt": ""}
"""Of a connection: without a bound `distinct` passes over the partial indexes and reads every row there ever was."""
INTERRUPTED = "the sender ended between the request and its result"


@dataclass(frozen=True, slots=True)
class Result:
    """What is to be written of one claimed row."""

    row: Delivery
    change: Change
    at: datetime


class Ledger:
    """One document per attempt, `_id` the outbound id: the database itself refuses a second one."""

    def __init__(self, database: Database, clock: DatabaseClock) -> None:
        self._rows = database.get_collection("ledger")
        # A number lost with a primary is lost together with every row that was given a later one, so the counter
        # need not wait for a majority: the rows do.
        self._counters = database.get_collection("counters", write_concern=WriteConcern(w=1))
        self._clock = clock

    async def plan(self, rows: Sequence[Delivery]) -> set[str]:
        """Insert rows in their order. Those that were there before stay as they are; returns their ids."""
        if not rows:
            return set()
        counter = await self._counters.find_one_and_update(
            {"_id": "seq"}, {"$inc": {"last": len(rows)}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        first = counter["last"] - len(rows) + 1
        for number, row in enumerate(rows, start=first):
            row.seq = number
        try:
            await self._rows.insert_many([to_document(row) for row in rows], ordered=False)
        except BulkWriteError as error:
            errors: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
            if not errors or any(one["code"] != _DUPLICATE for one in errors):
                raise
            return {rows[one["index"]].id for one in errors}
        return set()

    async def waiting(self, connection_id: str, *, without: Sequence[str], limit: int) -> list[Delivery]:
        """Return planned rows in their order, leaving out some chats."""
        query: Document = {"connection_id": connection_id, "status": "planned"}
        if without:
            query["chat_contact_id"] = {"$nin": without}
        found = await self._rows.find(query).sort("seq", 1).limit(limit).to_list(limit)
        return [from_document(document) for document in found]

    async def claim(self, ids: Sequence[str], fence: int) -> set[str]:
        """`planned → sending` under a fence, in one write. Returns those that were claimed."""
        answer = await self._rows.update_many(
            {"_id": {"$in": ids}, "status": "planned"},
            {"$set": {"status": "sending", "fence": fence}, "$currentDate": {"started_at": True}},
            hint="_id_",
        )
        if answer.modified_count == len(ids):
            return set(ids)
        found = self._rows.find({"_id": {"$in": ids}, "status": "sending", "fence": fence}, {"_id": 1})
        return {document["_id"] async for document in found}

    async def record(self, results: Sequence[Result]) -> None:
        """Write results in one bulk. A late one settles even a row that was called unknown meanwhile."""
        await self._rows.bulk_write([self._update(result) for result in results], ordered=False)

    def _update(self, result: Result) -> UpdateOne:
        row, change = result.row, result.change
        counted = {"requests": int(change.requested), "refusals": int(change.refused)}
        if change.status not in FINAL:
            due = self._clock.now() + timedelta(seconds=change.due_in)
            return UpdateOne(
                {"_id": row.id, "fence": row.fence, "status": "sending"},
                {"$set": {"status": change.status, "due_at": due}, "$unset": {"fence": ""}, "$inc": counted},
            )
        found: Document = {"status": change.status, "finished_at": result.at, "reported": False}
        for name in ("provider_message_id", "reason", "detail"):
            value = getattr(change, name)
            if value is not None:
                found[name] = value
        update: Document = {"$set": found, "$inc": counted}
        if change.status == "sent":
            update["$unset"] = {"text": "", "buttons": ""}  # said: what is not needed any more is not kept
        still: Document = {"$in": ["sending"] if change.status == "unknown" else ["sending", "unknown"]}
        return UpdateOne({"_id": row.id, "fence": row.fence, "status": still}, update)

    async def put_back(self, connection_id: str, fence: int, in_flight: Ids[str]) -> int:
        """Plan again what was claimed under our own fence and is not in flight: no request of it was ever made."""
        answer = await self._rows.update_many(
            {"connection_id": connection_id, "status": "sending", "fence": fence, "_id": {"$nin": list(in_flight)}},
            {"$set": {"status": "planned"}, "$unset": {"fence": ""}},
        )
        return answer.modified_count

    async def end_older(self, connection_id: str, fence: int) -> list[Delivery]:
        """Call unknown what an earlier holder of the lease claimed and left without a result. Returns those rows."""
        query = {"connection_id": connection_id, "status": "sending", "fence": {"$lt": fence}}
        left = [document["_id"] async for document in self._rows.find(query, {"_id": 1})]
        if not left:
            return []
        await self._rows.update_many(
            {"_id": {"$in": left}, **query},
            {
                "$set": {
                    "status": "unknown",
                    "detail": INTERRUPTED,
                    "finished_at": self._clock.now(),
                    "reported": False,
                }
            },
        )
        found = self._rows.find({"_id": {"$in": left}, "status": "unknown", "reported": False})
        return [from_document(document) async for document in found]

    async def busy_connections(self) -> set[str]:
        """Return the connections of which rows wait or are in flight."""
        statuses: tuple[Status, ...] = ("planned", "sending")
        found: list[list[str]] = await asyncio.gather(
            *(self._rows.distinct("connection_id", {"status": status, "connection_id": _ANY}) for status in statuses)
        )
        return {connection_id for one in found for connection_id in one}

    async def unreported(self, older_than: timedelta, limit: int) -> list[Delivery]:
        """Return results that `delivery.v1` may not have, oldest first."""
        before = self._clock.now() - older_than
        query = {"reported": False, "finished_at": {"$lte": before}}
        found = await self._rows.find(query).sort("finished_at", 1).limit(limit).to_list(limit)
        return [from_document(document) for document in found]

    async def mark_reported(self, rows: Iterable[Delivery]) -> None:
        """Note that `delivery.v1` has these results; one that changed meanwhile is to be reported again."""
        by_state: dict[tuple[Status, str | None], list[str]] = {}
        for row in rows:
            by_state.setdefault((row.status, row.receipt), []).append(row.id)
        for (status, receipt), ids in by_state.items():
            told = {"_id": {"$in": ids}, "status": status, "receipt": receipt}
            await self._rows.update_many(told, {"$set": {"reported": True}})

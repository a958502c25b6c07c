"""Activity of people, one document each. The index `one_source` makes (workspace, source) unique.

A document belongs to its subject for good, a client or a chat contact: a merge moves nothing, and undoing it neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.identity.domain.activity import Activity, Item, Order, Period, Sent
from services.identity.domain.profile import Address
from services.identity.store.told_indexes import BY_SUBJECT
from services.identity.store.walk import bounded_count
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_only_duplicates

Place = tuple[datetime, str]
"""Where a page ended: the time and the source of its last one."""


class Activities:
    """The collection. Every method takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, activities: Sequence[Activity], session: Session | None = None) -> None:
        """Keep those that are not there yet. Raises `StaleError` in a transaction that met another one's."""
        await self._write(
            [UpdateOne(_named(one), {"$setOnInsert": _document(one)}, upsert=True) for one in activities], session
        )

    async def put(self, activities: Sequence[Activity], session: Session) -> None:
        """Write orders, over what was there of them. Raises `StaleError` where somebody else told of one first."""
        await self._write(
            [UpdateOne(_named(one), {"$set": _document(one)}, upsert=True) for one in activities], session
        )

    async def note_sent(self, activities: Sequence[Activity]) -> None:
        """Take in what became of campaigns' messages. What is older than what is known is passed over."""
        await self._write([_note_of(one, one.sent) for one in activities if one.sent is not None], None)

    async def _write(self, updates: Sequence[UpdateOne], session: Session | None) -> None:
        if not updates:
            return
        try:
            await self.collection.bulk_write(updates, ordered=False, session=session)
        except BulkWriteError as error:
            if not is_only_duplicates(error):
                raise
            if session is not None:
                raise StaleError("somebody told the same in this moment") from error

    async def told(self, workspace_id: str, sources: Iterable[str], session: Session) -> Mapping[str, Activity]:
        """Return those that are there, by source."""
        where = {"workspace_id": workspace_id, "source": {"$in": sorted(set(sources))}}
        found = self.collection.find(where, session=session, max_time_ms=QUERY_MILLISECONDS)
        return {document["source"]: _from(document) for document in await found.to_list(None)}

    async def page(self, workspace_id: str, period: Period, after: Place | None, limit: int) -> list[Activity]:
        """Return activity, the newest first; `after` is where the page before ended."""
        where = _where(workspace_id, period)
        if after is not None:
            at, source = after
            where["at"] = {**where.get("at", {}), "$lte": at}
            where["$or"] = [{"at": {"$lt": at}}, {"source": {"$gt": source}}]
        found = self.collection.find(where, max_time_ms=QUERY_MILLISECONDS).hint(BY_SUBJECT)
        documents = await found.sort([("at", -1), ("source", 1)]).limit(limit).to_list(limit)
        return [_from(document) for document in documents]

    async def count(self, workspace_id: str, period: Period) -> tuple[int, bool]:
        """Return how many there are, and whether that is exact."""
        return await bounded_count(self.collection, BY_SUBJECT, _where(workspace_id, period))

    async def forget(self, workspace_id: str, subjects: Iterable[str], session: Session | None = None) -> int:
        """Delete all activity of these subjects; returns how much it was."""
        where = {"workspace_id": workspace_id, "subject": {"$in": sorted(set(subjects))}}
        return (await self.collection.delete_many(where, session=session)).deleted_count


def _named(one: Activity) -> Document:
    return {"workspace_id": one.workspace_id, "source": one.source}


def _note_of(one: Activity, sent: Sent) -> UpdateOne:
    """Return the update that takes the newest word; a newer one that is there is met as a duplicate."""
    begun = {name: value for name, value in _document(one).items() if name not in {"at", "sent"}}
    return UpdateOne(
        {**_named(one), "sent.told_at": {"$lte": sent.told_at}},
        {"$set": {"sent": asdict(sent)}, "$min": {"at": one.at}, "$setOnInsert": begun},
        upsert=True,
    )


def _where(workspace_id: str, period: Period) -> Document:
    where: Document = {
        "workspace_id": workspace_id,
        "subject": {"$in": list(period.subjects)},
        "kind": {"$in": list(period.kinds)},
    }
    bounds = {"$gte": period.since, "$lt": period.until}
    if at := {name: value for name, value in bounds.items() if value is not None}:
        where["at"] = at
    return where


def _document(one: Activity) -> Document:
    found: dict[str, Any] = asdict(one)
    return {name: value for name, value in found.items() if value or name in {"source", "workspace_id", "at"}}


def _from(found: Document) -> Activity:
    order, sent = found.get("order"), found.get("sent")
    return Activity(
        source=found["source"],
        workspace_id=found["workspace_id"],
        subject=found["subject"],
        kind=found["kind"],
        at=found["at"],
        name=found.get("name", ""),
        seen=found.get("seen", False),
        channel=found.get("channel"),
        workflows=tuple(found.get("workflows", ())),
        properties=found.get("properties", {}),
        order=_order_from(order) if order else None,
        sent=Sent(**sent) if sent else None,
    )


def _order_from(found: Document) -> Order:
    address = found["address"]
    return Order(
        external_id=found["external_id"],
        amount=found["amount"],
        currency=found["currency"],
        status=found["status"],
        told_at=found["told_at"],
        items=tuple(Item(**item) for item in found["items"]),
        address=Address(**address) if address else None,
    )

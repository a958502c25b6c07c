"""Contact requests, one document each, and everything that happened to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from pymongo import ReturnDocument

from services.notification.domain.request import Contents, Happening, Request
from services.notification.store.request_rows import (
    LISTED,
    contents_of,
    document_of,
    happening_of,
    happening_row,
    request_of,
)
from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document, Session


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a history, and its place in it."""

    id: str
    happening: Happening


class Requests:
    """The store. `_id` follows from the form's id: the same form twice is one request."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["requests"]
        self._history = owned["request_history"]
        self._numbers = owned["request_numbers"]

    async def known(self, ids: Sequence[str], session: Session | None = None) -> set[str]:
        """Return those of these requests that are kept already."""
        return {row["_id"] async for row in self._rows.find({"_id": {"$in": list(ids)}}, {"_id": 1}, session=session)}

    async def take_numbers(self, workspace_id: str, count: int) -> int:
        """Return the first of so many numbers of the log, none of which anybody else gets.

        Outside of any transaction: there, all who take forms of one workspace would meet at this document for as
        long as their transactions last. What comes to nothing leaves a hole.
        """
        row = await self._numbers.find_one_and_update(
            {"_id": workspace_id},
            {"$inc": {"n": count}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return row["n"] - count + 1

    async def add(self, new: Sequence[tuple[Request, Contents, list[str]]], session: Session) -> None:
        """Insert requests that are not known yet."""
        await self._rows.insert_many([document_of(*one) for one in new], session=session)

    async def one(self, workspace_id: str, id_: str, session: Session | None = None) -> Request | None:
        row = await self._rows.find_one({"_id": id_, "workspace_id": workspace_id}, LISTED, session=session)
        return request_of(row) if row else None

    async def contents(self, workspace_id: str, ids: Iterable[str]) -> dict[str, Contents]:
        """Return what some forms say, sealed, by the requests' ids."""
        wanted = {"_id": {"$in": list(ids)}, "workspace_id": workspace_id}
        rows = self._rows.find(wanted, {"fields": True, "choices": True, "sealed_answers": True})
        return {row["_id"]: contents_of(row) async for row in rows}

    async def named(self, workspace_id: str, ids: Sequence[str], session: Session) -> list[Request]:
        rows = self._rows.find({"_id": {"$in": list(ids)}, "workspace_id": workspace_id}, LISTED, session=session)
        return [request_of(row) async for row in rows]

    async def change(
        self, request: Request, fields: Mapping[str, Any], viewer: str | None, session: Session
    ) -> Request:
        """Change a request that was read in the same transaction; `told` goes up by one."""
        update: Document = {"$set": dict(fields), "$inc": {"told": 1}}
        if fields.get("seen_at"):
            update["$unset"] = {"unseen": True}
        if viewer is not None:
            update["$addToSet"] = {"viewers": viewer}
        row = await self._rows.find_one_and_update(
            {"_id": request.id, "workspace_id": request.workspace_id},
            update,
            projection=LISTED,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return request_of(row)

    async def see(self, seen: Sequence[Request], by: str, at: datetime, session: Session) -> None:
        """Note that somebody acknowledged requests that were read in the same transaction."""
        await self._rows.update_many(
            {"_id": {"$in": [request.id for request in seen]}},
            {"$set": {"seen_at": at, "seen_by": by}, "$unset": {"unseen": True}, "$inc": {"told": 1}},
            session=session,
        )

    async def tell_again(self, workspace_id: str, ids: Sequence[str], session: Session) -> dict[str, tuple[int, str]]:
        """Raise `told` of requests to which something happened by itself; returns it, and the queue, of each."""
        these: Document = {"_id": {"$in": list(ids)}, "workspace_id": workspace_id}
        await self._rows.update_many(these, {"$inc": {"told": 1}}, session=session)
        rows = self._rows.find(these, {"told": True, "queue_id": True}, session=session)
        return {row["_id"]: (row["told"], row["queue_id"]) async for row in rows}

    async def note(self, workspace_id: str, happenings: Iterable[Happening], session: Session | None = None) -> None:
        """Write lines of histories."""
        rows = [happening_row(workspace_id, happening) for happening in happenings]
        if rows:
            await self._history.insert_many(rows, session=session)

    async def read_in_answers(self, workspace_id: str, ids: Sequence[str], user_id: str) -> set[str]:
        """Return those of these that somebody has read in Questionnaire answers before."""
        wanted = {"workspace_id": workspace_id, "request_id": {"$in": list(ids)}, "kind": "read_in_answers"}
        return {row["request_id"] async for row in self._history.find({**wanted, "by": user_id}, {"request_id": 1})}

    async def history(
        self, workspace_id: str, request_id: str, after: tuple[datetime, str] | None, limit: int
    ) -> list[Entry]:
        """Return what happened to a request, the newest first."""
        wanted: Document = {"workspace_id": workspace_id, "request_id": request_id}
        if after is not None:
            at, id_ = after
            wanted |= {"at": {"$lte": at}, "$or": [{"at": {"$lt": at}}, {"_id": {"$lt": _object_id(id_)}}]}
        rows = self._history.find(wanted).sort([("at", -1), ("_id", -1)]).limit(limit)
        found = await rows.max_time_ms(QUERY_MILLISECONDS).to_list(limit)
        return [Entry(str(row["_id"]), happening_of(row)) for row in found]


def _object_id(text: str) -> ObjectId:
    try:
        return ObjectId(text)
    except InvalidId:
        return ObjectId("0" * 24)  # of a cursor that nobody gave: after everything

"""The numbered changes of each workspace, and those that wait for their numbers."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument
from pymongo.errors import PyMongoError

from services.notification.domain.changes import Change, Numbered
from shared.storage.mongo import QUERY_MILLISECONDS, Client, Collection, Database, Document, Session
from shared.storage.transactions import in_transaction, is_duplicate

AT_ONCE = 500
"""How many changes get their numbers in one transaction."""
_FIELDS = {"_id": False, "workspace_id": False, "at": False}
_LOOK_MILLISECONDS = 1000


class Live:
    """One document a change, and one with each workspace's newest number.

    What changes something leaves its line in `live_waiting`, in its own transaction, and meets nobody there. The
    number is taken afterwards, in a short transaction that moves what waits: all who number one workspace meet at
    that one document, so numbers become visible in their own order: who has read up to one has read all below it.
    """

    def __init__(self, client: Client, owned: Database) -> None:
        self._client = client
        self._changes = owned["live"]
        self._waiting = owned["live_waiting"]
        self._numbers = owned["numbers"]

    async def put(self, workspace_id: str, changes: Sequence[Change], session: Session) -> None:
        """Leave changes for their numbers, in the transaction that makes them: nobody can have told of them before."""
        at = datetime.now(UTC)
        rows = [{"workspace_id": workspace_id, "at": at, **asdict(change)} for change in changes]
        if rows:
            await self._waiting.insert_many(rows, session=session)

    async def put_news(self, workspace_id: str, changes: Sequence[Change]) -> bool:
        """Leave those that were not told of yet, in this state or in a later one. Returns whether there was any.

        There is at most one change of each thing among them.
        """

        async def work(session: Session) -> bool:
            known = await self._known(workspace_id, changes, session)
            news = [change for change in changes if (change.kind, change.id) not in known]
            await self.put(workspace_id, news, session)
            return bool(news)

        return await in_transaction(self._client, work)

    async def number(self, workspace_id: str) -> int | None:
        """Give numbers to all that waits. Returns the newest, or None where nothing waited: somebody was faster."""
        newest: int | None = None
        while True:
            try:
                count, found = await self._number(workspace_id)
            except PyMongoError as error:
                if not is_duplicate(error):
                    raise
                await self._drop_known(workspace_id)
                continue
            newest = found or newest
            if count < AT_ONCE:
                return newest

    async def _number(self, workspace_id: str) -> tuple[int, int | None]:
        async def work(session: Session) -> tuple[int, int | None]:
            waiting = self._waiting.find({"workspace_id": workspace_id}, session=session).sort("_id", 1)
            rows = await waiting.limit(AT_ONCE).to_list(AT_ONCE)
            if not rows:
                return 0, None
            newest: int = (
                await self._numbers.find_one_and_update(
                    {"_id": workspace_id},
                    {"$inc": {"n": len(rows)}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                    session=session,
                )
            )["n"]
            numbered = [{**row, "n": n} for n, row in enumerate(rows, start=newest - len(rows) + 1)]
            await self._changes.insert_many(numbered, session=session)
            await self._waiting.delete_many({"_id": {"$in": [row["_id"] for row in rows]}}, session=session)
            return len(rows), newest

        return await in_transaction(self._client, work)

    async def _drop_known(self, workspace_id: str) -> None:
        """Let go what has a number already. It cannot come to that; if it did, all behind it would wait."""
        rows = await self._waiting.find({"workspace_id": workspace_id}).sort("_id", 1).limit(AT_ONCE).to_list(AT_ONCE)
        for row in rows:
            same = {name: row[name] for name in ("workspace_id", "kind", "id", "rev")}
            if await self._changes.find_one(same, {"_id": True}):
                await self._waiting.delete_one({"_id": row["_id"]})

    async def forgotten(self, age: timedelta) -> list[str]:
        """Return the workspaces in which something has waited for so long: who left it may be gone."""
        return await self._waiting.distinct("workspace_id", {"at": {"$lte": datetime.now(UTC) - age}})

    async def _known(self, workspace_id: str, changes: Sequence[Change], session: Session) -> set[tuple[str, str]]:
        """Return those that were told of already, in this state or in a later one: a batch was delivered again."""
        alike: dict[tuple[str, int], list[str]] = {}
        for change in changes:
            alike.setdefault((change.kind, change.rev), []).append(change.id)
        # One clause for all of one rev: of 500 that each ask by themselves the planner alone takes 200 ms.
        each: list[Document] = [
            {"workspace_id": workspace_id, "kind": kind, "id": {"$in": ids}, "rev": {"$gte": rev}}
            for (kind, rev), ids in alike.items()
        ]
        return await _named(self._changes, each, session) | await _named(self._waiting, each, session)

    async def newest(self, workspace_id: str) -> int:
        """Return a workspace's newest number, 0 before the first."""
        row = await self._numbers.find_one({"_id": workspace_id})
        return row["n"] if row else 0

    async def after(self, workspace_id: str, n: int, limit: int) -> list[Numbered]:
        """Read the changes after a number, oldest first."""
        rows = (
            await self._changes.find({"workspace_id": workspace_id, "n": {"$gt": n}}, _FIELDS)
            .sort("n", 1)
            .limit(limit)
            .max_time_ms(QUERY_MILLISECONDS)
            .to_list(limit)
        )
        return [Numbered(row.pop("n"), _change(row)) for row in rows]

    async def watch(self) -> AsyncIterator[tuple[str, int] | None]:
        """Follow the newest numbers of all workspaces. First gives None: from then on nothing is missed."""
        told: list[Document] = [
            {"$match": {"operationType": {"$in": ["insert", "update", "replace"]}}},
            {"$project": {"documentKey": 1, "updateDescription.updatedFields.n": 1, "fullDocument.n": 1}},
        ]
        async with self._numbers.watch(told, max_await_time_ms=_LOOK_MILLISECONDS) as stream:
            begun = await stream.try_next()  # this, not `watch`, opens the stream
            yield None
            if begun is not None:
                yield _told(begun)
            async for event in stream:
                yield _told(event)


async def _named(rows: Collection, each: Sequence[Document], session: Session) -> set[tuple[str, str]]:
    found = rows.find({"$or": list(each)}, {"_id": False, "kind": True, "id": True}, session=session)
    return {(row["kind"], row["id"]) async for row in found}


def _change(row: Document) -> Change:
    to = row.pop("to", None)
    return Change(**row, to=None if to is None else tuple(to))


def _told(event: Document) -> tuple[str, int]:
    fields = event.get("fullDocument") or event.get("updateDescription", {}).get("updatedFields", {})
    return event["documentKey"]["_id"], fields.get("n", 0)

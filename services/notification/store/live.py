"""The numbered changes of each workspace."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from pymongo import ReturnDocument

from services.notification.domain.changes import Change, Numbered
from shared.storage.mongo import QUERY_MILLISECONDS, Client, Database, Document, Session
from shared.storage.transactions import in_transaction

_FIELDS = {"_id": False, "workspace_id": False, "at": False}
_LOOK_MILLISECONDS = 1000


class Live:
    """One document a change, and one with each workspace's newest number.

    A number is taken in the transaction that inserts what it numbers. All who number one workspace meet at that one
    document, so numbers become visible in their own order: who has read up to one has read all below it.
    """

    def __init__(self, client: Client, owned: Database) -> None:
        self._client = client
        self._changes = owned["live"]
        self._numbers = owned["numbers"]

    async def add(self, workspace_id: str, changes: Sequence[Change]) -> int | None:
        """Give numbers to those changes that are news. Returns the newest number, or None where none was."""

        async def work(session: Session) -> int | None:
            return await self.number(workspace_id, changes, session)

        return await in_transaction(self._client, work)

    async def number(self, workspace_id: str, changes: Sequence[Change], session: Session) -> int | None:
        """Do so as the last thing of a transaction that changes what is told of: others wait for the number.

        There is at most one change of each thing among them.
        """
        known = await self._known(workspace_id, changes, session)
        news = [change for change in changes if (change.kind, change.id) not in known]
        if not news:
            return None
        newest: int = (
            await self._numbers.find_one_and_update(
                {"_id": workspace_id},
                {"$inc": {"n": len(news)}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
        )["n"]
        at = datetime.now(UTC)
        await self._changes.insert_many(
            [
                {"workspace_id": workspace_id, "n": n, "at": at, **asdict(change)}
                for n, change in enumerate(news, start=newest - len(news) + 1)
            ],
            session=session,
        )
        return newest

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
        found = self._changes.find({"$or": each}, {"_id": False, "kind": True, "id": True}, session=session)
        return {(row["kind"], row["id"]) async for row in found}

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


def _change(row: Document) -> Change:
    to = row.pop("to", None)
    return Change(**row, to=None if to is None else tuple(to))


def _told(event: Document) -> tuple[str, int]:
    fields = event.get("fullDocument") or event.get("updateDescription", {}).get("updatedFields", {})
    return event["documentKey"]["_id"], fields.get("n", 0)

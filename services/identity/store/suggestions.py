"""Pairs of clients that may be one person, and pairs of which somebody said that they are two.

One document for each pair, whichever and however many events raised the doubt; `_id` follows from the workspace and
the pair.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from pymongo import UpdateOne

from services.identity.domain.decisions import Apart, Doubt, Reason, pair_id
from services.identity.domain.people import ChatContact, Evidence
from services.identity.store.migrate import BY_CLIENT, BY_STATUS
from services.identity.store.walk import FIRST, LAST, bounded_count, walk
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session

Status = Literal["waiting", "accepted", "declined", "merged", "closed"]
"""`merged`: evidence linked them after all. `closed`: one of the two was deleted."""


@dataclass(frozen=True, slots=True)
class About:
    """One value because of which the question came up."""

    evidence: Evidence
    reason: Reason
    chat_contact_id: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two clients that may be one person."""

    id: str
    client_id: str
    """Whose chat raised it."""
    other_client_id: str
    about: tuple[About, ...]
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class SuggestionPlace:
    """Where a page ended."""

    at: datetime
    id: str


class Suggestions:
    """The collection. Every method takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, chat: ChatContact, doubts: Sequence[Doubt], session: Session) -> None:
        """Keep what waits for a judgement. A pair that was judged stays judged; the same event adds nothing again."""
        writes: list[UpdateOne] = []
        for doubt in doubts:
            if chat.client_id is None or doubt.other_client_id == chat.client_id:
                continue
            about = {"evidence": asdict(doubt.evidence), "reason": doubt.reason, "chat_contact_id": chat.id}
            writes.append(
                UpdateOne(
                    {"_id": pair_id(chat.workspace_id, chat.client_id, doubt.other_client_id)},
                    {
                        "$setOnInsert": {
                            "workspace_id": chat.workspace_id,
                            "client_id": chat.client_id,
                            "other_client_id": doubt.other_client_id,
                            "clients": sorted([chat.client_id, doubt.other_client_id]),
                            "status": "waiting",
                            "at": chat.changed_at,
                        },
                        "$addToSet": {"about": about},
                    },
                    upsert=True,
                )
            )
        if writes:
            await self.collection.bulk_write(writes, session=session)

    async def get(self, workspace_id: str, id_: str, session: Session | None = None) -> Suggestion | None:
        found = await self.collection.find_one({"_id": id_, "workspace_id": workspace_id}, session=session)
        return None if found is None else _from(found)

    async def judge(self, workspace_id: str, id_: str, status: Status, session: Session) -> None:
        """Say what became of one."""
        await self.collection.update_one(
            {"_id": id_, "workspace_id": workspace_id}, {"$set": {"status": status}}, session=session
        )

    async def settle(
        self, workspace_id: str, ours: Iterable[str], theirs: Iterable[str], status: Status, session: Session
    ) -> None:
        """Say what became of all that wait between two people, under whichever of their ids."""
        ids = [pair_id(workspace_id, one, two) for one in ours for two in theirs]
        await self.collection.update_many(
            {"_id": {"$in": ids}, "workspace_id": workspace_id, "status": "waiting"},
            {"$set": {"status": status}},
            session=session,
        )

    async def close(self, workspace_id: str, client_ids: Iterable[str], session: Session) -> None:
        """End all that was ever suggested of clients that are deleted, and forget what it was about."""
        await self.collection.update_many(
            {"workspace_id": workspace_id, "clients": {"$in": sorted(set(client_ids))}},
            {"$set": {"status": "closed", "about": []}},
            session=session,
        )

    async def of_clients(self, workspace_id: str, client_ids: Iterable[str], status: Status) -> list[Suggestion]:
        """Return those about one of these clients, the newest first."""
        where = {"workspace_id": workspace_id, "clients": {"$in": sorted(set(client_ids))}, "status": status}
        found = self.collection.find(where, max_time_ms=QUERY_MILLISECONDS).hint(BY_CLIENT)
        kept = [_from(document) for document in await found.to_list(None)]
        return sorted(kept, key=lambda one: (-one.at.timestamp(), one.id))

    async def page(
        self, workspace_id: str, status: Status, after: SuggestionPlace | None, limit: int
    ) -> list[Suggestion]:
        """Return a page, the newest first."""
        prefix = [("workspace_id", workspace_id), ("status", status)]
        start = [*prefix, ("at", after.at if after else LAST), ("_id", after.id if after else FIRST)]
        end = [*prefix, ("at", FIRST), ("_id", LAST)]
        found: list[Suggestion] = []
        async for document in walk(self.collection, BY_STATUS, start, end, {}, limit + 1):
            if after is None or document["_id"] != after.id:
                found.append(_from(document))
            if len(found) == limit:
                break
        return found

    async def count(self, workspace_id: str, status: Status) -> tuple[int, bool]:
        return await bounded_count(self.collection, BY_STATUS, {"workspace_id": workspace_id, "status": status})


class KeptApart:
    """Pairs that nothing links or suggests again by itself: a merge of them was undone, or a suggestion declined."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, workspace_id: str, one: str, two: str, at: datetime, by: str, session: Session) -> None:
        await self.collection.update_one(
            {"_id": pair_id(workspace_id, one, two)},
            {"$setOnInsert": {"workspace_id": workspace_id, "clients": sorted([one, two]), "at": at, "by": by}},
            upsert=True,
            session=session,
        )

    async def among(
        self, workspace_id: str, stands_for: Mapping[str, frozenset[str]], session: Session | None = None
    ) -> Apart:
        """Return the pairs among clients, each of which stands for others that were merged into it."""
        tops = sorted(stands_for)
        pairs = {
            pair_id(workspace_id, a, b): frozenset((one, two))
            for place, one in enumerate(tops)
            for two in tops[place + 1 :]
            for a in stands_for[one]
            for b in stands_for[two]
        }
        where: Document = {"_id": {"$in": list(pairs)}, "workspace_id": workspace_id}
        found = self.collection.find(where, {"_id": 1}, session=session) if pairs else None
        documents = await found.to_list(None) if found is not None else []
        return frozenset(pairs[document["_id"]] for document in documents)


def _from(found: Document) -> Suggestion:
    return Suggestion(
        id=found["_id"],
        client_id=found["client_id"],
        other_client_id=found["other_client_id"],
        about=tuple(
            About(Evidence(**one["evidence"]), one["reason"], one["chat_contact_id"]) for one in found["about"]
        ),
        status=found["status"],
        at=found["at"],
    )

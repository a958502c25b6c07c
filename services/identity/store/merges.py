"""Merges, one document each; the absorbed client stays whole in it until the survivor is deleted.

`_id` follows from the event that caused it, so that it is made once; a merge by hand has a random one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.merging import Merge
from services.identity.domain.people import Evidence, Link
from services.identity.store.client_documents import client_from, client_to
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError

LONGEST_CHAIN = 100
"""A survivor may be absorbed in turn; nobody is absorbed a hundred times over."""
_PERSONAL = ("absorbed", "before", "after", "evidence", "links")


@dataclass(frozen=True, slots=True)
class KeptMerge:
    """A merge as it is remembered. `merge` is None once its people were deleted."""

    id: str
    survivor_id: str
    absorbed_id: str
    at: datetime
    by: str | None
    merge: Merge | None
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def stands(self) -> bool:
        return self.undone_at is None


class Merges:
    """The collection, and the way from an absorbed client to who it is now. Every method takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, merge: Merge, session: Session) -> None:
        await self.collection.insert_one(
            {
                "_id": merge.id,
                "workspace_id": merge.absorbed.workspace_id,
                "survivor_id": merge.survivor_id,
                "absorbed_id": merge.absorbed.id,
                "absorbed": client_to(merge.absorbed),
                "before": client_to(merge.before),
                "after": client_to(merge.after),
                "evidence": asdict(merge.evidence) if merge.evidence else None,
                "links": {id_: asdict(link) if link else None for id_, link in merge.links.items()},
                "by": merge.by,
                "at": merge.at,
            },
            session=session,
        )

    async def get(self, workspace_id: str, id_: str, session: Session | None = None) -> KeptMerge | None:
        found = await self.collection.find_one({"_id": id_, "workspace_id": workspace_id}, session=session)
        return None if found is None else _from(found)

    async def mark_undone(self, merge: KeptMerge, workspace_id: str, at: datetime, by: str, session: Session) -> None:
        """Note that a merge was taken back. Raises `StaleError` where it was already."""
        done = await self.collection.update_one(
            {"_id": merge.id, "workspace_id": workspace_id, "undone_at": None},
            {"$set": {"undone_at": at, "undone_by": by}},
            session=session,
        )
        if done.matched_count != 1:
            raise StaleError("somebody undid this merge in this moment")

    async def into(
        self, workspace_id: str, survivor_ids: Iterable[str], session: Session | None = None
    ) -> list[KeptMerge]:
        """Return every merge into one of these clients, the newest first, those that were undone among them."""
        where = {"workspace_id": workspace_id, "survivor_id": {"$in": sorted(set(survivor_ids))}}
        return await self._newest_first(where, session)

    async def of_absorbed(self, workspace_id: str, absorbed_id: str, session: Session | None = None) -> list[KeptMerge]:
        """Return every merge that ended a client, the newest first; some may have been undone."""
        return await self._newest_first({"workspace_id": workspace_id, "absorbed_id": absorbed_id}, session)

    async def _newest_first(self, where: Document, session: Session | None) -> list[KeptMerge]:
        found = self.collection.find(where, session=session, max_time_ms=QUERY_MILLISECONDS)
        documents = await found.to_list(None)
        documents.sort(key=lambda one: (one["at"], one.get("after", {}).get("rev", 0)), reverse=True)
        return [_from(document) for document in documents]

    async def survivor_of(self, workspace_id: str, client_id: str) -> str | None:
        """Return whose an absorbed client's id is now; None for one that never was absorbed."""
        here = client_id
        for _ in range(LONGEST_CHAIN):
            found = await self.collection.find_one(
                {"workspace_id": workspace_id, "absorbed_id": here, "undone_at": None},
                {"survivor_id": 1},
                sort=[("at", -1)],
                max_time_ms=QUERY_MILLISECONDS,
            )
            if found is None:
                break
            here = found["survivor_id"]
        return here if here != client_id else None

    async def stands_for(
        self, workspace_id: str, client_ids: Iterable[str], session: Session | None = None
    ) -> dict[str, frozenset[str]]:
        """Return, for each client, every client's id that it stands for: its own and those that were merged into it.

        What keeps the id of its first client (activity, pairs kept apart) is read through this.
        """
        survivor: dict[str, str] = {id_: id_ for id_ in client_ids}
        edge = set(survivor)
        for _ in range(LONGEST_CHAIN):
            if not edge:
                break
            found = self.collection.find(
                {"workspace_id": workspace_id, "survivor_id": {"$in": sorted(edge)}, "undone_at": None},
                {"survivor_id": 1, "absorbed_id": 1},
                session=session,
            )
            edge = set()
            for one in await found.to_list(None):
                if one["absorbed_id"] not in survivor:
                    survivor[one["absorbed_id"]] = survivor[one["survivor_id"]]
                    edge.add(one["absorbed_id"])
        return {
            top: frozenset(id_ for id_, into in survivor.items() if into == top)
            for top in dict.fromkeys(survivor.values())
        }

    async def forget(self, workspace_id: str, client_ids: Iterable[str], session: Session) -> None:
        """Keep of these clients' merges that they happened, and nothing of the people."""
        ids = sorted(set(client_ids))
        for field in ("survivor_id", "absorbed_id"):
            await self.collection.update_many(
                {"workspace_id": workspace_id, field: {"$in": ids}},
                {"$unset": dict.fromkeys(_PERSONAL, "")},
                session=session,
            )


def _from(found: Document) -> KeptMerge:
    return KeptMerge(
        id=found["_id"],
        survivor_id=found["survivor_id"],
        absorbed_id=found["absorbed_id"],
        at=found["at"],
        by=found.get("by"),
        merge=_merge_from(found) if "absorbed" in found else None,
        undone_at=found.get("undone_at"),
        undone_by=found.get("undone_by"),
    )


def _merge_from(found: Document) -> Merge:
    links: Mapping[str, Any] = found.get("links") or {}
    return Merge(
        evidence=Evidence(**found["evidence"]) if found["evidence"] else None,
        absorbed=client_from(found["absorbed"]),
        before=client_from(found["before"]),
        after=client_from(found["after"]),
        at=found["at"],
        id=found["_id"],
        by=found.get("by"),
        links={id_: Link(**link) if link else None for id_, link in links.items()},
    )

"""Merges, one document each, `_id` = the event that caused it; the absorbed client stays whole in it."""

from dataclasses import asdict

from services.identity.domain.linking import Doubt
from services.identity.domain.merging import Merge
from services.identity.domain.people import ChatContact
from services.identity.store.client_documents import client_to
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Session

LONGEST_CHAIN = 100
"""A survivor may be absorbed in turn; nobody is absorbed a hundred times over."""


class Merges:
    """The collection, and the way from an absorbed client to who it is now."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, merge: Merge, session: Session) -> None:
        await self.collection.insert_one(
            {
                "_id": merge.evidence.event_id,
                "workspace_id": merge.absorbed.workspace_id,
                "survivor_id": merge.survivor_id,
                "absorbed_id": merge.absorbed.id,
                "absorbed": client_to(merge.absorbed),
                "before": client_to(merge.before),
                "after": client_to(merge.after),
                "evidence": asdict(merge.evidence),
                "at": merge.at,
            },
            session=session,
        )

    async def survivor_of(self, workspace_id: str, client_id: str) -> str | None:
        """Return whose an absorbed client's id is now; None for one that never was absorbed."""
        here = client_id
        for _ in range(LONGEST_CHAIN):
            found = await self.collection.find_one(
                {"workspace_id": workspace_id, "absorbed_id": here},
                {"survivor_id": 1},
                sort=[("at", -1)],
                max_time_ms=QUERY_MILLISECONDS,
            )
            if found is None:
                break
            here = found["survivor_id"]
        return here if here != client_id else None


class Suggestions:
    """Clients that may be one person, waiting for somebody's judgement; `_id` = the event that raised the doubt."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, chat: ChatContact, event_id: str, doubts: tuple[Doubt, ...], session: Session) -> None:
        """Keep a suggestion; one that waits already, or was judged, stays as it is."""
        await self.collection.update_one(
            {"_id": event_id},
            {
                "$setOnInsert": {
                    "workspace_id": chat.workspace_id,
                    "chat_contact_id": chat.id,
                    "client_id": chat.client_id,
                    "about": [asdict(doubt) for doubt in doubts],
                    "status": "waiting",
                    "at": chat.changed_at,
                }
            },
            upsert=True,
            session=session,
        )

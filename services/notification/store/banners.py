"""Banners that stay until somebody looks: one document a form whose escalation has come to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document, Session

SHOWN = 200
"""The oldest banners; who has more looks at the log."""


@dataclass(frozen=True, slots=True)
class Banner:
    """A form that nobody looked at in time. Who sees it follows from the queue's lead as it is when it is read."""

    request_id: str
    queue_id: str
    at: datetime


class Banners:
    """`_id` is the request's. `of_queues` lists them, the oldest first."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["banners"]

    async def put_up(self, workspace_id: str, banners: Sequence[Banner], session: Session) -> None:
        rows: list[Document] = [
            {"_id": one.request_id, "workspace_id": workspace_id, "queue_id": one.queue_id, "at": one.at}
            for one in banners
        ]
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def take_down(self, workspace_id: str, request_ids: Sequence[str], session: Session) -> None:
        await self._rows.delete_many({"workspace_id": workspace_id, "_id": {"$in": list(request_ids)}}, session=session)

    async def one(self, workspace_id: str, request_id: str) -> Banner | None:
        row = await self._rows.find_one({"_id": request_id, "workspace_id": workspace_id})
        return _banner(row) if row else None

    async def of(self, workspace_id: str, queue_ids: Sequence[str]) -> tuple[list[Banner], int]:
        """Return the oldest of these queues', and how many there are."""
        wanted = {"workspace_id": workspace_id, "queue_id": {"$in": list(queue_ids)}}
        rows = await self._rows.find(wanted).sort("at", 1).max_time_ms(QUERY_MILLISECONDS).to_list(SHOWN)
        total = len(rows) if len(rows) < SHOWN else await self._rows.count_documents(wanted)
        return [_banner(row) for row in rows], total

    async def queues(self, workspace_id: str) -> list[str]:
        """Return the queues that have any."""
        return await self._rows.distinct("queue_id", {"workspace_id": workspace_id})


def _banner(row: Document) -> Banner:
    return Banner(row["_id"], row["queue_id"], row["at"])

"""Queues: one document each.

`one_queue_per_connection` makes (workspace, connection) unique among what feeds queues; a deleted queue has none.
`one_per_form_key` makes the public key of a form unique.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from services.notification.domain.queue import Queue, unknown_queue
from shared.contracts.queues import QueueStateV1
from shared.messaging.outbox import StateSource
from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document, Session
from shared.storage.transactions import StaleError
from shared.storage.walk import by_id

MOST = 500
"""Queues that are not deleted, per workspace: all of them are listed at once."""


def _document(queue: Queue) -> Document:
    state = queue.state
    return {
        "_id": queue.id,
        "workspace_id": state.workspace_id,
        "active": state.active,
        "rev": state.rev,
        "connection_ids": list(state.connection_ids),
        "form_key": state.form_key,
        "escalate_after_seconds": queue.escalate_after_seconds,
        "colleagues_asked": queue.colleagues_asked,
        "created_at": queue.created_at,
        "state": state.model_dump(mode="json"),
    }


def _queue(row: Document) -> Queue:
    return Queue(
        QueueStateV1.model_validate(row["state"]),
        row["escalate_after_seconds"],
        row["colleagues_asked"],
        row["created_at"],
    )


class Queues(StateSource):
    """The store, and the source of `queue.v1`."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["queues"]

    async def one(self, workspace_id: str, queue_id: str, session: Session | None = None) -> Queue | None:
        """Return a queue, deleted or not."""
        row = await self._rows.find_one({"_id": queue_id, "workspace_id": workspace_id}, session=session)
        return _queue(row) if row else None

    async def of(self, workspace_id: str) -> list[Queue]:
        """Return all that are not deleted, the oldest first."""
        rows = self._rows.find({"workspace_id": workspace_id, "active": True}).sort([("created_at", 1), ("_id", 1)])
        return [_queue(row) for row in await rows.limit(MOST).max_time_ms(QUERY_MILLISECONDS).to_list(MOST)]

    async def named(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> dict[str, Queue]:
        """Return those of these that there are, deleted ones too, by id."""
        rows = self._rows.find({"_id": {"$in": sorted(set(ids))}, "workspace_id": workspace_id}, session=session)
        return {row["_id"]: _queue(row) async for row in rows}

    async def or_unknown(self, workspace_id: str, ids: Iterable[str]) -> dict[str, Queue]:
        """Return these, and for what is not there what stands in for it: no form goes without a queue."""
        wanted = set(ids)
        found = await self.named(workspace_id, wanted)
        now = datetime.now(UTC)
        return {id_: found.get(id_) or unknown_queue(id_, workspace_id, now) for id_ in wanted}

    async def fed_by(self, workspace_id: str, connection_ids: Sequence[str]) -> list[Queue]:
        """Return the queues that any of these connections feed."""
        rows = self._rows.find({"workspace_id": workspace_id, "connection_ids": {"$in": list(connection_ids)}})
        return [_queue(row) async for row in rows]

    async def add(self, queue: Queue, session: Session) -> None:
        """Insert a new one; a connection that feeds another meets `one_queue_per_connection`."""
        await self._rows.insert_one(_document(queue), session=session)

    async def save(self, queue: Queue, session: Session) -> None:
        """Write a changed one, its rev raised by one already. Raises `StaleError` where somebody was faster."""
        written = await self._rows.replace_one(
            {"_id": queue.id, "workspace_id": queue.state.workspace_id, "rev": queue.rev - 1},
            _document(queue),
            session=session,
        )
        if written.matched_count != 1:
            raise StaleError(queue.id)

    async def states(self, ids: Sequence[str]) -> list[QueueStateV1]:
        return [_queue(row).state async for row in self._rows.find({"_id": {"$in": list(ids)}})]

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return {row["_id"]: row["rev"] async for row in self._rows.find({"_id": {"$in": list(ids)}}, {"rev": True})}

    def key_of(self, id_: str) -> str:
        return id_

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        async for row in by_id(self._rows, {"rev": True}):
            yield row["_id"], row["rev"]

    def id_of(self, key: str) -> str | None:
        return key

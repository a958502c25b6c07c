"""Timers of the escalation: one row for each form that nobody has looked at and whose lead was not told yet.

Any process claims what is due, under a lease; a claim's token is its fence. The row is also what a step and an
acknowledgement meet at: both write it in their transaction, so one of them comes first and the other sees that it did.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import UpdateOne

from services.notification.domain.escalation import Progress
from services.notification.store.clock import Clock
from shared.storage.mongo import Database, Document, Session

LEASE = timedelta(seconds=30)
CLOCKS_DIFFER = timedelta(seconds=5)
"""A row that was written later than it is now, by more than this: the database's clock was set back."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A form that has just come in."""

    request_id: str
    queue_id: str
    at: datetime
    """When it was left."""
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Timer:
    """A claimed row."""

    workspace_id: str
    request_id: str
    queue_id: str
    at: datetime
    due_at: datetime
    progress: Progress
    claim: str


class Timers:
    """One document a form, `_id` is the request's. `by_due` finds what is due."""

    def __init__(self, owned: Database, clock: Clock) -> None:
        self._rows = owned["timers"]
        self._clock = clock

    async def start(self, workspace_id: str, new: Iterable[NewTimer], now: datetime, session: Session) -> None:
        """Begin, in the transaction that takes the forms in."""
        rows: list[Document] = [
            {
                "_id": timer.request_id,
                "workspace_id": workspace_id,
                "queue_id": timer.queue_id,
                "at": timer.at,
                "due_at": timer.due_at,
                "set_at": now,
                "lease_until": _LONG_AGO,
                "claim": None,
                "steps": 0,
                "asked": [],
            }
            for timer in new
        ]
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def stop(self, workspace_id: str, request_ids: Sequence[str], session: Session) -> None:
        """End, in the transaction that notes that somebody looked."""
        await self._rows.delete_many({"workspace_id": workspace_id, "_id": {"$in": list(request_ids)}}, session=session)

    async def claim(self, limit: int) -> list[Timer]:
        """Take what is due and nobody works on, the longest due first."""
        now = await self._clock()
        free: Document = {"due_at": {"$lte": now}, "lease_until": {"$lte": now}}
        found = await self._rows.find(free, {"_id": True}).sort("due_at", 1).limit(limit).to_list(limit)
        if not found:
            return []
        claim = secrets.token_hex(8)
        ids = [row["_id"] for row in found]
        await self._rows.update_many(
            {"_id": {"$in": ids}, **free}, {"$set": {"claim": claim, "lease_until": now + LEASE}}
        )
        return [_timer(row) async for row in self._rows.find({"_id": {"$in": ids}, "claim": claim})]

    async def mend(self) -> int:
        """Bring back what a clock that was set back has put far into the future; returns how many there were."""
        now = await self._clock()
        answer = await self._rows.update_many(
            {"set_at": {"$gt": now + CLOCKS_DIFFER}},
            [
                {
                    "$set": {
                        "due_at": {"$add": [now, {"$subtract": ["$due_at", "$set_at"]}]},
                        "set_at": now,
                        "lease_until": {"$min": ["$lease_until", now + LEASE]},
                    }
                }
            ],
        )
        return answer.modified_count

    async def held(self, timers: Sequence[Timer], session: Session) -> set[str]:
        """Return which of these are claimed by us still: nobody looked, and no other process took them over."""
        by_claim: dict[str, list[str]] = {}
        for timer in timers:
            by_claim.setdefault(timer.claim, []).append(timer.request_id)
        ours = [{"_id": {"$in": ids}, "claim": claim} for claim, ids in by_claim.items()]
        return {row["_id"] async for row in self._rows.find({"$or": ours}, {"_id": True}, session=session)}

    async def go_on(
        self, moved: Sequence[tuple[Timer, Progress, datetime | None]], now: datetime, session: Session
    ) -> None:
        """Write how far each is, and when it goes on; None: it is over."""
        over = [timer.request_id for timer, _, due_at in moved if due_at is None]
        if over:
            await self._rows.delete_many({"_id": {"$in": over}}, session=session)
        writes = [
            UpdateOne(
                {"_id": timer.request_id},
                {
                    "$set": {
                        "due_at": due_at,
                        "set_at": now,
                        "lease_until": _LONG_AGO,
                        "claim": None,
                        "steps": progress.steps,
                        "asked": list(progress.asked),
                    }
                },
            )
            for timer, progress, due_at in moved
            if due_at is not None
        ]
        if writes:
            await self._rows.bulk_write(writes, ordered=False, session=session)

    async def next_of(self, workspace_id: str, request_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        """Return how many steps are done and when the next is due, of those whose escalation goes on."""
        rows = self._rows.find({"workspace_id": workspace_id, "_id": {"$in": list(request_ids)}})
        return {row["_id"]: (row["steps"], row["due_at"]) async for row in rows}


def _timer(row: Document) -> Timer:
    return Timer(
        row["workspace_id"],
        row["_id"],
        row["queue_id"],
        row["at"],
        row["due_at"],
        Progress(row["steps"], tuple(row["asked"])),
        row["claim"],
    )

"""Emails to agents: one row each, `queued → sending → sent / failed / unknown / dropped`.

A row is `sending` from the moment before its text goes to the mail server: what is lost before that is done again,
what is lost after it never is. `one_per_request_and_user` makes it one email for each form and agent.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pymongo import UpdateOne

from services.notification.store.clock import Clock
from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document, Session

LEASE = timedelta(seconds=120)
SENDING = timedelta(seconds=150)
"""After so long without a result, nobody will learn what became of an email: longer than its time-out."""
FARTHEST = timedelta(minutes=10)
"""Nothing is put off by more than this."""
GIVEN_UP_AFTER = timedelta(hours=24)
KEPT = timedelta(days=90)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Status = Literal["queued", "sending", "sent", "failed", "unknown", "dropped"]


@dataclass(frozen=True, slots=True)
class NewEmail:
    """Somebody is to be told of a form by email."""

    request_id: str
    user_id: str
    queue_id: str | None
    """None of one that is only tried."""
    why: str
    """The step of the escalation, `intake`, or `try`."""


@dataclass(frozen=True, slots=True)
class Email:
    """A row."""

    id: str
    workspace_id: str
    request_id: str
    user_id: str
    queue_id: str | None
    why: str
    status: Status
    at: datetime
    tries: int
    reason: str | None
    claim: str | None
    ended_at: datetime | None


class Emails:
    """The rows. `by_due` finds what waits; `by_status` what went wrong; `kept` lets settled ones go."""

    def __init__(self, owned: Database, clock: Clock) -> None:
        self._rows = owned["emails"]
        self._clock = clock

    async def add(self, workspace_id: str, new: Iterable[NewEmail], now: datetime, session: Session | None) -> None:
        """Queue those that are not there yet, in the transaction of what they tell of."""
        writes = [
            UpdateOne(
                {"workspace_id": workspace_id, "request_id": one.request_id, "user_id": one.user_id},
                {"$setOnInsert": _row(one, now)},
                upsert=True,
            )
            for one in new
        ]
        if writes:
            await self._rows.bulk_write(writes, ordered=False, session=session)

    async def emailed(self, workspace_id: str, request_ids: Sequence[str], session: Session) -> dict[str, set[str]]:
        """Return to whom each of these forms has an email already, sent or not."""
        rows = self._rows.find(
            {"workspace_id": workspace_id, "request_id": {"$in": list(request_ids)}},
            {"request_id": True, "user_id": True},
            session=session,
        )
        found: dict[str, set[str]] = {}
        async for row in rows:
            found.setdefault(row["request_id"], set()).add(row["user_id"])
        return found

    async def drop(self, workspace_id: str, request_ids: Sequence[str], now: datetime, session: Session) -> None:
        """Send no more of what somebody has looked at; what is under way goes its way."""
        await self._rows.update_many(
            {"workspace_id": workspace_id, "request_id": {"$in": list(request_ids)}, "status": "queued"},
            {"$set": {"status": "dropped", "reason": "seen", "ended_at": now}},
            session=session,
        )

    async def claim(self, limit: int) -> list[Email]:
        """Take what is due and nobody works on, the longest due first."""
        now = await self._clock()
        free: Document = {"status": "queued", "due_at": {"$lte": now}, "lease_until": {"$lte": now}}
        found = await self._rows.find(free, {"_id": True}).sort("due_at", 1).limit(limit).to_list(limit)
        if not found:
            return []
        claim = secrets.token_hex(8)
        ids = [row["_id"] for row in found]
        await self._rows.update_many(
            {"_id": {"$in": ids}, **free}, {"$set": {"claim": claim, "lease_until": now + LEASE}, "$inc": {"tries": 1}}
        )
        return [_email(row) async for row in self._rows.find({"_id": {"$in": ids}, "claim": claim}).sort("due_at", 1)]

    async def begin(self, email: Email) -> bool:
        """Note that the text goes out now. False where the email is not ours any more: then it must not."""
        now = await self._clock()
        answer = await self._rows.update_one(
            {"_id": email.id, "claim": email.claim, "status": "queued"},
            {"$set": {"status": "sending", "lease_until": now + SENDING}},
        )
        return answer.matched_count == 1

    async def end(self, email: Email, status: Status, reason: str | None = None) -> None:
        """Write what became of it. A late answer settles what was unknown."""
        before = ["queued", "sending", "unknown"] if status in {"sent", "failed"} else ["queued", "sending"]
        await self._rows.update_one(
            {"_id": email.id, "claim": email.claim, "status": {"$in": before}},
            {"$set": {"status": status, "reason": reason, "ended_at": await self._clock()}},
        )

    async def put_back(self, email: Email, after: timedelta, reason: str | None) -> None:
        """Try it again later: the mail server took nothing of it. Without a reason that was not its doing."""
        now = await self._clock()
        changed: Document = {"status": "queued", "claim": None, "due_at": now + after, "lease_until": _LONG_AGO}
        await self._rows.update_one(
            {"_id": email.id, "claim": email.claim, "status": {"$in": ["queued", "sending"]}},
            {"$set": changed | ({"reason": reason} if reason else {})} | ({} if reason else {"$inc": {"tries": -1}}),
        )

    async def mend(self) -> None:
        """Bring back what a clock that was set back has put far into the future."""
        now = await self._clock()
        await self._rows.update_many({"status": "queued", "due_at": {"$gt": now + FARTHEST}}, {"$set": {"due_at": now}})
        await self._rows.update_many(
            {"status": {"$in": ["queued", "sending"]}, "lease_until": {"$gt": now + FARTHEST}},
            {"$set": {"lease_until": now + SENDING}},
        )

    async def settle(self) -> tuple[int, int]:
        """Name what a dead process left, and what waited for too long. Returns how many of each."""
        now = await self._clock()
        lost = await self._rows.update_many(
            {"status": "sending", "lease_until": {"$lte": now}},
            {"$set": {"status": "unknown", "reason": "no answer came after the text was sent", "ended_at": now}},
        )
        old = await self._rows.update_many(
            {"status": "queued", "at": {"$lte": now - GIVEN_UP_AFTER}, "lease_until": {"$lte": now}},
            [
                {
                    "$set": {
                        "status": "failed",
                        "reason": {
                            "$concat": ["given up after 24 hours: ", {"$ifNull": ["$reason", "no mail server is set"]}]
                        },
                        "ended_at": now,
                    }
                }
            ],
        )
        return lost.modified_count, old.modified_count

    async def one(self, workspace_id: str, request_id: str, user_id: str) -> Email | None:
        """Return the one email of a form to somebody."""
        row = await self._rows.find_one({"workspace_id": workspace_id, "request_id": request_id, "user_id": user_id})
        return _email(row) if row else None

    async def of_request(self, workspace_id: str, request_id: str) -> list[Email]:
        """Return a form's emails, the oldest first."""
        rows = self._rows.find({"workspace_id": workspace_id, "request_id": request_id}).sort([("at", 1), ("_id", 1)])
        return [_email(row) for row in await rows.max_time_ms(QUERY_MILLISECONDS).to_list(1000)]

    async def troubles(self, workspace_id: str, limit: int, after: tuple[datetime, str] | None) -> list[Email]:
        """Return what was refused, got lost or waits after a failure, the newest first."""
        wanted: dict[str, Any] = {
            "workspace_id": workspace_id,
            "$or": [{"status": {"$in": ["failed", "unknown"]}}, {"status": "queued", "reason": {"$type": "string"}}],
        }
        if after is not None:
            at, id_ = after
            wanted["$and"] = [{"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]}]
        rows = self._rows.find(wanted).sort([("at", -1), ("_id", -1)]).limit(limit)
        return [_email(row) for row in await rows.max_time_ms(QUERY_MILLISECONDS).to_list(limit)]

    async def trouble_total(self, workspace_id: str, most: int) -> int:
        """Count them, up to a bound."""
        return await self._rows.count_documents(
            {
                "workspace_id": workspace_id,
                "$or": [
                    {"status": {"$in": ["failed", "unknown"]}},
                    {"status": "queued", "reason": {"$type": "string"}},
                ],
            },
            limit=most,
            maxTimeMS=QUERY_MILLISECONDS,
        )

    async def waiting(self, workspace_id: str | None = None) -> tuple[int, datetime | None]:
        """Return how many wait, up to 10,000, and since when the oldest does; of all workspaces without one."""
        wanted: Document = {"status": "queued"} | ({"workspace_id": workspace_id} if workspace_id else {})
        count = await self._rows.count_documents(wanted, limit=10_000)
        oldest = await self._rows.find_one(wanted, sort=[("at", 1)]) if count else None
        return count, oldest["at"] if oldest else None

    async def bounced(self, workspace_id: str, email_id: str, reason: str) -> bool:
        """Note that a mail system gave one back that was taken; False where there is no such one."""
        answer = await self._rows.update_one(
            {"_id": email_id, "workspace_id": workspace_id, "status": {"$in": ["sent", "unknown", "failed"]}},
            {"$set": {"status": "failed", "reason": f"came back: {reason}", "ended_at": await self._clock()}},
        )
        return answer.matched_count == 1


def _row(new: NewEmail, now: datetime) -> Document:
    return {
        "_id": f"em_{secrets.token_hex(12)}",
        "queue_id": new.queue_id,
        "why": new.why,
        "status": "queued",
        "at": now,
        "due_at": now,
        "lease_until": _LONG_AGO,
        "claim": None,
        "tries": 0,
        "reason": None,
        "ended_at": None,
    }


def _email(row: Document) -> Email:
    return Email(
        row["_id"],
        row["workspace_id"],
        row["request_id"],
        row["user_id"],
        row["queue_id"],
        row["why"],
        row["status"],
        row["at"],
        row["tries"],
        row["reason"],
        row["claim"],
        row["ended_at"],
    )

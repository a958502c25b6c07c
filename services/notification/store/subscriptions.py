"""Browsers that take pushes, and what waits to be pushed to somebody's.

A browser belongs to who signed in there last: its address is unique over all, for it is one browser. The address and
its secret are sealed at rest.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import structlog
from pymongo import UpdateOne

from services.notification.store.clock import Clock
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import Database, Document, Session

log = structlog.get_logger(__name__)

MOST_PER_USER = 20
"""Browsers of one user; the one that came first makes room."""
LEASE = timedelta(seconds=60)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_PURPOSE = "push-subscription"


@dataclass(frozen=True, slots=True)
class Browser:
    """Where one browser takes pushes, as it told us (RFC 8030 and 8291)."""

    endpoint: str
    p256dh: str
    """Its public key: an uncompressed point of P-256, base64url."""
    auth: str
    """Its secret of 16 bytes, base64url."""

    @property
    def id(self) -> str:
        return f"ps_{blake2b(self.endpoint.encode(), digest_size=12).hexdigest()}"


class Subscriptions:
    """One document a browser. `of_user` finds somebody's."""

    def __init__(self, owned: Database, keys: SecretKeys) -> None:
        self._rows = owned["push_subscriptions"]
        self._keys = keys

    async def put(self, workspace_id: str, user_id: str, browser: Browser) -> None:
        """Keep a browser as this user's, whoever had it before."""
        plain = json.dumps({"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth})
        row: Document = {
            "workspace_id": workspace_id,
            "user_id": user_id,
            "sealed": self._keys.seal(workspace_id, _PURPOSE, plain),
            "at": datetime.now(UTC),
        }
        await self._rows.replace_one({"_id": browser.id}, row, upsert=True)
        theirs = self._rows.find({"workspace_id": workspace_id, "user_id": user_id}, {"_id": True}).sort("at", -1)
        too_many = [row["_id"] async for row in theirs.skip(MOST_PER_USER)]
        if too_many:
            await self._rows.delete_many({"_id": {"$in": too_many}})

    async def remove(self, workspace_id: str, user_id: str, endpoint: str) -> bool:
        """Push no more to a browser of this user's."""
        id_ = Browser(endpoint, "", "").id
        answer = await self._rows.delete_one({"_id": id_, "workspace_id": workspace_id, "user_id": user_id})
        return answer.deleted_count == 1

    async def gone(self, workspace_id: str, browser: Browser) -> None:
        """Forget a browser that its push service does not know any more."""
        await self._rows.delete_one({"_id": browser.id, "workspace_id": workspace_id})

    async def of(self, workspace_id: str, user_id: str) -> list[Browser]:
        """Return somebody's browsers."""
        found: list[Browser] = []
        async for row in self._rows.find({"workspace_id": workspace_id, "user_id": user_id}):
            try:
                found.append(Browser(**json.loads(self._keys.unseal(workspace_id, _PURPOSE, row["sealed"]))))
            except UnsealError:
                log.warning("a browser's address cannot be opened; it has to be switched on there again", id=row["_id"])
        return found

    async def having(self, workspace_id: str, users: Sequence[str], session: Session | None = None) -> set[str]:
        """Return who of these has a browser that takes pushes."""
        wanted = {"workspace_id": workspace_id, "user_id": {"$in": list(users)}}
        return {row["user_id"] async for row in self._rows.find(wanted, {"user_id": True}, session=session)}


@dataclass(frozen=True, slots=True)
class NewPush:
    """Somebody is to be pushed to."""

    request_id: str
    user_id: str
    queue_id: str
    why: str
    """The step of the escalation."""


@dataclass(frozen=True, slots=True)
class Push:
    """A claimed row."""

    id: str
    workspace_id: str
    request_id: str
    user_id: str
    queue_id: str
    at: datetime
    tries: int
    claim: str


class Pushes:
    """One document for each form, user and step; gone when it went out. `by_due` finds what waits."""

    def __init__(self, owned: Database, clock: Clock) -> None:
        self._rows = owned["pushes"]
        self._clock = clock

    async def add(self, workspace_id: str, new: Iterable[NewPush], now: datetime, session: Session) -> None:
        """Queue, in the transaction of what is told of."""
        writes = [
            UpdateOne(
                {"_id": f"{one.request_id}/{one.user_id}/{one.why}"},
                {
                    "$setOnInsert": {
                        "workspace_id": workspace_id,
                        "request_id": one.request_id,
                        "user_id": one.user_id,
                        "queue_id": one.queue_id,
                        "at": now,
                        "due_at": now,
                        "lease_until": _LONG_AGO,
                        "tries": 0,
                    }
                },
                upsert=True,
            )
            for one in new
        ]
        if writes:
            await self._rows.bulk_write(writes, ordered=False, session=session)

    async def drop(self, workspace_id: str, request_ids: Sequence[str], session: Session) -> None:
        """Push no more of what somebody has looked at."""
        await self._rows.delete_many(
            {"workspace_id": workspace_id, "request_id": {"$in": list(request_ids)}}, session=session
        )

    async def claim(self, limit: int) -> list[Push]:
        """Take what is due and nobody works on, the longest due first."""
        now = await self._clock()
        free: Document = {"due_at": {"$lte": now}, "lease_until": {"$lte": now}}
        found = await self._rows.find(free, {"_id": True}).sort("due_at", 1).limit(limit).to_list(limit)
        if not found:
            return []
        claim = secrets.token_hex(8)
        ids = [row["_id"] for row in found]
        await self._rows.update_many(
            {"_id": {"$in": ids}, **free}, {"$set": {"claim": claim, "lease_until": now + LEASE}, "$inc": {"tries": 1}}
        )
        return [_push(row) async for row in self._rows.find({"_id": {"$in": ids}, "claim": claim})]

    async def done(self, push: Push) -> None:
        """Let a row go: it went out, or never will."""
        await self._rows.delete_one({"_id": push.id, "claim": push.claim})

    async def put_back(self, push: Push, after: timedelta) -> None:
        """Try it again later."""
        due_at = await self._clock() + after
        await self._rows.update_one(
            {"_id": push.id, "claim": push.claim}, {"$set": {"due_at": due_at, "lease_until": _LONG_AGO}}
        )


def _push(row: Document) -> Push:
    return Push(
        row["_id"],
        row["workspace_id"],
        row["request_id"],
        row["user_id"],
        row["queue_id"],
        row["at"],
        row["tries"],
        row["claim"],
    )

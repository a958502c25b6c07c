"""Who has a page open: one lease for each user and process, so that a process that dies takes nobody along for long."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pymongo import UpdateOne

from services.notification.store.clock import Clock
from shared.storage.mongo import Database

LEASE = timedelta(seconds=30)
User = tuple[str, str]
"""(workspace, user)."""


class Presence:
    """One document a user and process. `of_users` finds them; `ends` clears away what nobody renewed."""

    def __init__(self, owned: Database, clock: Clock, replica: str) -> None:
        self._rows = owned["presence"]
        self._clock = clock
        self._replica = replica

    async def come(self, users: Iterable[User]) -> None:
        """Note who has opened their first page with this process."""
        until = await self._clock() + LEASE
        writes = [
            UpdateOne(
                {"_id": self._id(user)},
                {"$set": {"workspace_id": user[0], "user_id": user[1], "replica": self._replica, "until": until}},
                upsert=True,
            )
            for user in users
        ]
        if writes:
            await self._rows.bulk_write(writes, ordered=False)

    async def go(self, users: Iterable[User]) -> None:
        """Note who has closed their last page with this process."""
        await self._rows.delete_many({"_id": {"$in": [self._id(user) for user in users]}})

    async def renew(self) -> int:
        """Hold on to all of this process's in one write; returns how many there are."""
        until = await self._clock() + LEASE
        return (await self._rows.update_many({"replica": self._replica}, {"$set": {"until": until}})).matched_count

    async def leave(self) -> None:
        """Let all of this process's go: it is being stopped."""
        await self._rows.delete_many({"replica": self._replica})

    async def online(self, workspace_id: str, users: Sequence[str], now: datetime | None = None) -> set[str]:
        """Return who of these has a page open, with whichever process."""
        wanted = {"workspace_id": workspace_id, "user_id": {"$in": list(users)}}
        rows = self._rows.find({**wanted, "until": {"$gt": now or await self._clock()}}, {"user_id": True})
        return {row["user_id"] async for row in rows}

    def _id(self, user: User) -> str:
        return f"{self._replica}/{user[0]}/{user[1]}"

"""Sessions: who holds the cookie."""

from dataclasses import dataclass
from datetime import datetime

from shared.storage.mongo import Database


@dataclass(frozen=True, slots=True)
class SignedInSession:
    """A browser that is signed in. The cookie's own value is never kept, only its hash."""

    digest: str
    """SHA-256 of the cookie's value, hex: 256 random bits need no slower one."""
    workspace_id: str
    user_id: str
    tokens_from: datetime
    """The user's own, as it stood when the password was checked. Once they differ, the session is over."""
    used_at: datetime
    expires_at: datetime


class Sessions:
    """One document each, by the hash of the cookie's value. The index `ends` deletes those that are over."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["sessions"]

    async def add(self, session: SignedInSession) -> None:
        await self._rows.insert_one(
            {
                "_id": session.digest,
                "workspace_id": session.workspace_id,
                "user_id": session.user_id,
                "tokens_from": session.tokens_from,
                "used_at": session.used_at,
                "expires_at": session.expires_at,
            }
        )

    async def one(self, digest: str, now: datetime) -> SignedInSession | None:
        """Find a session that is not over."""
        row = await self._rows.find_one({"_id": digest, "expires_at": {"$gt": now}})
        if row is None:
            return None
        return SignedInSession(digest=row.pop("_id"), **row)

    async def extend(self, digest: str, *, used_at: datetime, expires_at: datetime) -> None:
        await self._rows.update_one({"_id": digest}, {"$set": {"used_at": used_at, "expires_at": expires_at}})

    async def end(self, digest: str) -> None:
        await self._rows.delete_one({"_id": digest})

    async def end_all_of(self, user_id: str) -> None:
        await self._rows.delete_many({"user_id": user_id})

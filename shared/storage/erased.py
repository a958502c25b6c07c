"""Chats of erased people: what happened in them up to then never comes back, whoever reads a topic again.

One document a chat, by the chat contact's opaque id. It stays as long as anything of before can still be read: dead
letters are kept the longest. Every service has a collection of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from pymongo import UpdateOne

from shared.contracts.chat import ChatEvent
from shared.storage.mongo import Collection, Database, Session

COLLECTION = "erased_chats"
KEPT = timedelta(days=40)
"""Longer than any topic's logs (`Topic.gone_after`)."""
E_ = TypeVar("E_", bound=ChatEvent)


class ErasedChats:
    """The collection; index `forgotten` lets documents go."""

    def __init__(self, owned: Database) -> None:
        self._all: Collection = owned[COLLECTION]

    async def add(self, workspace_id: str, ids: Iterable[str], at: datetime, session: Session) -> None:
        """Note that these chats were erased; a later erasure moves the moment on."""
        writes = [
            UpdateOne(
                {"_id": id_},
                {"$set": {"workspace_id": workspace_id}, "$max": {"at": at, "forget_at": at + KEPT}},
                upsert=True,
            )
            for id_ in ids
        ]
        if writes:
            await self._all.bulk_write(writes, ordered=False, session=session)

    async def of(self, ids: Iterable[str], session: Session | None = None) -> Mapping[str, datetime]:
        """Return when those of these chats were erased that were."""
        found = self._all.find({"_id": {"$in": list(ids)}}, {"at": 1}, session=session)
        return {one["_id"]: one["at"] for one in await found.to_list(None)}

    async def without(self, events: Sequence[E_]) -> list[E_]:
        """Leave out what happened in a chat before it was erased."""
        erased = await self.of({event.chat_contact_id for event in events}) if events else {}
        if not erased:
            return list(events)
        return [event for event in events if not is_erased(erased, event.chat_contact_id, event.time)]

    async def make_index(self) -> None:
        await self._all.create_index("forget_at", name="forgotten", expireAfterSeconds=0)


def is_erased(erased: Mapping[str, datetime], id_: str, at: datetime) -> bool:
    """Tell whether something of this moment belongs to what was erased."""
    there = erased.get(id_)
    return there is not None and at <= there

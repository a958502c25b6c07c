"""Switches of chats whose person was erased: what was off stays off, should they ever write again.

One document a chat that had one off, by the chat contact's opaque id; `rev` goes on where it was, because readers of
`permission.v1` ignore lower ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo import ReplaceOne

from services.identity.domain.people import ChatContact
from shared.storage.mongo import Collection, Session


@dataclass(frozen=True, slots=True)
class ErasedSwitches:
    """What was off, and the last rev."""

    proactive: bool
    reactive: bool
    rev: int


class SwitchesOfErased:
    """The collection."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def keep(self, contacts: Iterable[ChatContact], session: Session) -> None:
        """Keep those whose switches ever moved."""
        writes = [
            ReplaceOne(
                {"_id": one.id},
                {
                    "_id": one.id,
                    "workspace_id": one.workspace_id,
                    "proactive": one.proactive,
                    "reactive": one.reactive,
                    "rev": one.rev,
                },
                upsert=True,
            )
            for one in contacts
            if one.switches_rev is not None
        ]
        if writes:
            await self.collection.bulk_write(writes, ordered=False, session=session)

    async def of(self, ids: Iterable[str], session: Session | None = None) -> dict[str, ErasedSwitches]:
        wanted = list(ids)
        found = await self.collection.find({"_id": {"$in": wanted}}, session=session).to_list(None) if wanted else []
        return {one["_id"]: ErasedSwitches(one["proactive"], one["reactive"], one["rev"]) for one in found}

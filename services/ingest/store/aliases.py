"""Which chat contact an id of a person's stands for, where a channel knows people by more than one id (WhatsApp).

One document an id; its `_id` begins with the workspace and the connection, and decides who was first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError, PyMongoError

from shared.storage.mongo import Collection, Database, Document
from shared.storage.transactions import is_duplicate


@dataclass(frozen=True, slots=True)
class Alias:
    """One id."""

    contact_id: str
    """Of the chat contact that it stands for."""
    holder: str | None
    """Of a phone: whose user id came with it last; None as long as it only ever came alone."""
    at: datetime
    """When that was told, by the provider's clock."""


class Aliases:
    """A user id stands for the same chat contact, unless it turns out to be another's; a phone passes on."""

    def __init__(self, database: Database) -> None:
        self._all: Collection = database["aliases"]

    async def of(self, connection: str, ids: Iterable[str]) -> dict[str, Alias]:
        """Return what is known of ids. `connection` is `workspace/connection`, here and below."""
        wanted = [f"{connection}/{id_}" for id_ in ids]
        found = await self._all.find({"_id": {"$in": wanted}}).to_list(None)
        return {one["_id"].removeprefix(f"{connection}/"): _alias(one) for one in found}

    async def make(self, connection: str, id_: str, alias: Alias) -> Alias:
        """Keep what an id stands for, unless that is known: then return what is."""
        return await self._upsert(f"{connection}/{id_}", {"$setOnInsert": _kept(alias)})

    async def make_all(self, connection: str, aliases: Mapping[str, Alias]) -> set[str]:
        """Keep what ids stand for, in one bulk; return those that nobody had kept before."""
        if not aliases:
            return set()
        ids = list(aliases)
        writes = [
            UpdateOne({"_id": f"{connection}/{id_}"}, {"$setOnInsert": _kept(aliases[id_])}, upsert=True) for id_ in ids
        ]
        try:
            made: Mapping[int, Any] = (await self._all.bulk_write(writes, ordered=False)).upserted_ids or {}
        except BulkWriteError as error:
            if not is_duplicate(error):
                raise
            made = {one["index"]: one["_id"] for one in error.details["upserted"]}  # somebody was as fast with others
        return {ids[number] for number in made}

    async def hold(self, connection: str, phone: str, contact_id: str, holder: str, at: datetime) -> bool:
        """Note who showed a phone with a user id, where nobody had; False where another did."""
        done = await self._all.update_one(
            {"_id": f"{connection}/{phone}", "contact_id": contact_id, "holder": {"$in": [None, holder]}},
            {"$set": {"holder": holder, "at": at}},
        )
        return done.matched_count == 1

    async def move(self, connection: str, phone: str, to: Alias) -> None:
        """Let a phone stand for somebody else from now on; what is older than what we know changes nothing."""
        await self._all.update_one(
            {"_id": f"{connection}/{phone}", "at": {"$lt": to.at}},
            {"$set": {"contact_id": to.contact_id, "holder": to.holder, "at": to.at}},
        )

    async def join(self, connection: str, user: str, own: str, contact_id: str) -> None:
        """Let a user id that had a chat contact of its own stand for another one: it was told that they are one."""
        await self._all.update_one(
            {"_id": f"{connection}/{user}", "contact_id": own}, {"$set": {"contact_id": contact_id}}
        )

    async def _upsert(self, id_: str, change: Document) -> Alias:
        how: dict[str, Any] = {"upsert": True, "return_document": ReturnDocument.AFTER}
        try:
            found = await self._all.find_one_and_update({"_id": id_}, change, **how)
        except PyMongoError as error:
            if not is_duplicate(error):
                raise
            found = await self._all.find_one_and_update({"_id": id_}, change, **how)  # somebody was as fast
        return _alias(found)


def _kept(alias: Alias) -> Document:
    return {"contact_id": alias.contact_id, "holder": alias.holder, "at": alias.at}


def _alias(found: Document) -> Alias:
    return Alias(found["contact_id"], found["holder"], found["at"])

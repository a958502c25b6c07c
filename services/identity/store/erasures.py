"""Erasures, one document each: what was removed where, and when. No person is in one that is complete."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.contracts.chat import ChatRef
from shared.contracts.erasure import ERASERS, ErasedChat, Eraser, ErasureDoneV1
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session


@dataclass(frozen=True, slots=True)
class Removed:
    """What one service removed, by kind, and when."""

    at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Erasure:
    """An erasure, as far as it is."""

    id: str
    workspace_id: str
    client_id: str
    client_ids: tuple[str, ...]
    """The client's, and those that had been merged into it."""
    by: str
    at: datetime
    chats: tuple[ErasedChat, ...]
    """Empty once every service has answered."""
    own: Removed
    values: tuple[str, ...] = ()
    """By which files may know the person; empty once identity went through them."""
    swept: bool = False
    """Whether identity went through what has no place by the person's id."""
    answers: Mapping[Eraser, Removed] = field(default_factory=dict["Eraser", "Removed"])

    @property
    def is_complete(self) -> bool:
        return self.swept and all(service in self.answers for service in ERASERS)


class Erasures:
    """The collection. Every method for callers takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, new: Erasure, session: Session) -> None:
        await self.collection.insert_one(
            {
                "_id": new.id,
                "workspace_id": new.workspace_id,
                "client_id": new.client_id,
                "client_ids": list(new.client_ids),
                "by": new.by,
                "at": new.at,
                "chats": [{"id": one.id, "chat": one.chat.model_dump()} for one in new.chats],
                "values": list(new.values),
                "own": {"at": new.own.at, "counts": dict(new.own.counts)},
                "swept": False,
                "answers": {},
                "open": True,
                "asked_at": new.at,
            },
            session=session,
        )

    async def get(self, workspace_id: str, id_: str) -> Erasure | None:
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else _from(found)

    async def page(self, workspace_id: str, before: tuple[datetime, str] | None, limit: int) -> list[Erasure]:
        """Return erasures, the newest first; index `newest_erasures`."""
        where: Document = {"workspace_id": workspace_id}
        if before is not None:
            at, id_ = before
            where["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]
        found = self.collection.find(where, max_time_ms=QUERY_MILLISECONDS).sort([("at", -1), ("_id", -1)])
        return [_from(document) for document in await found.limit(limit).to_list(None)]

    async def count(self, workspace_id: str) -> int:
        return await self.collection.count_documents({"workspace_id": workspace_id}, maxTimeMS=QUERY_MILLISECONDS)

    async def note_swept(self, one: Erasure, more: Mapping[str, int]) -> None:
        """Note that identity is through, and what it found besides."""
        await self.collection.update_one(
            {"_id": one.id, "swept": False},
            {
                "$set": {"swept": True, "values": []},
                "$inc": {f"own.counts.{kind}": number for kind, number in more.items()},
            },
        )
        await self._close(one.id)

    async def take(self, answer: ErasureDoneV1) -> None:
        """Keep a service's answer; the last one closes the erasure, and drops whose chats they were."""
        await self.collection.update_one(
            {"_id": answer.erasure_id, "workspace_id": answer.workspace_id},
            {"$set": {f"answers.{answer.service}": {"at": answer.time, "counts": answer.removed}}},
        )
        await self._close(answer.erasure_id)

    async def unfinished(self, asked_before: datetime, limit: int) -> list[Erasure]:
        """Return those that lack something, and were not asked for since; index `open_erasures`."""
        found = self.collection.find({"open": True, "asked_at": {"$lte": asked_before}}).sort("asked_at", 1)
        return [_from(document) for document in await found.limit(limit).to_list(None)]

    async def note_asked(self, one: Erasure, at: datetime) -> None:
        await self.collection.update_one({"_id": one.id}, {"$set": {"asked_at": at}})

    async def _close(self, id_: str) -> None:
        done: Document = {"_id": id_, "swept": True, **{f"answers.{name}": {"$exists": True} for name in ERASERS}}
        await self.collection.update_one(done, {"$set": {"chats": []}, "$unset": {"open": "", "asked_at": ""}})


def _from(found: Document) -> Erasure:
    return Erasure(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        client_id=found["client_id"],
        client_ids=tuple(found["client_ids"]),
        by=found["by"],
        at=found["at"],
        chats=tuple(ErasedChat(id=one["id"], chat=ChatRef(**one["chat"])) for one in found["chats"]),
        own=_removed(found["own"]),
        values=tuple(found["values"]),
        swept=found["swept"],
        answers={service: _removed(one) for service, one in found["answers"].items()},
    )


def _removed(found: Mapping[str, Any]) -> Removed:
    return Removed(found["at"], found["counts"])

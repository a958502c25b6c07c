"""What ingest keeps of a person: conversations, messages, what a website showed, and ids that stand for them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.erasure import ErasedChat, ErasureRequestedV1
from shared.storage.mongo import Collection, Database, Document, Session

MESSAGES_SHOWN = 50_000
"""Of one person, as many messages are written into a file of their data."""


class PersonalData:
    """Reads and removes all of a person's, by their chats."""

    def __init__(self, owned: Database) -> None:
        self._conversations: Collection = owned["conversations"]
        self._messages: Collection = owned["messages"]
        self._lines: Collection = owned["visitor_lines"]
        self._numbers: Collection = owned["visitor_numbers"]
        self._aliases: Collection = owned["aliases"]
        self._unknown: Collection = owned["unknown_updates"]

    async def remove(self, asked: ErasureRequestedV1, session: Session) -> Mapping[str, int]:
        """Remove it. Of an update of a kind that nobody knows, what it said is removed where it names the person."""
        ids = [one.id for one in asked.chats]
        chats: Document = {"workspace_id": asked.workspace_id, "chat": {"$in": ids}}
        by_id: Document = {"workspace_id": asked.workspace_id, "_id": {"$in": ids}}
        messages = await self._messages.delete_many(chats, session=session)
        lines = await self._lines.delete_many(chats, session=session)
        await self._numbers.delete_many(by_id, session=session)
        conversations = await self._conversations.delete_many(by_id, session=session)
        aliases = updates = 0
        for one in asked.chats:
            aliases += await self._remove_aliases(asked.workspace_id, one, session)
            updates += await self._remove_updates(asked.workspace_id, one, session)
        return {
            "conversations": conversations.deleted_count,
            "messages": messages.deleted_count,
            "website messages": lines.deleted_count,
            "other ids": aliases,
            "unknown updates": updates,
        }

    async def _remove_aliases(self, workspace_id: str, one: ErasedChat, session: Session) -> int:
        begins = re.escape(f"{workspace_id}/{one.chat.connection_id}/")
        where: Document = {"_id": {"$regex": f"^{begins}"}, "contact_id": one.chat.contact_id}
        return (await self._aliases.delete_many(where, session=session)).deleted_count

    async def _remove_updates(self, workspace_id: str, one: ErasedChat, session: Session) -> int:
        """Empty them. That they came stays, so that a topic that is read again does not bring them back."""
        named = rf"\b{re.escape(one.chat.contact_id)}\b"
        where: Document = {
            "workspace_id": workspace_id,
            "connection_id": one.chat.connection_id,
            "raw": {"$regex": named},
        }
        return (await self._unknown.update_many(where, {"$set": {"raw": ""}}, session=session)).modified_count

    async def conversations(self, workspace_id: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return where each dialog stands; a form that is being filled in stays sealed."""
        found = self._conversations.find(
            {"_id": {"$in": list(ids)}, "workspace_id": workspace_id}, {"outputs": 0, "form": 0}
        )
        return await found.to_list(None)

    async def messages(self, workspace_id: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return messages both ways, the oldest first; index `newest_of_chat`."""
        found = self._messages.find({"workspace_id": workspace_id, "chat": {"$in": list(ids)}})
        return await found.sort([("chat", 1), ("at", 1), ("_id", 1)]).limit(MESSAGES_SHOWN).to_list(None)

    async def lines(self, workspace_id: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return what a website's chat showed."""
        found = self._lines.find({"workspace_id": workspace_id, "chat": {"$in": list(ids)}})
        return await found.sort([("chat", 1), ("n", 1)]).limit(MESSAGES_SHOWN).to_list(None)

"""What broadcast keeps of a person: what was to be sent to them, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.erasure import ErasureRequestedV1
from shared.storage.mongo import Database, Document, Session

ROWS_SHOWN = 50_000


class PersonalData:
    """Reads and removes all of a person's, by their chats; index `of_a_chat`."""

    def __init__(self, owned: Database) -> None:
        self._ledger = owned["ledger"]
        self._early = owned["early_receipts"]

    async def remove(self, asked: ErasureRequestedV1, session: Session) -> Mapping[str, int]:
        """Remove it. What waits to be sent is not sent any more; what is on its way has left already."""
        chats = {"$in": [one.id for one in asked.chats]}
        rows: Document = {"workspace_id": asked.workspace_id, "chat_contact_id": chats}
        found = self._ledger.find(rows, {"connection_id": 1, "provider_message_id": 1}, session=session)
        early = [
            f"{row['connection_id']}/{row['provider_message_id']}"
            for row in await found.to_list(None)
            if row.get("provider_message_id")
        ]
        receipts = await self._early.delete_many({"_id": {"$in": early}}, session=session)
        deliveries = await self._ledger.delete_many(rows, session=session)
        return {"deliveries": deliveries.deleted_count, "receipts": receipts.deleted_count}

    async def deliveries(self, workspace_id: str, chat_contact_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return what was to be sent, the oldest first. The words of what was sent are the conversation's."""
        wanted: Document = {"workspace_id": workspace_id, "chat_contact_id": {"$in": list(chat_contact_ids)}}
        found = self._ledger.find(wanted, {"fence": 0, "reported": 0})
        return await found.sort([("chat_contact_id", 1), ("seq", 1)]).limit(ROWS_SHOWN).to_list(None)

"""The ledger as people see it: always of one workspace, newest first."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from services.broadcast.domain.delivery import RESENDABLE, Delivery
from services.broadcast.store.rows import from_document, to_document
from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document

COUNTED_EXACTLY = 10_000
_UNSEEN = {"text": 0, "buttons": 0, "ask_contact": 0}
"""What a person wrote or was written is the conversation's to show."""


class Deliveries:
    """Reads of single rows and of pages. `newest` (workspace, seq) carries the pages."""

    def __init__(self, database: Database) -> None:
        self._rows = database.get_collection("ledger")
        self._counters = database.get_collection("counters")

    async def get(self, workspace_id: str, id_: str) -> Delivery | None:
        document = await self._rows.find_one({"_id": id_, "workspace_id": workspace_id})
        return None if document is None else from_document(document)

    async def page(
        self, workspace_id: str, filters: dict[str, Any], *, before: int | None, limit: int
    ) -> list[Delivery]:
        """Return rows below a `seq`, newest first, without texts."""
        query: Document = {"workspace_id": workspace_id, **filters}
        if before is not None:
            query["seq"] = {"$lt": before}
        found = self._rows.find(query, _UNSEEN).sort("seq", -1).limit(limit).max_time_ms(QUERY_MILLISECONDS)
        return [from_document(document) async for document in found]

    async def count(self, workspace_id: str, filters: dict[str, Any]) -> int:
        """Count rows, up to one more than `COUNTED_EXACTLY`."""
        return await self._rows.count_documents(
            {"workspace_id": workspace_id, **filters}, limit=COUNTED_EXACTLY + 1, maxTimeMS=QUERY_MILLISECONDS
        )

    async def plan_again(self, old: Delivery, new: Delivery) -> bool:
        """Insert a further attempt. False where somebody did before: the new row's id follows from the old one's."""
        counter = await self._counters.find_one_and_update(
            {"_id": "seq"}, {"$inc": {"last": 1}}, upsert=True, return_document=True
        )
        new.seq = counter["last"]
        try:
            await self._rows.insert_one(to_document(new))
        except DuplicateKeyError:
            return False
        await self._rows.update_one(
            {"_id": old.id, "workspace_id": old.workspace_id, "status": {"$in": list(RESENDABLE)}},
            {"$set": {"resent_as": new.id}},
        )
        return True

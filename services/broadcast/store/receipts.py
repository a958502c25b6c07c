"""What providers tell of messages that they had taken, brought into the ledger's rows."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from pymongo import UpdateOne

from services.broadcast.domain.delivery import FINAL, Delivery
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.rows import from_document
from shared.contracts.sending import ReceiptReceivedV1
from shared.storage.mongo import Database, Document

KEPT_EARLY = timedelta(days=1)
"""How long a receipt is kept that came before the answer to its own request."""
MOST_UNTIL = 200
"""Of one chat's newest messages, those that a receipt without ids may mean."""
_RANKS: dict[str, list[str]] = {"delivered": ["delivered", "read"], "read": ["read"]}
"""For each receipt those that say as much already: what came late changes nothing."""


class Receipts:
    """Writes upon rows that `Ledger` owns the sending of. Every write is guarded, so that twice and late is once."""

    def __init__(self, database: Database, clock: DatabaseClock) -> None:
        self._rows = database.get_collection("ledger")
        self._early = database.get_collection("early_receipts")
        self._clock = clock

    async def take(self, receipts: Sequence[ReceiptReceivedV1]) -> list[Delivery]:
        """Bring receipts in, and return the rows that changed. What no row is known for yet is kept for a day."""
        await self._write([update for receipt in receipts for update in await self._updates(receipt)])
        await self._keep([receipt for receipt in receipts if receipt.provider_message_ids])
        # a row may have been given its provider's id between the two
        await self._write([update for receipt in receipts for update in self._by_provider_id(receipt)])
        return await self._to_report(receipts)

    async def settle_early(self, rows: Iterable[Delivery]) -> None:
        """Bring in what had come before these rows had their provider's ids."""
        ids = {_early_id(row.connection_id, row.provider_message_id): row for row in rows if row.provider_message_id}
        if not ids:
            return
        found = await self._early.find({"_id": {"$in": list(ids)}}).to_list(None)
        await self._write([self._update({"_id": ids[one["_id"]].id}, one) for one in found])

    async def _updates(self, receipt: ReceiptReceivedV1) -> list[UpdateOne]:
        updates = self._by_provider_id(receipt)
        if receipt.ledger_id is not None:
            mine = {"_id": receipt.ledger_id, "connection_id": receipt.chat.connection_id}
            updates.append(self._update(mine, _told(receipt)))
        if receipt.until is not None:
            updates += [self._update({"_id": id_}, _told(receipt)) for id_ in await self._sent_until(receipt)]
        return updates

    def _by_provider_id(self, receipt: ReceiptReceivedV1) -> list[UpdateOne]:
        connection = receipt.chat.connection_id
        return [
            self._update({"connection_id": connection, "provider_message_id": id_}, _told(receipt))
            for id_ in receipt.provider_message_ids
        ]

    async def _sent_until(self, receipt: ReceiptReceivedV1) -> list[str]:
        """Return the newest rows of a chat that the provider had taken by a moment; index `of_a_chat`."""
        query: Document = {"workspace_id": receipt.workspace_id, "chat_contact_id": receipt.chat_contact_id}
        found = self._rows.find(query, {"finished_at": 1, "status": 1}).sort("seq", -1).limit(MOST_UNTIL)
        return [
            row["_id"]
            async for row in found
            if row["status"] == "sent" and receipt.until is not None and row["finished_at"] <= receipt.until
        ]

    def _update(self, which: Document, told: Document) -> UpdateOne:
        now = self._clock.now()
        status: str = told["status"]
        if status == "failed":
            change = {"status": "failed", "finished_at": now, "reported": False, **told["why"]}
            guard: Document = {"status": {"$in": ["sent", "unknown"]}, "receipt": {"$exists": False}}
            return UpdateOne({**which, **guard}, {"$set": change})
        settled: Document = {"provider_message_id": told["provider_message_id"]} if told["provider_message_id"] else {}
        if status == "sent":
            change = {"status": "sent", "finished_at": now, "reported": False, **settled}
            return UpdateOne({**which, "status": "unknown"}, {"$set": change, "$unset": {"detail": ""}})
        guard = {"status": {"$in": ["sending", "sent", "unknown"]}, "receipt": {"$nin": _RANKS[status]}}
        known: Document = {"$cond": [{"$eq": ["$status", "unknown"]}, "sent", "$status"]}
        change = {"receipt": status, "receipt_at": now, "reported": False, "status": known, **settled}
        return UpdateOne({**which, **guard}, [{"$set": change}])

    async def _write(self, updates: list[UpdateOne]) -> None:
        if updates:
            await self._rows.bulk_write(updates, ordered=True)

    async def _keep(self, receipts: Sequence[ReceiptReceivedV1]) -> None:
        """Keep receipts by the provider's ids, each as what it says last."""
        writes = [
            UpdateOne(
                {"_id": _early_id(receipt.chat.connection_id, id_)},
                {"$set": {**_told(receipt), "provider_message_id": id_, "at": self._clock.now()}},
                upsert=True,
            )
            for receipt in receipts
            for id_ in receipt.provider_message_ids
        ]
        if writes:
            await self._early.bulk_write(writes, ordered=True)

    async def _to_report(self, receipts: Sequence[ReceiptReceivedV1]) -> list[Delivery]:
        any_of: list[Document] = [
            {"connection_id": r.chat.connection_id, "provider_message_id": {"$in": list(r.provider_message_ids)}}
            for r in receipts
            if r.provider_message_ids
        ]
        any_of += [{"_id": r.ledger_id} for r in receipts if r.ledger_id]
        any_of += [{"workspace_id": r.workspace_id, "chat_contact_id": r.chat_contact_id} for r in receipts if r.until]
        found: list[Document] = []
        for query in any_of:
            found += await self._rows.find({**query, "reported": False, "status": {"$in": list(FINAL)}}).to_list(500)
        return [from_document(row) for row in {row["_id"]: row for row in found}.values()]


def _told(receipt: ReceiptReceivedV1) -> Document:
    why: dict[str, Any] = {"reason": receipt.reason or "undeliverable"}
    if receipt.detail:
        why["detail"] = receipt.detail[:300]
    ids = receipt.provider_message_ids
    one = ids[0] if len(ids) == 1 and receipt.ledger_id else None
    return {"status": receipt.status, "why": why, "provider_message_id": one}


def _early_id(connection_id: str, provider_message_id: str | None) -> str:
    return f"{connection_id}/{provider_message_id}"

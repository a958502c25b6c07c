"""What identity keeps of a person: the client, their chat contacts, and everything else that names one of them.

A collection that holds something about people has its line in `_ABOUT`, or a person's data would leave it out and an
erasure would miss it: tests/identity/test_erasing.py looks for an erased person in every collection there is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.identity.domain.client import Client
from shared.storage.mongo import Database, Document, Session

LONGEST_CHAIN = 100
ROWS_AT_ONCE = 200
_ABOUT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "merges": ("merges", ("survivor_id", "absorbed_id")),
    "suggestions": ("suggestions", ("clients", "about.chat_contact_id")),
    "activities": ("activity", ("subject",)),
    "apart": ("pairs kept apart", ("clients",)),
    "import_touches": ("changes by imports", ("client_id",)),
}
"""Collections, what they hold in words, and the fields that name a client or a chat contact."""


class PersonalData:
    """Reads and removes all of a person's. Every method takes the workspace."""

    def __init__(self, owned: Database) -> None:
        self._owned = owned

    async def stands_for(self, workspace_id: str, client_id: str, session: Session | None = None) -> list[str]:
        """Return the ids that the client has had: its own, and those of clients that were merged into it."""
        found = {client_id: None}
        edge = [client_id]
        for _ in range(LONGEST_CHAIN):
            merged = self._owned["merges"].find(
                {"workspace_id": workspace_id, "survivor_id": {"$in": edge}, "undone_at": None},
                {"absorbed_id": 1},
                session=session,
            )
            edge = [one["absorbed_id"] for one in await merged.to_list(None) if one["absorbed_id"] not in found]
            if not edge:
                break
            found |= dict.fromkeys(edge)
        return list(found)

    async def remove(
        self, workspace_id: str, client_ids: Sequence[str], chat_ids: Sequence[str], session: Session
    ) -> dict[str, int]:
        """Remove it; returns how many documents of each kind."""
        removed: dict[str, int] = {}
        for name, (words, fields) in _ABOUT.items():
            where = _about(workspace_id, fields, client_ids, chat_ids)
            removed[words] = (await self._owned[name].delete_many(where, session=session)).deleted_count
        chats: Document = {"workspace_id": workspace_id, "_id": {"$in": list(chat_ids)}}
        removed["chat contacts"] = (
            await self._owned["chat_contacts"].delete_many(chats, session=session)
        ).deleted_count
        await self._owned["import_chunks"].update_many(
            {"workspace_id": workspace_id, "made": {"$in": list(client_ids)}},
            {"$pull": {"made": {"$in": list(client_ids)}}},
            session=session,
        )
        return removed

    async def sweep(self, workspace_id: str, client_ids: Sequence[str], values: Iterable[str]) -> dict[str, int]:
        """Go through what no index leads to: files that wait to be imported, and values that others lost to them."""
        taken = await self._owned["clients"].update_many(
            {"workspace_id": workspace_id, "taken.by": {"$in": list(client_ids)}},
            {"$pull": {"taken": {"by": {"$in": list(client_ids)}}}, "$inc": {"rev": 1}},
        )
        wanted = {_bare(value) for value in values if value}
        rows = await self._remove_rows(workspace_id, wanted) if wanted else 0
        return {"rows of files that wait": rows, "notes of values taken over": taken.modified_count}

    async def _remove_rows(self, workspace_id: str, wanted: set[str]) -> int:
        removed = 0
        waiting = self._owned["import_chunks"].find({"workspace_id": workspace_id, "rows": {"$exists": True}})
        async for chunk in waiting.batch_size(ROWS_AT_ONCE):
            kept = [
                (number, cells)
                for number, cells in zip(chunk["numbers"], chunk["rows"], strict=True)
                if wanted.isdisjoint(_bare(cell) for cell in cells)
            ]
            if len(kept) == len(chunk["rows"]):
                continue
            removed += len(chunk["rows"]) - len(kept)
            await self._owned["import_chunks"].update_one(
                {"_id": chunk["_id"], "rows": {"$exists": True}},
                {"$set": {"numbers": [number for number, _ in kept], "rows": [cells for _, cells in kept]}},
            )
            await self._owned["imports"].update_one(
                {"_id": chunk["import_id"], "workspace_id": workspace_id}, {"$set": {"columns.$[].samples": []}}
            )
        return removed

    async def gather(
        self, workspace_id: str, client_ids: Sequence[str], chat_ids: Sequence[str]
    ) -> dict[str, list[Document]]:
        """Return everything, by what it is."""
        clients = {"workspace_id": workspace_id, "_id": {"$in": list(client_ids)}}
        chats = {"workspace_id": workspace_id, "_id": {"$in": list(chat_ids)}}
        derived = {"facets": 0, "ids": 0, "words": 0, "visitor": 0, "newest": 0}
        found: dict[str, list[Document]] = {
            "client": await self._owned["clients"].find(clients, derived).to_list(None),
            "chat_contacts": await self._owned["chat_contacts"].find(chats, derived).to_list(None),
        }
        for name, (_, fields) in _ABOUT.items():
            where = _about(workspace_id, fields, client_ids, chat_ids)
            found[name] = await self._owned[name].find(where).to_list(None)
        return found


def values_of(client: Client) -> list[str]:
    """Return what a row of a file may know the person by."""
    return [*(h.value for h in client.holdings), *([client.contact_key] if client.contact_key else [])]


def _about(workspace_id: str, fields: Sequence[str], client_ids: Sequence[str], chat_ids: Sequence[str]) -> Document:
    ids: dict[str, Any] = {"$in": [*client_ids, *chat_ids]}
    return {"workspace_id": workspace_id, "$or": [{field: ids} for field in fields]}


def _bare(text: str) -> str:
    """Bring a cell and a value into one form: a phone to its digits, anything else to lower case."""
    digits = re.sub(r"[\s().\-/]", "", text)
    if re.fullmatch(r"(\+|00)?\d{6,}", digits):
        return digits.lstrip("+").lstrip("0")
    return text.casefold()

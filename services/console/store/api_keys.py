"""API keys."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from services.console.domain.people import ApiKey
from services.console.store.paging import Page, Sort, containing, read_page
from shared.storage.mongo import Database, Document, Session


def _key(row: Document) -> ApiKey:
    fields = {name: value for name, value in row.items() if name not in {"_id", "scopes"}}
    return ApiKey(id=row["_id"], scopes=tuple(row["scopes"]), **fields)


class ApiKeys:
    """One document each; a revoked key stays, so that the list tells what it was."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["api_keys"]

    async def add(self, key: ApiKey, session: Session) -> None:
        row: dict[str, Any] = asdict(key)
        row["_id"] = row.pop("id")
        await self._rows.insert_one(row, session=session)

    async def one(self, workspace_id: str, key_id: str) -> ApiKey | None:
        row = await self._rows.find_one({"_id": key_id, "workspace_id": workspace_id})
        return _key(row) if row else None

    async def revoke(self, workspace_id: str, key_id: str, at: datetime, session: Session) -> ApiKey | None:
        """End a key; None for one that is ended already, or that is not there."""
        row = await self._rows.find_one_and_update(
            {"_id": key_id, "workspace_id": workspace_id, "active": True},
            {"$set": {"active": False, "revoked_at": at}, "$inc": {"rev": 1}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return _key(row) if row else None

    async def page(self, workspace_id: str, *, search: str, sort: Sort, limit: int, cursor: str | None) -> Page:
        wanted: Document = {"workspace_id": workspace_id}
        if search:
            wanted |= containing(("name",), search)
        return await read_page(self._rows, wanted, sort=sort, limit=limit, cursor=cursor)

    def of_page(self, page: Page) -> list[ApiKey]:
        return [_key(row) for row in page.rows]

    async def states(self, ids: Sequence[str]) -> list[ApiKey]:
        """Read keys by id, whichever workspace they are of: for publishing."""
        return [_key(row) async for row in self._rows.find({"_id": {"$in": list(ids)}})]

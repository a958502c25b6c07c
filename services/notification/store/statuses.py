"""The workspaces' own statuses: one document a workspace."""

from collections.abc import Sequence

from pymongo.errors import DuplicateKeyError

from services.notification.domain.request import BUILT_IN, Status
from shared.storage.mongo import Database, Document
from shared.storage.transactions import StaleError


class Statuses:
    """Built-in statuses come first, and are the same for everybody."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["statuses"]

    async def of(self, workspace_id: str) -> tuple[list[Status], int]:
        """Return a workspace's statuses, removed ones too, and the rev of its own."""
        row = await self._rows.find_one({"_id": workspace_id})
        if row is None:
            return list(BUILT_IN), 0
        own = [Status(one["id"], one["label"], one["counts_as"], removed=one["removed"]) for one in row["own"]]
        return [*BUILT_IN, *own], row["rev"]

    async def save(self, workspace_id: str, own: Sequence[Status], rev: int) -> None:
        """Keep a workspace's own ones. Raises `StaleError` where `rev` is not the newest."""
        row: Document = {
            "rev": rev + 1,
            "own": [
                {"id": one.id, "label": dict(one.label), "counts_as": one.counts_as, "removed": one.removed}
                for one in own
            ],
        }
        try:
            written = await self._rows.replace_one({"_id": workspace_id, "rev": rev}, row, upsert=rev == 0)
        except DuplicateKeyError as error:
            raise StaleError(workspace_id) from error
        if written.matched_count != 1 and written.upserted_id is None:
            raise StaleError(workspace_id)

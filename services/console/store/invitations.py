"""Invitations."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.console.domain.invitations import Invitation
from services.console.store.paging import Page, Sort, containing, read_page
from services.console.store.users import TakenError
from shared.storage.mongo import Database, Document, Session


class ClosedError(Exception):
    """The invitation was accepted, revoked or given another link meanwhile, or its time is over."""


def _invitation(row: Document) -> Invitation:
    fields = {name: value for name, value in row.items() if name not in {"_id", "open"}}
    return Invitation(id=row["_id"], **fields)


class Invitations:
    """One document each. `open` is true until it is accepted or revoked; `one_open_per_email` is over those alone.

    The index `forgotten` deletes them 30 days after they expire: they name people who may never have come.
    """

    def __init__(self, owned: Database) -> None:
        self._rows = owned["invitations"]

    async def add(self, invitation: Invitation) -> None:
        """Keep a new invitation. Raises `TakenError` where the email has an open one in this workspace."""
        row: dict[str, Any] = asdict(invitation) | {"open": True}
        row["_id"] = row.pop("id")
        try:
            await self._rows.insert_one(row)
        except DuplicateKeyError as error:
            raise TakenError from error

    async def one(self, workspace_id: str, invitation_id: str) -> Invitation | None:
        row = await self._rows.find_one({"_id": invitation_id, "workspace_id": workspace_id})
        return _invitation(row) if row else None

    async def by_token(self, token_sha256: str) -> Invitation | None:
        """Find what a link leads to: the one read that knows no workspace yet. `one_per_token` makes it one."""
        row = await self._rows.find_one({"token_sha256": token_sha256})
        return _invitation(row) if row else None

    async def page(self, workspace_id: str, *, search: str, sort: Sort, limit: int, cursor: str | None) -> Page:
        """Read open ones; those whose time is over are among them."""
        wanted: Document = {"workspace_id": workspace_id, "open": True}
        if search:
            wanted |= containing(("email", "name"), search)
        return await read_page(self._rows, wanted, sort=sort, limit=limit, cursor=cursor)

    def of_page(self, page: Page) -> list[Invitation]:
        return [_invitation(row) for row in page.rows]

    async def close_expired(self, workspace_id: str, email: str, now: datetime) -> None:
        """Make room for a new invitation to somebody who let an earlier one pass."""
        await self._rows.update_many(
            {"workspace_id": workspace_id, "email": email, "open": True, "expires_at": {"$lte": now}},
            {"$set": {"open": False, "revoked_at": now}},
        )

    async def renew(
        self, workspace_id: str, invitation_id: str, *, token_sha256: str, invited_by: str, expires_at: datetime
    ) -> Invitation | None:
        """Give an open invitation another link, which ends the one before; None where there is no open one."""
        row = await self._rows.find_one_and_update(
            {"_id": invitation_id, "workspace_id": workspace_id, "open": True},
            {"$set": {"token_sha256": token_sha256, "invited_by": invited_by, "expires_at": expires_at}},
            return_document=ReturnDocument.AFTER,
        )
        return _invitation(row) if row else None

    async def revoke(self, workspace_id: str, invitation_id: str, at: datetime) -> None:
        """End an open invitation; one that is over already stays as it is."""
        await self._rows.update_one(
            {"_id": invitation_id, "workspace_id": workspace_id, "open": True},
            {"$set": {"open": False, "revoked_at": at}},
        )

    async def accept(self, invitation: Invitation, at: datetime, session: Session) -> None:
        """Use an invitation up, as it was read. Raises `ClosedError` where somebody was quicker."""
        wanted = {
            "_id": invitation.id,
            "workspace_id": invitation.workspace_id,
            "token_sha256": invitation.token_sha256,
            "open": True,
            "expires_at": {"$gt": at},
        }
        done = await self._rows.update_one(wanted, {"$set": {"open": False, "accepted_at": at}}, session=session)
        if done.modified_count == 0:
            raise ClosedError

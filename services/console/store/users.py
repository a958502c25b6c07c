"""Users and workspaces."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from services.console.domain.people import User, Workspace
from services.console.store.paging import Page, Sort, containing, read_page
from shared.storage.mongo import Database, Document, Session


class TakenError(Exception):
    """A value that must be unique is taken: an email, a workspace's name."""


def _user(row: Document) -> User:
    return User(id=row["_id"], **{name: value for name, value in row.items() if name != "_id"})


def _row(user: User) -> Document:
    row: dict[str, Any] = asdict(user)
    row["_id"] = row.pop("id")
    return row


class Users:
    """One document each. `one_per_email` makes an email unique in the whole installation."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["users"]

    async def by_email(self, email: str) -> User | None:
        """Find who signs in with an email: the one read that knows no workspace yet."""
        row = await self._rows.find_one({"email": email})
        return _user(row) if row else None

    async def one(self, workspace_id: str, user_id: str, session: Session | None = None) -> User | None:
        row = await self._rows.find_one({"_id": user_id, "workspace_id": workspace_id}, session=session)
        return _user(row) if row else None

    async def page(self, workspace_id: str, *, search: str, sort: Sort, limit: int, cursor: str | None) -> Page:
        wanted: Document = {"workspace_id": workspace_id}
        if search:
            wanted |= containing(("email", "name"), search)
        return await read_page(self._rows, wanted, sort=sort, limit=limit, cursor=cursor)

    def of_page(self, page: Page) -> list[User]:
        return [_user(row) for row in page.rows]

    async def add(self, user: User, session: Session) -> None:
        """Keep a new user. Raises `TakenError` where the email is somebody's."""
        try:
            await self._rows.insert_one(_row(user), session=session)
        except DuplicateKeyError as error:
            raise TakenError from error

    async def save(self, user: User, session: Session) -> None:
        """Replace a user that was read in the same transaction."""
        await self._rows.replace_one({"_id": user.id, "workspace_id": user.workspace_id}, _row(user), session=session)

    async def count_acting_admins(self, workspace_id: str, session: Session) -> int:
        return await self._rows.count_documents(
            {"workspace_id": workspace_id, "role": "admin", "active": True}, session=session
        )

    async def signed_in(self, user: User, at: datetime) -> None:
        """Keep when somebody signed in. A change to the user that is under way meets this write, and reads again."""
        await self._rows.update_one(
            {"_id": user.id, "workspace_id": user.workspace_id}, {"$set": {"last_signed_in_at": at}}
        )

    async def keep_hash(self, user: User, password_hash: str) -> None:
        """Keep a password's newer hash, unless the password was changed meanwhile."""
        await self._rows.update_one(
            {"_id": user.id, "workspace_id": user.workspace_id, "password_hash": user.password_hash},
            {"$set": {"password_hash": password_hash}},
        )

    async def states(self, ids: Sequence[str]) -> list[User]:
        """Read users by id, whichever workspace they are of: for publishing."""
        return [_user(row) async for row in self._rows.find({"_id": {"$in": list(ids)}})]


class Workspaces:
    """One document each. `one_per_name` makes a name unique."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["workspaces"]

    async def one(self, workspace_id: str) -> Workspace | None:
        row = await self._rows.find_one({"_id": workspace_id})
        return Workspace(row["_id"], row["name"], row["created_at"]) if row else None

    async def named(self, name: str) -> Workspace | None:
        row = await self._rows.find_one({"name": name})
        return Workspace(row["_id"], row["name"], row["created_at"]) if row else None

    async def add(self, workspace: Workspace) -> None:
        """Keep a new workspace. Raises `TakenError` where another has the name."""
        try:
            await self._rows.insert_one(
                {"_id": workspace.id, "name": workspace.name, "created_at": workspace.created_at}
            )
        except DuplicateKeyError as error:
            raise TakenError from error

    async def touch(self, workspace_id: str, session: Session) -> None:
        """Make two transactions that both count a workspace's admins meet: snapshots alone would let both pass."""
        await self._rows.update_one({"_id": workspace_id}, {"$inc": {"touched": 1}}, session=session)

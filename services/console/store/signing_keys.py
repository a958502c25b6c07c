"""The keys that sign access tokens."""

from collections.abc import Sequence
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from services.console.domain.tokens import SigningKey
from shared.storage.mongo import Database, Document, Session


class NotFirstError(Exception):
    """There is a signing key already."""


def _key(row: Document) -> SigningKey:
    return SigningKey(
        id=row["_id"],
        public_key=row["public_key"],
        sealed_private_key=row.get("sealed_private_key"),
        signs_from=row["signs_from"],
        not_after=row.get("not_after"),
        rev=row["rev"],
    )


def _row(key: SigningKey) -> Document:
    return {
        "_id": key.id,
        "public_key": key.public_key,
        "sealed_private_key": key.sealed_private_key,
        "signs_from": key.signs_from,
        "not_after": key.not_after,
        "rev": key.rev,
    }


class SigningKeys:
    """One document each. `one_first` decides which of several processes made the first."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["signing_keys"]

    async def add_first(self, key: SigningKey, session: Session) -> None:
        """Keep the installation's first key. Raises `NotFirstError` where another process was quicker."""
        if await self._rows.find_one({}, session=session):
            raise NotFirstError
        try:
            await self._rows.insert_one(_row(key) | {"first": True}, session=session)
        except DuplicateKeyError as error:
            raise NotFirstError from error

    async def add(self, key: SigningKey, session: Session) -> None:
        await self._rows.insert_one(_row(key), session=session)

    async def can_sign(self, session: Session | None = None) -> list[SigningKey]:
        """Return the keys whose private part is kept, the newest first."""
        found = self._rows.find({"sealed_private_key": {"$ne": None}}, session=session).sort("signs_from", -1)
        return [_key(row) async for row in found]

    async def retire(self, key_id: str, not_after: datetime, session: Session) -> None:
        """Say when a key's last token ends."""
        await self._rows.update_one(
            {"_id": key_id}, {"$set": {"not_after": not_after}, "$inc": {"rev": 1}}, session=session
        )

    async def forget_private_parts(self, now: datetime, session: Session) -> None:
        """Delete the private part of every key that is over."""
        await self._rows.update_many(
            {"not_after": {"$lt": now}}, {"$set": {"sealed_private_key": None}}, session=session
        )

    async def states(self, ids: Sequence[str], session: Session | None = None) -> list[SigningKey]:
        """Read keys by id."""
        return [_key(row) async for row in self._rows.find({"_id": {"$in": list(ids)}}, session=session)]

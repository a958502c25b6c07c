"""Additional fields and subscription categories, one document each. Indexes make keys and names unique."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from services.identity.domain.definitions import AdditionalField, Category, Choice
from services.identity.domain.facets import folded
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate

ENDED_AT_ONCE = 100
T = TypeVar("T", AdditionalField, Category)


class TakenError(Exception):
    """Another definition has this; `what` says whether its key or its name."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Definitions(Generic[T]):
    """What both collections do. A workspace has so few that they are read whole."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def all(self, workspace_id: str, session: Session | None = None) -> list[T]:
        """Return them all, in their order."""
        found = self.collection.find(
            {"workspace_id": workspace_id, "ended": None}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        return self._sorted([self._from(document) for document in await found.to_list(None)])

    async def get(self, workspace_id: str, id_: str) -> T | None:
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id, "ended": None}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else self._from(found)

    async def add(self, one: T) -> None:
        """Keep a new one. Raises `TakenError`."""
        try:
            await self.collection.insert_one(self._to(one))
        except PyMongoError as error:
            raise _taken(error) from error

    async def write(self, one: T) -> None:
        """Write one whose rev was raised by one. Raises `TakenError`, and `StaleError` where somebody changed it."""
        try:
            done = await self.collection.replace_one(
                {"_id": one.id, "workspace_id": one.workspace_id, "rev": one.rev - 1, "ended": None}, self._to(one)
            )
        except PyMongoError as error:
            raise _taken(error) from error
        if done.matched_count != 1:
            raise StaleError("somebody changed this definition")

    async def end(self, workspace_id: str, id_: str) -> bool:
        """Delete one: it is nowhere any more, its key and name are free. False where there is none.

        The document stays until no client holds anything of it (usecases/forget_deleted.py).
        """
        nobodys = f"\x00{id_}"
        done = await self.collection.update_one(
            {"_id": id_, "workspace_id": workspace_id, "ended": None},
            {"$set": {"ended": True, "key": nobodys, "name_key": nobodys}, "$inc": {"rev": 1}},
        )
        return done.matched_count == 1

    async def ended(self) -> list[tuple[str, str]]:
        """Return workspace and id of those that were deleted, and that clients may hold something of."""
        found = self.collection.find({"ended": True}, {"workspace_id": 1}).limit(ENDED_AT_ONCE)
        return [(document["workspace_id"], document["_id"]) for document in await found.to_list(None)]

    async def forget(self, workspace_id: str, id_: str) -> None:
        await self.collection.delete_one({"_id": id_, "workspace_id": workspace_id, "ended": True})

    def _sorted(self, found: list[T]) -> list[T]:
        raise NotImplementedError

    def _to(self, one: T) -> Document:
        raise NotImplementedError

    def _from(self, found: Document) -> T:
        raise NotImplementedError


class Fields(_Definitions[AdditionalField]):
    """The additional fields. `one_field_key` and `one_field_name` make both unique in a workspace."""

    async def reorder(self, workspace_id: str, ids: Sequence[str]) -> None:
        """Put them into this order."""
        places = [
            UpdateOne({"_id": id_, "workspace_id": workspace_id}, {"$set": {"order": place}, "$inc": {"rev": 1}})
            for place, id_ in enumerate(ids)
        ]
        await self.collection.bulk_write(places, ordered=False)

    def _sorted(self, found: list[AdditionalField]) -> list[AdditionalField]:
        return sorted(found, key=lambda field: (field.order, field.created_at, field.id))

    def _to(self, one: AdditionalField) -> Document:
        return _document(one, folded(one.name))

    def _from(self, found: Document) -> AdditionalField:
        kept = _kept(found)
        kept["choices"] = tuple(Choice(**choice) for choice in found["choices"])
        return AdditionalField(**kept)


class Categories(_Definitions[Category]):
    """The subscription categories. `one_category_name` makes the name unique in a workspace."""

    def _sorted(self, found: list[Category]) -> list[Category]:
        return sorted(found, key=lambda category: (category.created_at, category.id))

    def _to(self, one: Category) -> Document:
        return _document(one, one.key)

    def _from(self, found: Document) -> Category:
        return Category(**_kept(found))


def _document(one: AdditionalField | Category, name_key: str) -> Document:
    found: dict[str, Any] = asdict(one)
    return {"_id": found.pop("id"), "name_key": name_key, **found}


def _kept(found: Document) -> dict[str, Any]:
    return {"id": found["_id"]} | {
        name: value for name, value in found.items() if name not in {"_id", "name_key", "ended"}
    }


def _taken(error: PyMongoError) -> Exception:
    if not is_duplicate(error):
        return error
    return TakenError("key" if "one_field_key" in str(error) else "name")

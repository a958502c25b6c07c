"""Tags, one document each. `one_tag_name` makes (workspace, folded name) unique."""

from collections.abc import Iterable
from dataclasses import dataclass

from pymongo.errors import PyMongoError

from services.identity.domain.facets import PREFIX_END
from services.identity.domain.tags import Tag, tag_key
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import is_duplicate


@dataclass(frozen=True, slots=True)
class TagPage:
    """Some of the tags by name, and how many there are that match, exactly."""

    items: list[Tag]
    total: int


class Tags:
    """The collection. Every method takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def of(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> dict[str, Tag]:
        """Return those that exist, by id."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        found = self.collection.find(
            {"_id": {"$in": wanted}, "workspace_id": workspace_id}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        return {document["_id"]: _from(document) for document in await found.to_list(None)}

    async def named(self, workspace_id: str, name: str) -> Tag | None:
        found = await self.collection.find_one(
            {"workspace_id": workspace_id, "name_key": tag_key(name)}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else _from(found)

    async def called(self, workspace_id: str, names: Iterable[str]) -> list[Tag]:
        """Return those that have one of these names, however it is written."""
        keys = sorted({tag_key(name) for name in names})
        if not keys:
            return []
        found = self.collection.find(
            {"workspace_id": workspace_id, "name_key": {"$in": keys}}, max_time_ms=QUERY_MILLISECONDS
        )
        return [_from(document) for document in await found.to_list(None)]

    async def page(self, workspace_id: str, search: str, after: str | None, limit: int) -> TagPage:
        """Return tags whose name begins with `search`, by folded name; `after` is the last one seen."""
        where: Document = {"workspace_id": workspace_id}
        if key := tag_key(search):
            where["name_key"] = {"$gte": key, "$lt": key + PREFIX_END}
        total = await self.collection.count_documents(where, maxTimeMS=QUERY_MILLISECONDS)
        if after is not None:
            where["name_key"] = {**where.get("name_key", {}), "$gt": after}
        found = self.collection.find(where, max_time_ms=QUERY_MILLISECONDS).sort("name_key", 1).limit(limit)
        return TagPage([_from(document) for document in await found.to_list(None)], total)

    async def add(self, tag: Tag) -> Tag:
        """Keep a tag; where one of that name is there already, return that one: the index decides."""
        try:
            await self.collection.insert_one(
                {
                    "_id": tag.id,
                    "workspace_id": tag.workspace_id,
                    "name": tag.name,
                    "name_key": tag.key,
                    "created_at": tag.created_at,
                }
            )
        except PyMongoError as error:
            there = await self.named(tag.workspace_id, tag.name) if is_duplicate(error) else None
            if there is None:
                raise
            return there
        return tag


def _from(found: Document) -> Tag:
    return Tag(found["_id"], found["workspace_id"], found["name"], found["created_at"])

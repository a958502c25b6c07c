"""Tags, groups and segments, one document each. `one_tag_name` makes (workspace, folded name) unique in a collection.

A label that is being deleted or merged is hidden at once, while a job takes it off everybody: `ended` says by which
job, and `into` which label those who had it get. Its name is free again from that moment on.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pymongo.errors import PyMongoError

from services.identity.domain.facets import PREFIX_END
from services.identity.domain.labels import Group, Label, label_key
from services.identity.domain.segments import Segment
from services.identity.domain.tags import DEFAULT_COLOR, Tag
from services.identity.store.filter_documents import filter_from, filter_to
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate

L = TypeVar("L", bound=Label)
_ENDED_KEY = "\x00"
"""Begins the key of an ended label: no name has it."""


class NameTakenError(Exception):
    """Another label of this kind has this name; `label` is that one."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.id)
        self.label = label


@dataclass(frozen=True, slots=True)
class LabelPage(Generic[L]):
    """Some labels by name, and how many there are that match, exactly."""

    items: list[L]
    total: int


class Labels(Generic[L]):
    """A collection of one kind. Every method takes the workspace."""

    def __init__(
        self, collection: Collection, to: Callable[[L], Document], back: Callable[[Document, Document], L]
    ) -> None:
        self.collection = collection
        self._to = to
        self._back = back

    async def of(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> dict[str, L]:
        """Return those that exist, by id."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        found = self.collection.find(
            {"_id": {"$in": wanted}, "workspace_id": workspace_id, "ended": None},
            session=session,
            max_time_ms=QUERY_MILLISECONDS,
        )
        return {document["_id"]: self._from(document) for document in await found.to_list(None)}

    async def get(self, workspace_id: str, id_: str, session: Session | None = None) -> L | None:
        return (await self.of(workspace_id, [id_], session)).get(id_)

    async def named(self, workspace_id: str, name: str) -> L | None:
        found = await self.collection.find_one(
            {"workspace_id": workspace_id, "name_key": label_key(name)}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else self._from(found)

    async def called(self, workspace_id: str, names: Iterable[str]) -> list[L]:
        """Return those that have one of these names, however it is written."""
        keys = sorted({label_key(name) for name in names})
        if not keys:
            return []
        found = self.collection.find(
            {"workspace_id": workspace_id, "name_key": {"$in": keys}}, max_time_ms=QUERY_MILLISECONDS
        )
        return [self._from(document) for document in await found.to_list(None)]

    async def all_of(self, workspace_id: str, where: Document, session: Session | None = None) -> list[L]:
        """Return every one that meets a condition, by name."""
        found = self.collection.find(
            {**where, "workspace_id": workspace_id, "ended": None}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        return [self._from(document) for document in await found.sort("name_key", 1).to_list(None)]

    async def page(self, workspace_id: str, search: str, after: str | None, limit: int) -> LabelPage[L]:
        """Return labels whose name begins with `search`, by folded name; `after` is the last one seen."""
        key = label_key(search)
        bounds: Document = {"$gte": key, "$lt": key + PREFIX_END} if key else {"$gt": _ENDED_KEY + PREFIX_END}
        where: Document = {"workspace_id": workspace_id, "name_key": bounds}
        total = await self.collection.count_documents(where, maxTimeMS=QUERY_MILLISECONDS)
        if after is not None:
            where["name_key"] = {**bounds, "$gt": after}
        found = self.collection.find(where, max_time_ms=QUERY_MILLISECONDS).sort("name_key", 1).limit(limit)
        return LabelPage([self._from(document) for document in await found.to_list(None)], total)

    async def add(self, label: L) -> L:
        """Keep a label; where one of that name is there already, return that one: the index decides."""
        try:
            await self.insert(label)
        except NameTakenError:
            there = await self.named(label.workspace_id, label.name)
            if there is None:
                raise
            return there
        return label

    async def insert(self, label: L, session: Session | None = None) -> None:
        """Keep a label. Raises `NameTakenError`."""
        try:
            await self.collection.insert_one(self._document(label), session=session)
        except PyMongoError as error:
            there = await self.named(label.workspace_id, label.name) if is_duplicate(error) else None
            if there is None:
                raise
            raise NameTakenError(there) from error

    async def write(self, label: L, session: Session | None = None) -> None:
        """Write one whose rev was raised by one. Raises `NameTakenError`, and `StaleError` where it changed."""
        try:
            done = await self.collection.replace_one(
                _as_read(label, label.rev - 1),
                self._document(label),
                session=session,
            )
        except PyMongoError as error:
            there = await self.named(label.workspace_id, label.name) if is_duplicate(error) else None
            if there is None:
                raise
            raise NameTakenError(there) from error
        if done.matched_count != 1:
            raise StaleError("somebody changed this label")

    async def end(self, label: L, job_id: str, into: str | None, session: Session) -> None:
        """Hide one as it was read, until its job is done. Raises `StaleError` where it changed."""
        done = await self.collection.update_one(
            _as_read(label, label.rev),
            {
                "$set": {
                    "name_key": f"{_ENDED_KEY}{label.id}",
                    "ended": {"job_id": job_id, "into": into},
                    "rev": label.rev + 1,
                }
            },
            session=session,
        )
        if done.matched_count != 1:
            raise StaleError("somebody changed this label")

    async def hold(self, workspace_id: str, ids: Iterable[str], session: Session) -> None:
        """Meet whoever ends one of these in the same moment: one of both is then made to look again."""
        wanted = sorted(set(ids))
        if wanted:
            where = {"_id": {"$in": wanted}, "workspace_id": workspace_id}
            await self.collection.update_many(where, {"$inc": {"held": 1}}, session=session)

    async def forget(self, workspace_id: str, id_: str, session: Session) -> None:
        """Remove one that has ended. A merged one stays, so that its id still leads to the other."""
        await self.collection.delete_one(
            {"_id": id_, "workspace_id": workspace_id, "ended.job_id": {"$gt": ""}, "ended.into": None},
            session=session,
        )

    async def merged_into(self, workspace_id: str, id_: str) -> str | None:
        """Return the label that one was merged into; None for one that was not."""
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id}, {"ended": 1}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else (found.get("ended") or {}).get("into")

    def _from(self, found: Document) -> L:
        common = {
            "id": found["_id"],
            "workspace_id": found["workspace_id"],
            "name": found["name"],
            "created_at": found["created_at"],
            "description": found.get("description", ""),
            "rev": found.get("rev", 1),
        }
        return self._back(common, found)

    def _document(self, label: L) -> Document:
        return {
            "_id": label.id,
            "workspace_id": label.workspace_id,
            "name": label.name,
            "name_key": label.key,
            "created_at": label.created_at,
            "description": label.description,
            "rev": label.rev,
            **self._to(label),
        }


def _as_read(label: Label, rev: int) -> Document:
    """Return the filter that finds a label as it was read. The first tags were stored without a rev."""
    known: object = rev if rev > 1 else {"$in": [rev, None]}
    return {"_id": label.id, "workspace_id": label.workspace_id, "rev": known, "ended": None}


class Tags(Labels[Tag]):
    """The tags."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection, lambda tag: {"color": tag.color}, _tag_from)


def _tag_from(common: Document, found: Document) -> Tag:
    return Tag(**common, color=found.get("color", DEFAULT_COLOR))


class Groups(Labels[Group]):
    """The contact groups."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection, lambda _: {}, lambda common, _: Group(**common))


class Segments(Labels[Segment]):
    """The segments, those that a filter keeps among them."""

    def __init__(self, collection: Collection) -> None:
        super().__init__(collection, _segment_to, _segment_from)

    async def by_rule(self, workspace_id: str, session: Session | None = None) -> list[Segment]:
        """Return all that a filter keeps, by name."""
        return await self.all_of(workspace_id, {"rule": {"$ne": None}}, session)


def _segment_to(segment: Segment) -> Document:
    return {"rule": None if segment.rule is None else filter_to(segment.rule)}


def _segment_from(common: Document, found: Document) -> Segment:
    rule = found.get("rule")
    return Segment(**common, rule=None if rule is None else filter_from(rule))

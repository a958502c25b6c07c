"""A search: each way of matching walks one index of facets, and whoever matches in several comes up once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.identity.domain.facets import PREFIX_END, Start
from services.identity.store.walk import FIRST, LAST, walk
from shared.storage.mongo import Collection, Document


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """After this row: which way of matching it came up by, and its place in the index."""

    start: int
    facet: str
    created_at: datetime
    id: str

    @property
    def order(self) -> tuple[int, str, float, str]:
        return self.start, self.facet, -self.created_at.timestamp(), self.id


@dataclass(frozen=True, slots=True)
class Found:
    """A document that a search found, and where it came up."""

    document: Document
    place: SearchPlace


@dataclass(frozen=True, slots=True)
class Searched:
    """Where a search looks: `field` is the array of facets that `index` (workspace, field, created, id) walks."""

    collection: Collection
    index: str
    field: str

    async def search(
        self, workspace_id: str, starts: Sequence[Start], only: Document, after: SearchPlace | None, limit: int
    ) -> list[Found]:
        """Walk each way of matching in turn. `only` is asked of each document besides."""
        found: list[Found] = []
        for number, start in enumerate(starts):
            if after is not None and number < after.start:
                continue
            low: list[tuple[str, Any]] = [("workspace_id", workspace_id)]
            if after is not None and number == after.start:
                low += [(self.field, after.facet), ("created_at", after.created_at), ("_id", after.id)]
            else:
                low += [(self.field, start.prefix), ("created_at", LAST), ("_id", FIRST)]
            high: list[tuple[str, Any]] = [("workspace_id", workspace_id), (self.field, start.prefix + PREFIX_END)]
            high += [("created_at", LAST), ("_id", FIRST)]
            where = {"workspace_id": workspace_id, **self._also(start), **only}
            async for document in walk(self.collection, self.index, low, high, where, limit + 1):
                place = self._place(document, starts, number)
                if place is not None and (after is None or place.order > after.order):
                    found.append(Found(document, place))
                if len(found) == limit:
                    return found
        return found

    def where(self, workspace_id: str, starts: Sequence[Start], only: Document) -> Document:
        """Return the filter of all that match, to count them by."""
        ways = [{self.field: _begins(start.prefix), **self._also(start)} for start in starts]
        return {"workspace_id": workspace_id, "$or": ways or [_NOBODY], **only}

    def plainly(self, workspace_id: str, starts: Sequence[Start]) -> Document | None:
        """Return the filter of all that match, if the index alone can count them: in a seventh of the time."""
        if not starts or any(start.also for start in starts):
            return None
        return {
            "workspace_id": workspace_id,
            "$or": [{self.field: {"$regex": f"^{re.escape(start.prefix)}"}} for start in starts],
        }

    def first_place(self, document: Document, starts: Sequence[Start]) -> SearchPlace | None:
        """Return where a document comes up in a search; None where it does not match."""
        found = (self._place(document, starts, number) for number in range(len(starts)))
        return next((place for place in found if place is not None), None)

    def _also(self, start: Start) -> Document:
        words = [{"$or": [{self.field: _begins(prefix)} for prefix in word]} for word in start.also]
        return {"$and": words} if words else {}

    def _place(self, document: Document, starts: Sequence[Start], number: int) -> SearchPlace | None:
        """Return the place at which a document comes up; None where it came up before, in an earlier way."""
        facets: list[str] = document[self.field]
        if any(start.first_match(facets) is not None for start in starts[:number]):
            return None
        facet = starts[number].first_match(facets)
        if facet is None:
            return None
        return SearchPlace(number, facet, document["created_at"].replace(tzinfo=UTC), document["_id"])


_NOBODY = {"_id": {"$in": list[str]()}}


def _begins(prefix: str) -> Document:
    """Match an array by one element of a range: without `$elemMatch` two elements could each meet one bound."""
    return {"$elemMatch": {"$gte": prefix, "$lt": prefix + PREFIX_END}}

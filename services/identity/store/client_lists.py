"""Pages and counts of clients: all, by whether they are registered, and by search."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.facets import PREFIX_END, Start
from services.identity.domain.people import Client
from services.identity.store.clients import Clients
from services.identity.store.documents import client_from
from services.identity.store.migrate import BY_CREATED, BY_FACET
from services.identity.store.walk import COUNTED_TO, FIRST, LAST, bounded_count, walk
from shared.storage.mongo import QUERY_MILLISECONDS, Document
from shared.storage.mongo import Client as MongoClient

CACHED_SECONDS = 1.0

Registered = bool | None
"""The filter; None lets everybody through."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients a workspace has, exactly."""

    registered: int
    not_registered: int

    @property
    def all(self) -> int:
        return self.registered + self.not_registered

    def of(self, registered: Registered) -> int:
        return self.all if registered is None else self.registered if registered else self.not_registered


@dataclass(frozen=True, slots=True)
class ClientPlace:
    """After this row: when it was made, and its id."""

    created_at: datetime
    id: str


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
    """A client that a search found, and where it came up."""

    client: Client
    place: SearchPlace


def registered_facet(*, registered: bool) -> str:
    """Return the facet of the filter."""
    return f"registered:{'yes' if registered else 'no'}"


class ClientLists:
    """Reads pages and counts. The newest client comes first; a search comes in the order of what it matched."""

    def __init__(self, mongo: MongoClient, clients: Clients) -> None:
        self._mongo = mongo
        self._collection = clients.collection
        self._counted: dict[str, tuple[float, Counts]] = {}

    async def newest_first(
        self,
        workspace_id: str,
        registered: Registered,
        after: ClientPlace | None,
        limit: int,
    ) -> list[Client]:
        index, here = BY_CREATED, [("workspace_id", workspace_id)]
        if registered is not None:
            index, here = BY_FACET, [*here, ("facets", registered_facet(registered=registered))]
        created_at: Any = after.created_at if after else LAST
        start = [*here, ("created_at", created_at), ("_id", after.id if after else FIRST)]
        end = [*here, ("created_at", FIRST), ("_id", LAST)]
        found: list[Client] = []
        async for document in walk(self._collection, index, start, end, {"workspace_id": workspace_id}, limit + 1):
            if after is None or document["_id"] != after.id:
                found.append(client_from(document))
            if len(found) == limit:
                break
        return found

    async def search(
        self,
        workspace_id: str,
        starts: tuple[Start, ...],
        registered: Registered,
        after: SearchPlace | None,
        limit: int,
    ) -> list[Found]:
        """Walk each way of matching in turn. Whoever matches in several comes up once, at the first."""
        found: list[Found] = []
        for number, start in enumerate(starts):
            if after is not None and number < after.start:
                continue
            low: list[tuple[str, Any]] = [("workspace_id", workspace_id)]
            if after is not None and number == after.start:
                low += [("facets", after.facet), ("created_at", after.created_at), ("_id", after.id)]
            else:
                low += [("facets", start.prefix), ("created_at", LAST), ("_id", FIRST)]
            high: list[tuple[str, Any]] = [("workspace_id", workspace_id), ("facets", start.prefix + PREFIX_END)]
            high += [("created_at", LAST), ("_id", FIRST)]
            where = _where(workspace_id, start, registered)
            async for document in walk(self._collection, BY_FACET, low, high, where, limit + 1):
                place = _place(document, starts, number)
                if place is not None and (after is None or place.order > after.order):
                    found.append(Found(client_from(document), place))
                if len(found) == limit:
                    return found
        return found

    async def count_found(
        self,
        workspace_id: str,
        starts: tuple[Start, ...],
        registered: Registered,
    ) -> tuple[int, bool]:
        ways = [{"facets": _begins(start.prefix), **_also(start)} for start in starts]
        where: Document = {"workspace_id": workspace_id, "$or": ways}
        if registered is not None:
            where["registered"] = registered
        return await bounded_count(self._collection, None, where)

    async def counts(self, workspace_id: str) -> Counts:
        """Count exactly, both numbers as of one moment; above 10,000 an answer stands for a second."""
        kept = self._counted.get(workspace_id)
        if kept is not None and time.monotonic() - kept[0] < CACHED_SECONDS:
            return kept[1]
        began = time.monotonic()
        async with await self._mongo.start_session(snapshot=True) as session:
            numbers = [
                await self._collection.count_documents(
                    {"workspace_id": workspace_id, "facets": registered_facet(registered=registered)},
                    session=session,
                    hint=BY_FACET,
                    maxTimeMS=QUERY_MILLISECONDS,
                )
                for registered in (True, False)
            ]
        counts = Counts(*numbers)
        if counts.all > COUNTED_TO:
            self._counted[workspace_id] = (began, counts)
        return counts


def _begins(prefix: str) -> Document:
    """Match an array by one element of a range: without `$elemMatch` two elements could each meet one bound."""
    return {"$elemMatch": {"$gte": prefix, "$lt": prefix + PREFIX_END}}


def _also(start: Start) -> Document:
    words = [{"$or": [{"facets": _begins(prefix)} for prefix in word]} for word in start.also]
    return {"$and": words} if words else {}


def _where(workspace_id: str, start: Start, registered: Registered) -> Document:
    where: Document = {"workspace_id": workspace_id, **_also(start)}
    if registered is not None:
        where["registered"] = registered
    return where


def _place(document: Document, starts: tuple[Start, ...], number: int) -> SearchPlace | None:
    """Return the place at which a client comes up; None where it came up before, in an earlier way of matching."""
    facets: list[str] = document["facets"]
    if any(start.first_match(facets) is not None for start in starts[:number]):
        return None
    facet = starts[number].first_match(facets)
    return None if facet is None else SearchPlace(number, facet, document["created_at"], document["_id"])

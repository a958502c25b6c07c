"""Pages and counts of clients, by any filter (docs/decisions/0105)."""

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.client import Client
from services.identity.domain.facets import search_for
from services.identity.domain.filter import Filter
from services.identity.domain.millis import from_millis, to_millis
from services.identity.store.client_documents import client_from
from services.identity.store.clients import Clients
from services.identity.store.found import Searched, SearchPlace
from services.identity.store.leads import ANYBODY, Lead, Leads, asked_of
from services.identity.store.migrate import BY_CREATED, BY_FACET
from services.identity.store.walk import COUNTED_TO, FIRST, LAST, bounded_count, walk
from shared.storage.mongo import QUERY_MILLISECONDS
from shared.storage.mongo import Client as MongoClient

CACHED_SECONDS = 1.0
GATHERED_TO = 2_000
"""Of so few people all are read and put in the order of a search, which is quicker than to walk what it matches."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients a workspace has, exactly."""

    registered: int
    not_registered: int

    @property
    def all(self) -> int:
        return self.registered + self.not_registered


@dataclass(frozen=True, slots=True)
class ClientPlace:
    """After this row: when it was made, and its id."""

    created_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some of all that match, and where the walk goes on; None at its end."""

    clients: Sequence[Client]
    place: str | None


def registered_facet(*, registered: bool) -> str:
    """Return the facet of the filter."""
    return f"registered:{'yes' if registered else 'no'}"


class ClientLists:
    """Reads pages and counts. The newest client comes first; a search comes in the order of what it matched."""

    def __init__(self, mongo: MongoClient, clients: Clients) -> None:
        self._mongo = mongo
        self._collection = clients.collection
        self._searched = Searched(clients.collection, BY_FACET, "facets")
        self._leads = Leads(clients.collection)
        self._counted: dict[str, tuple[float, Counts]] = {}

    async def newest_first(
        self, workspace_id: str, asked: Filter, after: ClientPlace | None, limit: int
    ) -> list[Client]:
        """Return a page of whoever the filter lets through, its search among the rest."""
        lead = await self._leads.of(workspace_id, asked)
        parts = [await self._stretch(workspace_id, asked, facet, after, limit) for facet in lead.facets]
        return list(heapq.merge(*parts, key=_order))[:limit]

    async def search(
        self, workspace_id: str, asked: Filter, after: SearchPlace | None, limit: int
    ) -> list[tuple[Client, SearchPlace]]:
        """Walk each way of matching in turn. Whoever matches in several comes up once, at the first."""
        starts = search_for(asked.search)
        lead = await self._leads.of(workspace_id, asked)
        if lead is not ANYBODY and await self._leads.size(workspace_id, lead) <= GATHERED_TO:
            return await self._gathered(workspace_id, asked, lead, after, limit)
        return [
            (client_from(found.document), found.place)
            for found in await self._searched.search(workspace_id, starts, asked_of(asked), after, limit)
        ]

    async def chunk(self, workspace_id: str, asked: Filter, place: str | None, limit: int = 1_000) -> Chunk:
        """Walk all that match, in any number of calls; `place` is the last chunk's, and may be kept for days.

        The newest come first, so that whoever is made after the walk began is not met: it shows who matched then,
        except that everybody is looked at when their chunk comes.
        """
        after = None
        if place is not None:
            millis, _, id_ = place.partition("/")
            after = ClientPlace(from_millis(int(millis)), id_)
        found = await self.newest_first(workspace_id, asked, after, limit)
        more = len(found) == limit
        return Chunk(found, f"{to_millis(found[-1].created_at)}/{found[-1].id}" if more else None)

    async def count(self, workspace_id: str, asked: Filter) -> tuple[int, bool]:
        """Count who the filter lets through: exactly by one facet, else to 10,000; False says that there are more."""
        where = {"workspace_id": workspace_id, **asked_of(asked)}
        if asked.search:
            found = self._searched.where(workspace_id, search_for(asked.search), asked_of(asked))
            return await bounded_count(self._collection, None, found)
        if asked in (Filter(), Filter(registered=True), Filter(registered=False)):
            counts = await self.counts(workspace_id)
            return (counts.all, counts.registered, counts.not_registered)[_which(asked.registered)], True
        if len(asked.all_of) == 1 and not asked.one_of and not asked.none_of:
            where = {"workspace_id": workspace_id, "facets": asked.all_of[0]}
            number = await self._collection.count_documents(where, hint=BY_FACET, maxTimeMS=QUERY_MILLISECONDS)
            return number, True
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

    async def _stretch(
        self, workspace_id: str, asked: Filter, facet: str | None, after: ClientPlace | None, limit: int
    ) -> list[Client]:
        index, here = BY_CREATED, [("workspace_id", workspace_id)]
        if facet is not None:
            index, here = BY_FACET, [*here, ("facets", facet)]
        created_at: Any = after.created_at if after else LAST
        start = [*here, ("created_at", created_at), ("_id", after.id if after else FIRST)]
        end = [*here, ("created_at", FIRST), ("_id", LAST)]
        where = {"workspace_id": workspace_id, **asked_of(asked)}
        if asked.search:
            where = self._searched.where(workspace_id, search_for(asked.search), asked_of(asked))
        found: list[Client] = []
        async for document in walk(self._collection, index, start, end, where, limit + 1):
            if after is None or document["_id"] != after.id:
                found.append(client_from(document))
            if len(found) == limit:
                break
        return found

    async def _gathered(
        self, workspace_id: str, asked: Filter, lead: Lead, after: SearchPlace | None, limit: int
    ) -> list[tuple[Client, SearchPlace]]:
        starts = search_for(asked.search)
        where = self._searched.where(workspace_id, starts, asked_of(asked))
        found: list[tuple[Client, SearchPlace]] = []
        for facet in lead.facets:
            here = [("workspace_id", workspace_id), ("facets", facet)]
            low, high = [*here, ("created_at", LAST), ("_id", FIRST)], [*here, ("created_at", FIRST), ("_id", LAST)]
            async for document in walk(self._collection, BY_FACET, low, high, where, GATHERED_TO):
                place = self._searched.first_place(document, starts)
                if place is not None and (after is None or place.order > after.order):
                    found.append((client_from(document), place))
        return heapq.nsmallest(limit, found, key=lambda one: one[1].order)


def _order(client: Client) -> tuple[int, str]:
    return -to_millis(client.created_at), client.id


def _which(registered: bool | None) -> int:  # noqa: FBT001 - the filter's own field
    return 0 if registered is None else 1 if registered else 2

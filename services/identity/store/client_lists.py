"""Pages of clients, by any filter (docs/decisions/0105, 0106)."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.client import Client
from services.identity.domain.crowd import Crowd
from services.identity.domain.facets import search_for
from services.identity.domain.filter import Filter
from services.identity.domain.millis import from_millis, to_millis
from services.identity.store.client_documents import client_from
from services.identity.store.clients import Clients
from services.identity.store.crowds import Crowds
from services.identity.store.found import Searched, SearchPlace
from services.identity.store.leads import ANYBODY, Lead, Leads, asked_of
from services.identity.store.migrate import BY_CREATED, BY_FACET
from services.identity.store.walk import FIRST, LAST, walk
from shared.storage.mongo import QUERY_MILLISECONDS, Session

PASSED_OVER = 1_500
"""So many clients that do not match may be read for one page."""
GATHERED_TO = 2_000
"""Of so few people all are read and put in the order of a search, which is quicker than to walk what it matches."""


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


class ClientLists:
    """Reads pages. The newest client comes first; a search comes in the order of what it matched."""

    def __init__(self, clients: Clients, crowds: Crowds) -> None:
        self._collection = clients.collection
        self._crowds = crowds
        self._searched = Searched(clients.collection, BY_FACET, "facets")
        self._leads = Leads(clients.collection, crowds)

    async def newest_first(
        self, workspace_id: str, asked: Filter, after: ClientPlace | None, limit: int, session: Session | None = None
    ) -> list[Client]:
        """Return a page of whoever the filter lets through, its search among the rest."""
        lead = await self._leads.of(workspace_id, asked)
        # a session is a job's, which leaves out nobody: the crowd may not know yet who changed a moment ago
        crowd = None if asked.search or session is not None else self._crowds.of(workspace_id)
        if crowd is not None and _is_far_apart(crowd, asked, lead, limit):
            return await self._by_crowd(workspace_id, crowd, asked, after, limit)
        parts = [await self._stretch(workspace_id, asked, facet, after, limit, session) for facet in lead.facets]
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

    async def chunk(
        self, workspace_id: str, asked: Filter, place: str | None, limit: int = 1_000, session: Session | None = None
    ) -> Chunk:
        """Walk all that match, in any number of calls; `place` is the last chunk's, and may be kept for days.

        The newest come first, so that whoever is made after the walk began is not met: it shows who matched then,
        except that everybody is looked at when their chunk comes.
        """
        after = None
        if place is not None:
            millis, _, id_ = place.partition("/")
            after = ClientPlace(from_millis(int(millis)), id_)
        found = await self.newest_first(workspace_id, asked, after, limit, session)
        more = len(found) == limit
        return Chunk(found, f"{to_millis(found[-1].created_at)}/{found[-1].id}" if more else None)

    async def _stretch(
        self,
        workspace_id: str,
        asked: Filter,
        facet: str | None,
        after: ClientPlace | None,
        limit: int,
        session: Session | None,
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
        async for document in walk(self._collection, index, start, end, where, limit + 1, session):
            if after is None or document["_id"] != after.id:
                found.append(client_from(document))
            if len(found) == limit:
                break
        return found

    async def _by_crowd(
        self, workspace_id: str, crowd: Crowd, asked: Filter, after: ClientPlace | None, limit: int
    ) -> list[Client]:
        """Read who matches by when they were made, which the crowd says; the database has the last word on who does."""
        found: list[Client] = []
        before = to_millis(after.created_at) if after else None
        while True:
            moments = crowd.newest(asked, before, limit)
            where = {"workspace_id": workspace_id, "created_at": {"$in": sorted(map(from_millis, set(moments)))}}
            these = self._collection.find({**where, **asked_of(asked)}, max_time_ms=QUERY_MILLISECONDS)
            read = sorted(map(client_from, await these.hint(BY_CREATED).to_list(None)), key=_order)
            found += [one for one in read if after is None or _order(one) > (-to_millis(after.created_at), after.id)]
            if len(found) >= limit or len(moments) < limit:
                return found[:limit]
            before = min(moments) - 1  # some were changed a moment ago

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


def _is_far_apart(crowd: Crowd, asked: Filter, lead: Lead, limit: int) -> bool:
    """Tell whether a walk along the lead would pass over too many before it has a page."""
    led = len(crowd) if lead is ANYBODY else sum(crowd.size(facet) for facet in lead.facets if facet is not None)
    if led <= PASSED_OVER or (len(asked.all_of) + len(asked.one_of) < 2 and not asked.none_of):  # noqa: PLR2004
        return False
    return led * limit > PASSED_OVER * max(1, crowd.count(asked))


def _order(client: Client) -> tuple[int, str]:
    return -to_millis(client.created_at), client.id

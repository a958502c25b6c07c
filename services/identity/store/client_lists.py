"""Pages and counts of clients: all, by whether they are registered, and by search."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.client import Client
from services.identity.domain.facets import Start
from services.identity.store.client_documents import client_from
from services.identity.store.clients import Clients
from services.identity.store.found import Searched, SearchPlace
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


def registered_facet(*, registered: bool) -> str:
    """Return the facet of the filter."""
    return f"registered:{'yes' if registered else 'no'}"


class ClientLists:
    """Reads pages and counts. The newest client comes first; a search comes in the order of what it matched."""

    def __init__(self, mongo: MongoClient, clients: Clients) -> None:
        self._mongo = mongo
        self._collection = clients.collection
        self._searched = Searched(clients.collection, BY_FACET, "facets")
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
    ) -> list[tuple[Client, SearchPlace]]:
        """Walk each way of matching in turn. Whoever matches in several comes up once, at the first."""
        only = _registered(registered)
        return [
            (client_from(found.document), found.place)
            for found in await self._searched.search(workspace_id, starts, only, after, limit)
        ]

    async def count_found(
        self,
        workspace_id: str,
        starts: tuple[Start, ...],
        registered: Registered,
    ) -> tuple[int, bool]:
        where = self._searched.where(workspace_id, starts, _registered(registered))
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


def _registered(registered: Registered) -> Document:
    return {} if registered is None else {"registered": registered}

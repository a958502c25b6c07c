"""How many clients a filter lets through (docs/decisions/0106)."""

import time
from dataclasses import dataclass

from pymongo.errors import ExecutionTimeout

from services.identity.domain.facets import search_for
from services.identity.domain.filter import Filter
from services.identity.store.clients import Clients
from services.identity.store.crowds import Crowds
from services.identity.store.found import Searched
from services.identity.store.leads import asked_of
from services.identity.store.migrate import BY_FACET
from services.identity.store.walk import COUNTED_TO, bounded_count
from shared.storage.mongo import QUERY_MILLISECONDS
from shared.storage.mongo import Client as MongoClient

CACHED_SECONDS = 1.0
READ_WITHIN_MILLISECONDS = 20
"""A search with a filter has to read each client to count it. Nobody waits longer for a number."""
REGISTERED = {registered: Filter(registered=registered) for registered in (True, False)}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many clients a workspace has, exactly."""

    registered: int
    not_registered: int

    @property
    def all(self) -> int:
        return self.registered + self.not_registered

    def of(self, registered: bool | None) -> int:  # noqa: FBT001 - the filter's own field
        return self.all if registered is None else self.registered if registered else self.not_registered


class ClientCounts:
    """Counts in the database, and from the first 10,000 on in the workspace's crowd, once that is known."""

    def __init__(self, mongo: MongoClient, clients: Clients, crowds: Crowds) -> None:
        self._mongo = mongo
        self._collection = clients.collection
        self._crowds = crowds
        self._searched = Searched(clients.collection, BY_FACET, "facets")
        self._counted: dict[str, tuple[float, Counts]] = {}

    async def of(self, workspace_id: str, asked: Filter) -> tuple[int, bool]:
        """Count: exactly without a search; False says that there may be more than the number.

        While a large workspace's crowd is not known, several filters together are counted to 10,000. A search is
        counted to 10,000, and where it takes too long not at all.
        """
        if asked.search:
            return await self._of_search(workspace_id, asked)
        crowd = self._crowds.of(workspace_id)
        if crowd is not None:
            return crowd.count(asked), True
        if asked == Filter() or asked in REGISTERED.values():
            return (await self.counts(workspace_id)).of(asked.registered), True
        found = await bounded_count(self._collection, None, {"workspace_id": workspace_id, **asked_of(asked)})
        if not found[1]:
            self._crowds.want(workspace_id)
            if len(asked.all_of) == 1 and not asked.one_of and not asked.none_of:
                return await self._of_facet(workspace_id, asked.all_of[0]), True
        return found

    async def counts(self, workspace_id: str) -> Counts:
        """Count exactly, both numbers as of one moment; above 10,000 an answer stands for a second."""
        crowd = self._crowds.of(workspace_id)
        if crowd is not None:
            return Counts(*(crowd.count(asked) for asked in REGISTERED.values()))
        kept = self._counted.get(workspace_id)
        if kept is not None and time.monotonic() - kept[0] < CACHED_SECONDS:
            return kept[1]
        began = time.monotonic()
        async with await self._mongo.start_session(snapshot=True) as session:
            numbers = [
                await self._collection.count_documents(
                    {"workspace_id": workspace_id, "facets": asked.all_of[0]},
                    session=session,
                    hint=BY_FACET,
                    maxTimeMS=QUERY_MILLISECONDS,
                )
                for asked in REGISTERED.values()
            ]
        counts = Counts(*numbers)
        if counts.all > COUNTED_TO:
            self._crowds.want(workspace_id)
            self._counted[workspace_id] = (began, counts)
        return counts

    async def _of_search(self, workspace_id: str, asked: Filter) -> tuple[int, bool]:
        starts, only = search_for(asked.search), asked_of(asked)
        plainly = None if only else self._searched.plainly(workspace_id, starts)
        if plainly is not None:
            return await bounded_count(self._collection, BY_FACET, plainly)
        where = self._searched.where(workspace_id, starts, only)
        try:
            return await bounded_count(self._collection, None, where, within=READ_WITHIN_MILLISECONDS)
        except ExecutionTimeout:
            return 0, False

    async def _of_facet(self, workspace_id: str, facet: str) -> int:
        where = {"workspace_id": workspace_id, "facets": facet}
        return await self._collection.count_documents(where, hint=BY_FACET, maxTimeMS=QUERY_MILLISECONDS)

"""Which facet a filtered list walks: the rarest one that everybody it shows must have."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from services.identity.domain.filter import Filter
from services.identity.store.crowds import Crowds
from services.identity.store.migrate import BY_FACET
from services.identity.store.walk import bounded_count
from shared.storage.mongo import Collection, Document

SIZES_KEPT = 10_000
SIZE_SECONDS = 30.0
"""A size only says what to walk: a wrong one makes a list slower, not wrong."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Facets whose stretches of the index, put together, hold everybody that a filter lets through, each once."""

    facets: tuple[str | None, ...]
    """None stands for all clients."""


ANYBODY = Lead((None,))


class Leads:
    """Chooses by sizes: a crowd's, or counted to 10,000 and kept for half a minute."""

    def __init__(self, collection: Collection, crowds: Crowds) -> None:
        self._collection = collection
        self._crowds = crowds
        self._sizes: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    async def of(self, workspace_id: str, asked: Filter) -> Lead:
        """Return the smallest lead; `ANYBODY` where nothing is asked that people could be found by."""
        leads = [Lead((facet,)) for facet in asked.all_of]
        if asked.one_of:
            leads.append(Lead(asked.one_of))
        if len(leads) < 2:  # noqa: PLR2004 - no choice
            return leads[0] if leads else ANYBODY
        sizes = [(await self.size(workspace_id, lead), number) for number, lead in enumerate(leads)]
        return leads[min(sizes)[1]]

    async def size(self, workspace_id: str, lead: Lead) -> int:
        """Return about how many a lead holds; without a crowd to 10,000 by each of its facets."""
        return sum([await self._size(workspace_id, facet) for facet in lead.facets if facet is not None])

    async def _size(self, workspace_id: str, facet: str) -> int:
        crowd = self._crowds.of(workspace_id)
        if crowd is not None:
            return crowd.size(facet)
        key = (workspace_id, facet)
        kept = self._sizes.get(key)
        if kept is not None and time.monotonic() - kept[0] < SIZE_SECONDS:
            return kept[1]
        where = {"workspace_id": workspace_id, "facets": facet}
        size, _ = await bounded_count(self._collection, BY_FACET, where)
        self._sizes[key] = (time.monotonic(), size)
        self._sizes.move_to_end(key)
        while len(self._sizes) > SIZES_KEPT:
            self._sizes.popitem(last=False)
        return size


def asked_of(asked: Filter) -> Document:
    """Return a filter as a query, its search left out."""
    facets: dict[str, Any] = {}
    if asked.all_of:
        facets["$all"] = list(asked.all_of)
    if asked.one_of:
        facets["$in"] = list(asked.one_of)
    if asked.none_of:
        facets["$nin"] = list(asked.none_of)
    return {"facets": facets} if facets else {}

"""How many people have a label: read from the index of facets."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.identity.domain.labels import LabelKind, label_facet
from services.identity.store.clients import Clients
from services.identity.store.migrate import BY_FACET
from services.identity.store.walk import bounded_count
from shared.storage.mongo import QUERY_MILLISECONDS, Document

AT_ONCE = 8
"""A page has up to 200 labels, and a list must not take every connection to the database."""


@dataclass(frozen=True, slots=True)
class People:
    """How many there are."""

    count: int
    exact: bool


NOBODY = People(0, exact=True)


class LabelCounts:
    """Counts who has a label by hand."""

    def __init__(self, clients: Clients) -> None:
        self._collection = clients.collection

    async def of(self, workspace_id: str, kind: LabelKind, ids: Iterable[str]) -> Mapping[str, People]:
        """Count each, exactly to 10,000."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(id_: str) -> tuple[str, People]:
            async with gate:
                count, exact = await bounded_count(self._collection, BY_FACET, _where(workspace_id, kind, id_))
                return id_, People(count, exact)

        return dict(await asyncio.gather(*map(one, ids)))

    async def exactly(self, workspace_id: str, kind: LabelKind, id_: str) -> int:
        """Count one, however many there are."""
        return await self._collection.count_documents(
            _where(workspace_id, kind, id_), hint=BY_FACET, maxTimeMS=QUERY_MILLISECONDS
        )


def _where(workspace_id: str, kind: LabelKind, id_: str) -> Document:
    return {"workspace_id": workspace_id, "facets": label_facet(kind, id_)}

"""Lists walk an index from a place on: never a skip, never a sort in memory."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from bson.max_key import MaxKey
from bson.min_key import MinKey

from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session

FIRST, LAST = MinKey(), MaxKey()
"""Before and after every value. On a descending field the list begins with `LAST`."""
COUNTED_TO = 10_000

Bound = Sequence[tuple[str, Any]]
"""A place in an index: all of its fields, in its order."""


async def walk(
    collection: Collection,
    index: str,
    start: Bound,
    end: Bound,
    where: Document,
    batch: int,
    session: Session | None = None,
) -> AsyncIterator[Document]:
    """Give documents in the order of an index, from `start` on and before `end`.

    `min` and `max` seek straight to the place, which a filter on two fields in different directions would not.
    """
    found = collection.find(where, batch_size=batch, session=session, max_time_ms=QUERY_MILLISECONDS)
    async for document in found.hint(index).min(list(start)).max(list(end)):
        yield document


async def bounded_count(
    collection: Collection, index: str | None, where: Document, within: int = QUERY_MILLISECONDS
) -> tuple[int, bool]:
    """Count to 10,000; beyond, say that the number is not exact."""
    more: dict[str, Any] = {"hint": index} if index else {}
    found = await collection.count_documents(where, limit=COUNTED_TO + 1, maxTimeMS=within, **more)
    return min(found, COUNTED_TO), found <= COUNTED_TO

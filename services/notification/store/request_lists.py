"""Pages of the log. Every list names the index that it walks; none is sorted in memory, none counts far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel

from services.notification.domain.request import Request
from services.notification.store.request_rows import LISTED, request_of
from shared.storage.mongo import QUERY_MILLISECONDS, Database, Document

COUNTED_TO = 10_000
MOST_QUEUES = 50
"""Of more than this the stretches of an index are not put together any more; then the whole workspace is walked."""


def _index(name: str, *fields: str, also: Sequence[str] = (), only: Document | None = None) -> IndexModel:
    """`also` is only compared, so that what does not match need not be read."""
    keys = ("workspace_id", *fields, "at", "n", *also)
    more = {"partialFilterExpression": only} if only else {}
    return IndexModel([(key, ASCENDING) for key in keys], name=name, **more)


INDEXES = [
    _index("by_time", also=("queue_id", "status", "handler")),
    _index("by_queue", "queue_id", also=("status", "handler")),
    _index("by_queue_and_status", "queue_id", "status", also=("handler",)),
    _index("by_status", "status", also=("queue_id", "handler")),
    _index("by_handler", "handler", also=("queue_id", "status")),
    _index("by_term", "terms", also=("queue_id",)),
    _index("unseen", also=("queue_id", "status", "handler"), only={"unseen": True}),
]
HISTORY_INDEXES = [
    IndexModel(
        [("workspace_id", ASCENDING), ("request_id", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)],
        name="by_request",
    )
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended."""

    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests a list shows; None lets all through."""

    queue_ids: Sequence[str] | None = None
    status: str | None = None
    handler: str | None = None
    unhandled: bool = False
    unseen: bool = False
    terms: Sequence[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    ids: Sequence[str] | None = None
    """Some few, which are read one by one and put into order afterwards."""

    @property
    def index(self) -> str:
        """Return the name of the index that knows most of what is asked."""
        queues = self.queue_ids is not None and len(self.queue_ids) <= MOST_QUEUES
        if self.ids is not None or self.terms is not None:
            return "_id_" if self.ids is not None else "by_term"
        if self.unseen:
            return "unseen"
        if self.handler is not None:
            return "by_handler"
        if queues:
            return "by_queue" if self.status is None else "by_queue_and_status"
        if self.unhandled:
            return "by_handler"
        return "by_time" if self.status is None else "by_status"

    def asked(self, workspace_id: str) -> Document:
        """Return it as a query."""
        wanted: Document = {"workspace_id": workspace_id}
        if self.ids is not None:
            wanted["_id"] = {"$in": list(self.ids)}
        if self.queue_ids is not None:
            wanted["queue_id"] = {"$in": list(self.queue_ids)}
        if self.status is not None:
            wanted["status"] = self.status
        if self.handler is not None or self.unhandled:
            wanted["handler"] = self.handler
        if self.unseen:
            wanted["unseen"] = True
        if self.terms is not None:
            wanted["terms"] = {"$in": list(self.terms)}
        at = {"$gte": self.since, "$lt": self.before}
        if given := {how: value for how, value in at.items() if value is not None}:
            wanted["at"] = given
        return wanted


class RequestLists:
    """Reads pages of the log."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["requests"]

    async def page(
        self, workspace_id: str, wanted: Filter, *, oldest: bool, after: Place | None, limit: int
    ) -> list[Request]:
        parts: list[Document] = [wanted.asked(workspace_id)]
        if after is not None:
            beyond, here = ("$gt", "$gte") if oldest else ("$lt", "$lte")
            parts.append({"at": {here: after.at}, "$or": [{"at": {beyond: after.at}}, {"n": {beyond: after.n}}]})
        way = ASCENDING if oldest else DESCENDING
        rows = self._rows.find({"$and": parts}, LISTED).hint(wanted.index).sort([("at", way), ("n", way)])
        return [request_of(row) for row in await rows.limit(limit).max_time_ms(QUERY_MILLISECONDS).to_list(limit)]

    async def count(self, workspace_id: str, wanted: Filter) -> tuple[int, bool]:
        """Count to 10,000; beyond, say that the number is not exact."""
        found = await self._rows.count_documents(
            wanted.asked(workspace_id), limit=COUNTED_TO + 1, hint=wanted.index, maxTimeMS=QUERY_MILLISECONDS
        )
        return min(found, COUNTED_TO), found <= COUNTED_TO

    async def unseen(self, workspace_id: str, queue_ids: Sequence[str] | None) -> dict[str, int]:
        """Count what nobody has acknowledged, by queue."""
        pipeline = [
            {"$match": Filter(queue_ids=queue_ids, unseen=True).asked(workspace_id)},
            {"$group": {"_id": "$queue_id", "count": {"$sum": 1}}},
        ]
        rows = self._rows.aggregate(pipeline, hint="unseen", maxTimeMS=QUERY_MILLISECONDS)
        return {row["_id"]: row["count"] async for row in rows}

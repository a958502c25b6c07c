"""Numbers of one queue over a time: every one a walk of one stretch of `by_queue`, with a time limit."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.notification.domain.request import Contents, Request
from services.notification.domain.waits import PER_E, SHORTEST, Histogram
from services.notification.store.request_rows import contents_of, request_of
from shared.storage.mongo import Database, Document

SECONDS = 10
"""The longest that one of these may take."""
_BY_QUEUE = "by_queue"
Moment = Literal["first_viewed_at", "taken_at", "done_at"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One queue's requests that were left in a time."""

    workspace_id: str
    queue_id: str
    since: datetime
    before: datetime

    @property
    def match(self) -> Document:
        at = {"$gte": self.since, "$lt": self.before}
        return {"workspace_id": self.workspace_id, "queue_id": self.queue_id, "at": at}


class RequestStatistics:
    """Reads them. Nothing is kept beside the requests themselves."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["requests"]

    async def times(self, stretch: Stretch, time_zone: str) -> tuple[dict[str, int], dict[int, int]]:
        """Count forms by day (`2026-11-22`) and by hour of the day, in a time zone."""
        at = {"date": "$at", "timezone": time_zone}
        day, hour = {"$dateToString": {"format": "%Y-%m-%d", **at}}, {"$hour": at}
        rows = await self._sum(stretch, [{"$group": {"_id": {"day": day, "hour": hour}, "count": {"$sum": 1}}}])
        by_day: dict[str, int] = {}
        by_hour: dict[int, int] = {}
        for row in rows:
            by_day[row["_id"]["day"]] = by_day.get(row["_id"]["day"], 0) + row["count"]
            by_hour[row["_id"]["hour"]] = by_hour.get(row["_id"]["hour"], 0) + row["count"]
        return by_day, by_hour

    async def waits(self, stretch: Stretch, until: Moment) -> dict[str | None, Histogram]:
        """Count forms by how long they waited until a moment of theirs, by who handles them (None: nobody)."""
        seconds = {"$max": [{"$divide": [{"$subtract": [f"${until}", "$at"]}, 1000]}, SHORTEST]}
        bucket = {"$floor": {"$multiply": [{"$ln": seconds}, PER_E]}}
        group = {"_id": {"handler": "$handler", "bucket": bucket}, "count": {"$sum": 1}}
        rows = await self._sum(stretch, [{"$match": {until: {"$ne": None}}}, {"$group": group}])
        found: dict[str | None, Histogram] = {}
        for row in rows:
            found.setdefault(row["_id"]["handler"], Counter())[int(row["_id"]["bucket"])] = row["count"]
        return found

    async def handled(self, stretch: Stretch) -> dict[str | None, int]:
        """Count forms by who handles them."""
        rows = await self._sum(stretch, [{"$group": {"_id": "$handler", "count": {"$sum": 1}}}])
        return {row["_id"]: row["count"] for row in rows}

    async def fields(self, stretch: Stretch) -> list[Mapping[str, Any]]:
        """Return every question that was asked in that time, each as it was asked last."""
        rows = await self._sum(
            stretch,
            [
                {"$sort": {"at": 1, "n": 1}},
                {"$group": {"_id": "$fields", "last": {"$last": "$at"}}},
                {"$sort": {"last": 1}},
            ],
        )
        found: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            found |= {field["id"]: field for field in row["_id"]}
        newest = [field["id"] for field in rows[-1]["_id"]] if rows else []
        return [found[id_] for id_ in [*newest, *(id_ for id_ in found if id_ not in newest)]]

    async def chosen(self, stretch: Stretch) -> dict[tuple[str, str], int]:
        """Count what was chosen, by field and choice."""
        rows = await self._sum(
            stretch,
            [
                {"$project": {"chosen": {"$objectToArray": "$choices"}}},
                {"$unwind": "$chosen"},
                {"$unwind": "$chosen.v"},
                {"$group": {"_id": {"field": "$chosen.k", "choice": "$chosen.v"}, "count": {"$sum": 1}}},
            ],
        )
        return {(row["_id"]["field"], row["_id"]["choice"]): row["count"] for row in rows}

    async def rows(
        self, stretch: Stretch, after: tuple[datetime, int] | None, limit: int
    ) -> list[tuple[Request, Contents]]:
        """Return forms with what they say, sealed, the oldest first."""
        parts: list[Document] = [stretch.match]
        if after is not None:
            at, n = after
            parts.append({"at": {"$gte": at}, "$or": [{"at": {"$gt": at}}, {"n": {"$gt": n}}]})
        found = self._rows.find({"$and": parts}).hint(_BY_QUEUE).sort([("at", 1), ("n", 1)]).limit(limit)
        rows = await found.max_time_ms(SECONDS * 1000).to_list(limit)
        return [(request_of(row), contents_of(row)) for row in rows]

    async def all_rows(self, stretch: Stretch, at_once: int) -> AsyncIterator[list[tuple[Request, Contents]]]:
        """Give all forms, a chunk at a time."""
        after = None
        while found := await self.rows(stretch, after, at_once):
            yield found
            after = (found[-1][0].at, found[-1][0].n)

    async def count(self, stretch: Stretch) -> int:
        rows = await self._sum(stretch, [{"$count": "n"}])
        return rows[0]["n"] if rows else 0

    async def _sum(self, stretch: Stretch, stages: Sequence[Document]) -> list[Document]:
        rows = self._rows.aggregate([{"$match": stretch.match}, *stages], hint=_BY_QUEUE, maxTimeMS=SECONDS * 1000)
        return await rows.to_list(None)

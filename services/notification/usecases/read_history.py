"""A request's history: what people did, and what the escalation did, in one order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notification.domain.request import Happening, Request
from services.notification.store.requests import Entry, Requests
from services.notification.usecases.attention import Escalations

Place = tuple[datetime, str]


class ReadHistory:
    """Reads pages, the newest first."""

    def __init__(self, requests: Requests, escalations: Escalations) -> None:
        self._requests = requests
        self._escalations = escalations

    async def __call__(self, request: Request, after: Place | None, limit: int) -> tuple[list[Entry], Place | None]:
        """Return a page, and where it ended if more follows. Steps are few, and come with the page of their time."""
        workspace_id = request.workspace_id
        found = await self._requests.history(workspace_id, request.id, after, limit + 1)
        more = len(found) > limit
        page = found[:limit]
        ends = (page[-1].happening.at, page[-1].id) if more else None
        for step in await self._escalations.steps_of(workspace_id, request.id):
            at = step["at"]
            if (after is None or at <= after[0]) and (ends is None or at > ends[0]):
                page.append(_step(request, step))
        return sorted(page, key=_newest_first, reverse=True), ends


def _step(request: Request, step: Mapping[str, Any]) -> Entry:
    what = {name: value for name, value in step.items() if name not in {"at", "kind"}}
    happening = Happening(request.id, "escalated", step["at"], None, {"step": step["kind"], **what})
    return Entry("~", happening)


def _newest_first(entry: Entry) -> tuple[datetime, str]:
    return entry.happening.at, entry.id

"""The queue activity log: what was left, read and acknowledged."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from services.notification.domain.request import Request
from services.notification.routes.request_shapes import (
    History,
    RequestList,
    RequestOut,
    RequestsAsked,
    SeenIn,
    SeenOut,
    UnseenOut,
)
from services.notification.routes.show_requests import ShowRequests
from services.notification.store.request_lists import Place
from services.notification.usecases.browse_requests import Asked, BrowseRequests
from services.notification.usecases.read_history import ReadHistory
from services.notification.usecases.work_on_requests import WorkOnRequests
from shared.web.access import Principal, ReadsRequests, WritesRequests
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import invalid, not_found


def request_routes(browse: BrowseRequests, work: WorkOnRequests, history: ReadHistory, show: ShowRequests) -> APIRouter:
    """Make the routes that read the log."""
    routes = APIRouter(tags=["contact requests"])

    async def one(who: Principal, request_id: str) -> Request:
        found = await browse.one(who, request_id)
        if found is None:
            raise not_found("contact request")
        return found

    @routes.get("/requests")
    async def list_requests(who: ReadsRequests, asked: Annotated[RequestsAsked, Query()]) -> RequestList:
        """List contact requests, the newest first: an agent's own queues', an admin's all."""
        wanted = Asked(
            queue_id=asked.queue_id,
            status=asked.status,
            handler=asked.handler,
            unseen=asked.unseen,
            search=asked.search,
            since=asked.since,
            before=asked.before,
            sort=asked.sort,
            ids=asked.id or None,
        )
        page = await browse.page(who, wanted, _place(asked), asked.limit)
        ends = page.ends
        return RequestList(
            items=await show.all(who, page.items, page.clients),
            next_cursor=write_cursor(asked.sort, ends.at, ends.n) if ends else None,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @routes.get("/requests/unseen")
    async def count_unseen(who: ReadsRequests) -> UnseenOut:
        """Count what nobody has acknowledged."""
        found = await browse.unseen(who)
        return UnseenOut(total=sum(found.values()), by_queue=found)

    @routes.post("/requests/seen")
    async def acknowledge(who: WritesRequests, asked: SeenIn) -> SeenOut:
        """Acknowledge requests: a person pressed or clicked. Their escalation ends; what is not the caller's stays."""
        return SeenOut(seen=await work.see(who, asked.ids))

    @routes.get("/requests/{request_id}")
    async def get_request(who: ReadsRequests, request_id: str) -> RequestOut:
        """Show one request, without what the form says."""
        return await show.one(who, await one(who, request_id))

    @routes.get("/requests/{request_id}/history")
    async def get_history(
        who: ReadsRequests,
        request_id: str,
        limit: Annotated[int, Query(ge=1, le=200)] = 100,
        cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    ) -> History:
        """Tell what happened to a request, the newest first: views, comments, statuses, who was told and who not."""
        request = await one(who, request_id)
        found, ends = await history(request, _after(cursor), limit)
        return History(
            items=[show.happening(who, entry) for entry in found], next_cursor=write_cursor(*ends) if ends else None
        )

    return routes


def _place(asked: RequestsAsked) -> Place | None:
    if not asked.cursor:
        return None
    sort, at, n = read_cursor(asked.cursor, str, datetime, int)
    if sort != asked.sort:
        raise invalid("cursor", "this cursor belongs to the other order; begin without one")
    return Place(at, n)


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    at, id_ = read_cursor(cursor, datetime, str)
    return at, id_

"""Routes that every provider's control API has."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from deploy.sandbox.ledger import Ledger, Wanted
from deploy.sandbox.live import Live

HEARTBEAT = 15.0
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0)]


def page_of(ledger: Ledger, wanted: Wanted, after: int, limit: int, *, newest: bool) -> dict[str, Any]:
    """Give a page of what the sandbox was sent."""
    found = ledger.list(wanted, after, limit + 1, newest=newest)
    more = len(found) > limit and not newest
    return {"items": found[:limit], "next": found[limit - 1]["n"] if more else None}


def live_route(router: APIRouter, live: Live) -> None:
    """Add `/live`."""

    @router.get("/live", response_class=StreamingResponse)
    async def changes(request: Request) -> StreamingResponse:
        """Server-sent events that name what changed; read that again."""

        async def stream() -> AsyncIterator[str]:
            yield "retry: 500\nevent: ready\ndata: {}\n\n"
            async for names in live.changes(HEARTBEAT):
                if await request.is_disconnected():
                    return
                yield f"event: change\ndata: {json.dumps(sorted(names))}\n\n" if names else ": still here\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

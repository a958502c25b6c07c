"""`/widget/<site key>/state`: what the site's queue says right now. It knows no device, so it asks for none."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.ingest.domain.queue_shown import SiteState
from services.ingest.routes.visitor_door import visitor_of
from services.ingest.usecases.show_queue import ShowQueue

Language = Annotated[str, Query(max_length=35, description="The visitor's, such as `de`.")]


def router(show: ShowQueue) -> APIRouter:
    """Make the route."""
    routes = APIRouter(prefix="/widget/{site_key}", tags=["website chat"])

    @routes.get("/state")
    async def state(
        site_key: str,  # noqa: ARG001 - the door has read it
        request: Request,
        language: Language = "",
    ) -> SiteState:
        """Show whether the site's queue is open and when, and what it asks while it is not."""
        account = visitor_of(request).account
        return show.now(account.workspace_id, account.connection_id, language)

    return routes

"""The live stream."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.notification.usecases.hub import Hub
from shared.web.access import ReadsLive
from shared.web.problems import invalid

_LONGEST = 18
_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class Change(BaseModel):
    """The data of an event `change`: something is not any more what it was."""

    n: int
    """Its number, also the event's id. Numbers count up per workspace, without holes."""
    kind: Literal["client", "chat-contact", "queue", "request", "alert", "banner"]
    """An alert, or a banner that stays, asks somebody to look at a request: its id is the request's."""
    id: str
    client_id: str | None
    """The client's own id; of a chat contact the client it belongs to."""
    registered: bool
    rev: int
    created: bool
    """Whether this is the first that is told of it."""
    queue_id: str | None
    """Where the request was left. Only the queue's members, admins and API keys are told."""


class EventStream(StreamingResponse):
    """A stream of server-sent events."""

    media_type = "text/event-stream"


def live_routes(hub: Hub) -> APIRouter:
    """Return the route of the live stream."""
    router = APIRouter(tags=["live"])

    @router.get(
        "/live",
        summary="Live changes",
        response_class=EventStream,
        responses={200: {"model": Change, "content": {"text/event-stream": {}}, "description": "The stream."}},
    )
    async def live(
        principal: ReadsLive,
        last_event_id: Annotated[
            str, Query(description="Where to go on after, for those who cannot send the header.")
        ] = "",
        last_event_id_header: Annotated[str, Header(alias="Last-Event-ID")] = "",
    ) -> EventStream:
        """Tell of every change to clients, chat contacts, queues and contact requests, as server-sent events.

        `ready` comes first, with the newest number `n`. `change` follows for each change, its number being the event's
        id: send the last one as `Last-Event-ID` to get what a lost line missed. `mark` says up to which number all is
        told: numbers in between were for others, and after a lost line it ends what was missed. `reset` means that too
        much was missed, or too long ago: read the lists again. `bye` means that the token has ended, or that this
        process is being stopped: come again with a fresh token. A comment comes when nothing else does for 15 seconds.
        """
        hub.check_room(principal)
        after = _number(last_event_id_header or last_event_id)
        return EventStream(hub.listen(principal, after), headers=_HEADERS)

    return router


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST:
        raise invalid("last_event_id", "This is no number of a change. Leave it out to begin with what comes next.")
    return int(text)

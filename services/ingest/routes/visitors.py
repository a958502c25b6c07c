"""`/widget/<site key>/…`: what the website chat's script asks."""

import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from services.ingest.channels.widget.tokens import device_of
from services.ingest.domain.buckets import Buckets
from services.ingest.routes.visitor_calls import read_body
from services.ingest.routes.visitor_door import takes, too_many, visitor_of
from services.ingest.routes.visitor_shapes import (
    HistoryOut,
    ItemsOut,
    MessageOut,
    SessionOut,
    history_out,
    item_out,
    problem_of,
)
from services.ingest.usecases.connection_book import ConnectionBook
from services.ingest.usecases.show_queue import ShowQueue
from services.ingest.usecases.visit import BrokerIsAwayError, Visit
from services.ingest.usecases.visitor_hub import Listener, TooManyStreamsError, VisitorHub
from shared.web.problems import ProblemError, invalid

MOST_BYTES = 64 * 1024
MOST_ITEMS = 50
_LONGEST_NUMBER = 15
_TIME = TypeAdapter(datetime)
_STREAM_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class EventStream(StreamingResponse):
    """A stream of server-sent events."""

    media_type = "text/event-stream"


def router(  # noqa: C901 - four routes
    visit: Visit, hub: VisitorHub, book: ConnectionBook, show: ShowQueue, devices: Buckets
) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(prefix="/widget/{site_key}", tags=["website chat"])

    def device_in(request: Request, tokens: int = 1) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        device = device_of(visitor_of(request).account, token) if scheme.lower() == "bearer" else None
        if device is None:
            raise ProblemError(401, "not-a-device", "The device's token is missing or not of this site: POST session.")
        wait = devices.take(device, time.monotonic(), tokens)
        if wait:
            raise too_many(wait)
        return device

    @routes.post("/session")
    async def begin(site_key: str, request: Request) -> SessionOut:  # noqa: ARG001 - the door has read it
        """Give a device and its token; the same ones again to who has a token already."""
        token = request.headers.get("authorization", "").partition(" ")[2]
        found = visit.begin(visitor_of(request).account, token or None)
        return SessionOut(device_id=found.device_id, token=found.token)

    @routes.post("/events")
    async def tell(site_key: str, request: Request) -> ItemsOut:  # noqa: ARG001 - as above
        """Take what the visitor did: one item, or `{"events": […], "sent_at": …}`.

        An item is `{"event_id", "type", "ts", "payload"}`; `message` has a `text`, `press` a button's `data`,
        `identify` a `jwt`, `seen` the `numbers` of messages, `form` the `answers` to the queue's form. The same
        `event_id` twice has one effect. An item by itself is answered by the status; of several each has an answer.
        """
        raw = _read(await read_body(request, MOST_BYTES))
        many = raw.get("events")
        items = [raw] if many is None else many
        if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
            raise invalid("events", f"this must be a list of 1 to {MOST_ITEMS} items")
        device = device_in(request, len(items))
        now = _now()
        try:
            answers = await visit.tell(
                visitor_of(request).account, device, items, now=now, behind=_behind(raw.get("sent_at"), now)
            )
        except BrokerIsAwayError as error:
            words = "It could not be stored just now. Send it again in a moment."
            raise ProblemError(503, "away", words, headers={"Retry-After": "1"}) from error
        if many is None and answers[0].refusal is not None:
            raise problem_of(answers[0].refusal)
        return ItemsOut(items=[item_out(one) for one in answers])

    @routes.get("/messages")
    async def history(site_key: str, request: Request) -> HistoryOut:  # noqa: ARG001 - as above
        """Show what was said last, and from which number on the stream tells more."""
        device = device_in(request)
        return history_out(await visit.history(visitor_of(request).account, device))

    @routes.get(
        "/stream",
        response_class=EventStream,
        responses={200: {"model": MessageOut, "content": {"text/event-stream": {}}, "description": "The stream."}},
    )
    async def listen(
        site_key: str,  # noqa: ARG001 - as above
        request: Request,
        last_event_id: Annotated[str, Query(description="As the header, for who cannot send it.")] = "",
        last_event_id_header: Annotated[str, Header(alias="Last-Event-ID")] = "",
        language: Annotated[str, Query(max_length=35, description="In which `state` is told.")] = "",
    ) -> EventStream:
        """Tell what is said to the visitor, as server-sent events numbered in their chat.

        `ready` comes first, with the newest number, and `state`: what the queue says, again whenever that changes.
        `message` follows for each message after `Last-Event-ID`, or for
        new ones alone where there is none. `bye` means to come again. A comment comes when nothing else does for 15 s.
        """
        device = device_in(request)
        visitor = visitor_of(request)
        account = visitor.account
        after = _number(last_event_id_header or last_event_id)

        def may_listen() -> bool:
            known = book.account(account.connection_id)
            return known is not None and takes(known, visitor.origin)

        try:
            hub.check_room(device, visitor.address)
        except TooManyStreamsError as error:
            raise too_many(30) from error
        says = show.of(account.workspace_id, account.connection_id, language)
        listener = Listener(device, visitor.address, may_listen, says)
        stream = hub.listen(account.workspace_id, account.connection_id, listener, after)
        return EventStream(stream, headers=_STREAM_HEADERS)

    return routes


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = from_json(body)
    except ValueError as error:
        raise ProblemError(400, "malformed", f"This is not JSON: {error}.") from error
    if isinstance(found, list):
        return {"events": found}
    if not isinstance(found, dict):
        raise ProblemError(400, "malformed", 'Send one item, or {"events": […]}.')
    return found


def _behind(sent_at: object, now: datetime) -> timedelta:
    """Return how far the browser's clock is behind ours; 0 where it does not say."""
    try:
        told = _TIME.validate_python(sent_at)
        return now - told if told.tzinfo is not None else timedelta()
    except (ValidationError, OverflowError):
        return timedelta()


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise invalid("last_event_id", "this is no number of a message; leave it out to begin with what comes next")
    return int(text)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

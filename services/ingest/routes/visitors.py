"""`/widget/<site key>/…`: what the website chat's script asks."""

import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json

from services.ingest.channels.widget.tokens import device_of
from services.ingest.domain.buckets import Buckets
from services.ingest.routes.visitor_calls import read_body
from services.ingest.routes.visitor_door import takes, too_many, visitor_of
from services.ingest.usecases.accept import Refusal
from services.ingest.usecases.connection_book import ConnectionBook
from services.ingest.usecases.visit import Answer, BrokerIsAwayError, History, Visit
from services.ingest.usecases.visitor_hub import Listener, TooManyStreamsError, VisitorHub
from shared.contracts.sending import Button
from shared.web.problems import FieldError, ProblemError, body_of, invalid

MOST_BYTES = 64 * 1024
MOST_ITEMS = 50
_LONGEST_NUMBER = 15
_TIME = TypeAdapter(datetime)
_STREAM_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class SessionOut(BaseModel):
    """What the browser keeps: the token is sent with everything else, as `Authorization: Bearer …`."""

    device_id: str
    token: str


class ItemOut(BaseModel):
    """What became of one item."""

    event_id: str | None
    status: Literal["accepted", "refused"]
    problem: dict[str, Any] | None = None
    """Why it was refused; sending it again would not help."""


class ItemsOut(BaseModel):
    """One answer for each item, in their order. `accepted`: it is durable."""

    items: list[ItemOut]


class SaidOut(BaseModel):
    """One message, either way."""

    id: str
    at: datetime
    direction: Literal["in", "out"]
    kind: str
    text: str
    n: int | None = None
    """The number of one to the visitor."""
    buttons: tuple[Button, ...] = ()


class HistoryOut(BaseModel):
    """What was said last, the oldest first."""

    items: list[SaidOut]
    n: int
    """After which number the stream goes on."""


class MessageOut(BaseModel):
    """The data of a stream's event `message`; its number is also the event's id."""

    n: int
    id: str
    at: datetime
    text: str
    buttons: tuple[Button, ...]


class EventStream(StreamingResponse):
    """A stream of server-sent events."""

    media_type = "text/event-stream"


def router(visit: Visit, hub: VisitorHub, book: ConnectionBook, devices: Buckets) -> APIRouter:  # noqa: C901 - four routes
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
        `identify` a `jwt`, `seen` the `numbers` of messages. The same `event_id` twice has one effect. An item by
        itself is answered by the status; of several each has its own answer.
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
            raise _problem(answers[0].refusal)
        return ItemsOut(items=[_item(one) for one in answers])

    @routes.get("/messages")
    async def history(site_key: str, request: Request) -> HistoryOut:  # noqa: ARG001 - as above
        """Show what was said last, and from which number on the stream tells more."""
        device = device_in(request)
        return _history(await visit.history(visitor_of(request).account, device))

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
    ) -> EventStream:
        """Tell what is said to the visitor, as server-sent events numbered in their chat.

        `ready` comes first, with the newest number. `message` follows for each message after `Last-Event-ID`, or for
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
        listener = Listener(device, visitor.address, may_listen)
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


def _problem(refusal: Refusal) -> ProblemError:
    errors = [FieldError(field=refusal.field, message=refusal.detail)] if refusal.field else []
    return ProblemError(refusal.status, refusal.slug, refusal.detail, errors=errors)


def _item(one: Answer) -> ItemOut:
    if one.refusal is None:
        return ItemOut(event_id=one.event_id, status="accepted")
    return ItemOut(event_id=one.event_id, status="refused", problem=body_of(_problem(one.refusal)))


def _history(found: History) -> HistoryOut:
    received = [
        SaidOut(id=one.id.rsplit("/", 1)[-1], at=one.at, direction="in", kind=one.kind, text=one.text)
        for one in found.received
    ]
    sent = [
        SaidOut(id=one.id, at=one.at, direction="out", kind="text", text=one.text, n=one.n, buttons=one.buttons)
        for one in found.lines
    ]
    return HistoryOut(items=sorted([*received, *sent], key=lambda one: one.at), n=found.newest)


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise invalid("last_event_id", "this is no number of a message; leave it out to begin with what comes next")
    return int(text)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

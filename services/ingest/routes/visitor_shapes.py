"""What visitors' browsers are answered."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from services.ingest.domain.visitor_stream import kind_of
from services.ingest.usecases.accept import Refusal
from services.ingest.usecases.visit import Answer, History
from shared.contracts.sending import Button
from shared.web.problems import FieldError, ProblemError, body_of


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
    kind: Literal["text", "form"]
    """`form`: the text offers the queue's contact form."""
    text: str
    buttons: tuple[Button, ...]


def problem_of(refusal: Refusal) -> ProblemError:
    """Say why one item was refused."""
    wrong = refusal.errors or (((refusal.field, refusal.detail),) if refusal.field else ())
    errors = [FieldError(field=field, message=words) for field, words in wrong]
    return ProblemError(refusal.status, refusal.slug, refusal.detail, errors=errors)


def item_out(one: Answer) -> ItemOut:
    """Say what became of one item."""
    if one.refusal is None:
        return ItemOut(event_id=one.event_id, status="accepted")
    return ItemOut(event_id=one.event_id, status="refused", problem=body_of(problem_of(one.refusal)))


def history_out(found: History) -> HistoryOut:
    """Put what was said both ways into its order."""
    received = [
        SaidOut(id=one.id.rsplit("/", 1)[-1], at=one.at, direction="in", kind=one.kind, text=one.text)
        for one in found.received
    ]
    sent = [
        SaidOut(
            id=one.id,
            at=one.at,
            direction="out",
            kind=kind_of(one.buttons),
            text=one.text,
            n=one.n,
            buttons=one.buttons,
        )
        for one in found.lines
    ]
    return HistoryOut(items=sorted([*received, *sent], key=lambda one: one.at), n=found.newest)

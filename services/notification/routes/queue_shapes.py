"""Queues as the API takes and shows them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.notification.domain.queue import DEFAULT_FORM, OFFICE_HOURS, Queue, QueueDraft
from shared.contracts.event import UtcTime
from shared.contracts.queues import (
    Clock,
    ContactForm,
    ExceptionalDay,
    FieldKind,
    OtherWay,
    Override,
    Span,
    WhenClosed,
)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Texts = Annotated[dict[str, str], Field(max_length=30)]
"""One text in several languages, by tag in lower case; the first is for everybody else."""


class SpanIn(_In):
    """Open from one time of a day to a later one, `24:00` being its end."""

    opens: Clock
    closes: Clock


Spans = Annotated[list[SpanIn], Field(max_length=12)]


class ExceptionalDayIn(_In):
    """A day with hours of its own; without any it is a holiday."""

    day: date
    spans: Spans = []
    label: Texts = {}


class OtherWayIn(_In):
    """Another way to reach the business."""

    kind: Literal["phone", "email", "link"]
    label: Texts
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class FormChoiceIn(_In):
    """One of the answers to a choice."""

    id: str
    label: Texts


class FormFieldIn(_In):
    """One question of the contact form."""

    id: str
    kind: FieldKind
    label: Texts
    required: bool = False
    choices: Annotated[list[FormChoiceIn], Field(max_length=60)] = []
    several: bool = False


class ContactFormIn(_In):
    """What a visitor is asked."""

    title: Texts = {}
    fields: Annotated[list[FormFieldIn], Field(max_length=40)] = []
    thanks: Texts = {}


class _Wanted(_In):
    def settings(self) -> dict[str, Any]:
        """Return what was given, as the domain has it."""
        return {name: _READ.get(name, _as_it_is)(getattr(self, name)) for name in self.model_fields_set - {"rev"}}


class QueueIn(_Wanted):
    """A queue to make. Without hours it is open Monday to Friday from 9 to 17; without a form it gets a plain one."""

    name: Name
    time_zone: Annotated[str, Field(max_length=64)]
    connection_ids: Annotated[list[Id], Field(max_length=100)] = []
    hours: Annotated[list[Spans], Field(min_length=7, max_length=7)] = [
        [SpanIn(opens=span.opens, closes=span.closes) for span in spans] for spans in OFFICE_HOURS
    ]
    exceptions: Annotated[list[ExceptionalDayIn], Field(max_length=400)] = []
    when_closed: WhenClosed = "form"
    offline: Texts = {}
    other_ways: Annotated[list[OtherWayIn], Field(max_length=12)] = []
    form: ContactFormIn = ContactFormIn.model_validate(DEFAULT_FORM.model_dump())
    members: Annotated[list[Id], Field(max_length=1000)] = []
    lead: Id | None = None
    escalate_after_seconds: Annotated[int, Field(ge=15, le=86_400)] = 120
    colleagues_asked: Annotated[int, Field(ge=0, le=20)] = 2

    def draft(self) -> QueueDraft:
        """Return it as the domain has it."""
        return QueueDraft(**self.settings())


class QueueChange(_Wanted):
    """What to change; what is left out stays. `rev` is that of the queue as the caller read it."""

    rev: int
    name: Name = ""
    time_zone: Annotated[str, Field(max_length=64)] = ""
    connection_ids: Annotated[list[Id], Field(max_length=100)] = []
    hours: Annotated[list[Spans], Field(min_length=7, max_length=7)] = []
    exceptions: Annotated[list[ExceptionalDayIn], Field(max_length=400)] = []
    when_closed: WhenClosed = "form"
    offline: Texts = {}
    other_ways: Annotated[list[OtherWayIn], Field(max_length=12)] = []
    form: ContactFormIn = ContactFormIn()
    members: Annotated[list[Id], Field(max_length=1000)] = []
    lead: Id | None = None
    escalate_after_seconds: Annotated[int, Field(ge=15, le=86_400)] = 120
    colleagues_asked: Annotated[int, Field(ge=0, le=20)] = 2


class OverrideIn(_In):
    """The switch by hand, which goes before all hours; without `until` it holds until it is set back."""

    opened: bool
    until: UtcTime | None = None


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    return value


def _hours(days: list[list[SpanIn]]) -> tuple[tuple[Span, ...], ...]:
    return tuple(tuple(Span(**span.model_dump()) for span in day) for day in days)


def _exceptions(days: list[ExceptionalDayIn]) -> tuple[ExceptionalDay, ...]:
    return tuple(ExceptionalDay.model_validate(day.model_dump()) for day in days)


def _other_ways(ways: list[OtherWayIn]) -> tuple[OtherWay, ...]:
    return tuple(OtherWay.model_validate(way.model_dump()) for way in ways)


def _form(form: ContactFormIn) -> ContactForm:
    return ContactForm.model_validate(form.model_dump())


_READ: dict[str, Callable[[Any], Any]] = {
    "connection_ids": tuple,
    "members": tuple,
    "hours": _hours,
    "exceptions": _exceptions,
    "other_ways": _other_ways,
    "form": _form,
}


class SpanAt(BaseModel):
    """A time in which the queue is open, in UTC."""

    opens: datetime
    closes: datetime


class QueueNow(BaseModel):
    """How it stands with a queue."""

    is_open: bool
    until: datetime | None
    """When it next closes or opens; null where nothing says that it ever will."""


class QueueNowInFull(QueueNow):
    """How it stands with a queue, and when it is open in the next two weeks by its hours."""

    time_zone: str
    override: Override | None
    spans: list[SpanAt]


class QueueOut(BaseModel):
    """A queue."""

    id: str
    name: str
    active: bool
    """False once it was deleted."""
    connection_ids: list[str]
    time_zone: str
    hours: list[list[Span]]
    """Of each weekday, Monday first."""
    exceptions: list[ExceptionalDay]
    override: Override | None
    when_closed: WhenClosed
    offline: dict[str, str]
    other_ways: list[OtherWay]
    form: ContactForm
    members: list[str]
    """Users who are told of its forms, in the order in which they are asked."""
    lead: str | None
    form_key: str
    form_url: str
    """Where the form stands as a page of its own."""
    escalate_after_seconds: int
    colleagues_asked: int
    now: QueueNow
    is_member: bool
    """Whether the caller is one of the members."""
    created_at: datetime
    rev: int


class QueueList(BaseModel):
    """All queues of the workspace that are not deleted, the oldest first."""

    items: list[QueueOut]
    next_cursor: None = None
    total: int
    total_is_exact: bool = True


class MemberOut(BaseModel):
    """A member of a queue."""

    id: str
    name: str
    online: bool


class MemberList(BaseModel):
    """The queue's members who may act, in the order in which they are asked."""

    items: list[MemberOut]
    next_cursor: None = None
    total: int
    total_is_exact: bool = True


def queue_out(queue: Queue, now: QueueNow, caller: str, origin: str) -> QueueOut:
    """Show a queue."""
    told = queue.state.model_dump(include=set(QueueOut.model_fields) - {"members"})
    return QueueOut(
        **told,
        members=list(queue.state.members),
        form_url=f"{origin}/f/{queue.state.form_key}",
        escalate_after_seconds=queue.escalate_after_seconds,
        colleagues_asked=queue.colleagues_asked,
        now=now,
        is_member=caller in queue.state.members,
        created_at=queue.created_at,
    )

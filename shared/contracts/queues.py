"""Queues (`queue.v1`), and the contact forms that are left in them (`contact-form.v1`)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from shared.contracts.chat import ChatEvent
from shared.contracts.event import Part, StateEvent, UtcTime

Words = dict[str, str]
"""One text in several languages, by IETF tag in lower case; the first is for everybody else."""
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A time of day, `09:00`; `24:00` is the end of the day."""
FieldKind = Literal["name", "email", "phone", "text", "choice", "consent"]
WhenClosed = Literal["message", "form", "bot"]
FormVia = Literal["widget", "hosted", "api", "scenario"]


class Span(Part, frozen=True):
    """Open from one time of a day to a later one."""

    opens: Clock
    closes: Clock


class ExceptionalDay(Part, frozen=True):
    """A day with hours of its own; without any it is a holiday."""

    day: date
    spans: tuple[Span, ...] = ()
    label: Words = Field(default_factory=dict)
    """What the day is called, such as `{"en": "Christmas Day"}`."""


class Override(Part, frozen=True):
    """The switch by hand, which goes before all hours."""

    opened: bool
    until: UtcTime | None = None
    """None: until it is set back."""


class OtherWay(Part, frozen=True):
    """Another way to reach the business while the queue is closed."""

    kind: Literal["phone", "email", "link"]
    label: Words
    value: str
    """E.164, an address, or an https link."""


class FormChoice(Part, frozen=True):
    """One of the answers to a choice."""

    id: str
    label: Words


class FormField(Part, frozen=True):
    """One question of a contact form."""

    id: str
    kind: FieldKind
    label: Words
    required: bool = False
    choices: tuple[FormChoice, ...] = ()
    """Of a choice, at least two."""
    several: bool = False
    """Of a choice: whether more than one may be taken."""


class ContactForm(Part, frozen=True):
    """What a visitor is asked while nobody is there."""

    title: Words = Field(default_factory=dict)
    fields: tuple[FormField, ...] = ()
    thanks: Words = Field(default_factory=dict)
    """What is said once it is kept; a kind default where empty."""


class QueueStateV1(StateEvent, frozen=True):
    """Where contact forms arrive: when it is open, and what visitors are shown while it is not."""

    source: ClassVar[str] = "notification"
    type: Literal["queue.state.v1"] = "queue.state.v1"
    name: str
    active: bool = True
    """False once it was deleted: it feeds from nothing and takes no forms."""
    connection_ids: tuple[str, ...] = ()
    """What feeds it; a connection feeds one queue at most."""
    time_zone: str
    """IANA, such as `Europe/Oslo`."""
    hours: tuple[tuple[Span, ...], ...] = Field(min_length=7, max_length=7)
    """Of each weekday, Monday first."""
    exceptions: tuple[ExceptionalDay, ...] = ()
    override: Override | None = None
    when_closed: WhenClosed = "form"
    offline: Words = Field(default_factory=dict)
    """What is said while it is closed, before the hours and other ways."""
    other_ways: tuple[OtherWay, ...] = ()
    form: ContactForm = ContactForm()
    members: tuple[str, ...] = ()
    """Users who are told of its forms, in the order in which they are asked."""
    lead: str | None = None
    """The user who is told when nobody else has looked; without one it is every admin."""
    form_key: str
    """Public: the form as a page of its own is at `/f/<form_key>`."""

    def key(self) -> str:
        return self.id


class ContactFormReceivedV1(ChatEvent, frozen=True):
    """Somebody left a message. What they wrote is sealed; nothing of it stands in clear but the choices."""

    source: ClassVar[str] = "ingest"
    type: Literal["contact-form.received.v1"] = "contact-form.received.v1"
    queue_id: str
    via: FormVia
    language: str | None = None
    fields: tuple[FormField, ...]
    """The questions as they were asked: the queue's form may change later."""
    choices: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By field: the ids of what was chosen. A consent that was given is `["yes"]`."""
    sealed_answers: str
    """Sealed with the workspace's key for `contact-form.<id>`: JSON of all other answers, text by field."""
    lookups: tuple[str, ...] = ()
    """Keyed hashes of the exact email and phone, so that the log can be searched (shared/contracts/lookups.py)."""
    while_closed: bool


def seal_purpose(form_id: str) -> str:
    """Return what a form's answers are sealed for: they open as part of that form alone."""
    return f"contact-form.{form_id}"

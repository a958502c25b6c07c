"""A queue: what everybody is told of it, and what notification alone needs to know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.queues import (
    ContactForm,
    ExceptionalDay,
    FormField,
    OtherWay,
    Override,
    QueueStateV1,
    Span,
    WhenClosed,
    Words,
)

OFFICE_HOURS = (*((Span(opens="09:00", closes="17:00"),) for _ in range(5)), (), ())
DEFAULT_FORM = ContactForm(
    title={"en": "Leave us a message", "es": "Déjenos un mensaje", "de": "Hinterlassen Sie uns eine Nachricht"},
    fields=(
        FormField(id="name", kind="name", label={"en": "Your name", "es": "Su nombre", "de": "Ihr Name"}),
        FormField(id="email", kind="email", label={"en": "Email", "es": "Correo electrónico", "de": "E-Mail"}),
        FormField(id="phone", kind="phone", label={"en": "Phone", "es": "Teléfono", "de": "Telefon"}),
        FormField(
            id="message", kind="text", label={"en": "Message", "es": "Mensaje", "de": "Nachricht"}, required=True
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class QueueDraft:
    """All that a person sets of a queue."""

    name: str
    time_zone: str
    connection_ids: tuple[str, ...] = ()
    hours: tuple[tuple[Span, ...], ...] = OFFICE_HOURS
    exceptions: tuple[ExceptionalDay, ...] = ()
    when_closed: WhenClosed = "form"
    offline: Words | None = None
    other_ways: tuple[OtherWay, ...] = ()
    form: ContactForm = DEFAULT_FORM
    members: tuple[str, ...] = ()
    lead: str | None = None
    escalate_after_seconds: int = 120
    colleagues_asked: int = 2


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it is kept."""

    state: QueueStateV1
    escalate_after_seconds: int
    """After so long a step of the escalation follows the one before, while nobody has looked."""
    colleagues_asked: int
    """How many members are asked by themselves, before the lead is."""
    created_at: datetime

    @property
    def id(self) -> str:
        return self.state.id

    @property
    def rev(self) -> int:
        return self.state.rev

    @property
    def draft(self) -> QueueDraft:
        """Return what a person sets of it."""
        state = self.state
        return QueueDraft(
            name=state.name,
            time_zone=state.time_zone,
            connection_ids=state.connection_ids,
            hours=state.hours,
            exceptions=state.exceptions,
            when_closed=state.when_closed,
            offline=state.offline,
            other_ways=state.other_ways,
            form=state.form,
            members=state.members,
            lead=state.lead,
            escalate_after_seconds=self.escalate_after_seconds,
            colleagues_asked=self.colleagues_asked,
        )


def new_queue(id_: str, workspace_id: str, form_key: str, draft: QueueDraft, now: datetime) -> Queue:
    """Make a queue; nobody has heard of it yet."""
    state = QueueStateV1(
        id=id_,
        time=now,
        workspace_id=workspace_id,
        rev=1,
        form_key=form_key,
        **_told(draft),
    )
    return Queue(state, draft.escalate_after_seconds, draft.colleagues_asked, now)


def unknown_queue(id_: str, workspace_id: str, now: datetime) -> Queue:
    """Stand in for a queue that nobody knows: its forms have no members, so every admin is their lead."""
    state = QueueStateV1(
        id=id_, time=now, workspace_id=workspace_id, rev=1, name=id_, active=False, time_zone="UTC",
        hours=((),) * len(OFFICE_HOURS), form_key="",
    )  # fmt: skip
    return Queue(state, QueueDraft(id_, "UTC").escalate_after_seconds, 0, now)


def with_draft(queue: Queue, draft: QueueDraft, now: datetime) -> Queue:
    """Return the queue as somebody wants it now."""
    state = queue.state.model_copy(update={**_told(draft), "rev": queue.rev + 1, "time": now})
    return Queue(state, draft.escalate_after_seconds, draft.colleagues_asked, queue.created_at)


def with_override(queue: Queue, override: Override | None, now: datetime) -> Queue:
    """Return the queue switched by hand, or left to its hours."""
    state = queue.state.model_copy(update={"override": override, "rev": queue.rev + 1, "time": now})
    return Queue(state, queue.escalate_after_seconds, queue.colleagues_asked, queue.created_at)


def deleted(queue: Queue, now: datetime) -> Queue:
    """Return the queue without its connections. It is kept: its requests stay in the log."""
    state = queue.state.model_copy(
        update={"active": False, "connection_ids": (), "override": None, "rev": queue.rev + 1, "time": now}
    )
    return Queue(state, queue.escalate_after_seconds, queue.colleagues_asked, queue.created_at)


def _told(draft: QueueDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "connection_ids": draft.connection_ids,
        "time_zone": draft.time_zone,
        "hours": draft.hours,
        "exceptions": draft.exceptions,
        "when_closed": draft.when_closed,
        "offline": draft.offline or {},
        "other_ways": draft.other_ways,
        "form": draft.form,
        "members": draft.members,
        "lead": draft.lead,
    }

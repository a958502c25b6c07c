"""A form that was left, as events. Their ids derive from the caller's, so that twice is once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.ingest.domain.contact_form import Answers
from shared.contracts.chat import ChatRef, DetailsProvidedV1, FormLeftV1, Sender
from shared.contracts.queues import ContactFormReceivedV1, FormVia, QueueStateV1

FormEvents = tuple[ContactFormReceivedV1 | FormLeftV1 | DetailsProvidedV1, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """Where, when and how a form was left. `id` is that of the event which left it."""

    id: str
    time: datetime
    workspace_id: str
    chat: ChatRef
    via: FormVia
    language: str | None
    while_closed: bool
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """Answers that nobody can read on the way."""

    answers: str
    lookups: tuple[str, ...]


class Seal(Protocol):
    """Seals answers for one form."""

    def __call__(self, workspace_id: str, form_id: str, answers: Answers) -> Sealed: ...


def form_id_of(left_id: str) -> str:
    """Return the id of the form, from that of the news that one was left."""
    return f"{left_id}/form"


def form_events(left: Left, queue: QueueStateV1, answers: Answers, seal: Seal) -> FormEvents:
    """Make the events of a form: itself, sealed; that one was left; and what it claims of the person."""
    form_id = form_id_of(left.id)
    sealed = seal(left.workspace_id, form_id, answers)
    common: dict[str, Any] = {
        "time": left.time,
        "workspace_id": left.workspace_id,
        "chat": left.chat,
        "address": left.address,
    }
    sender = Sender(name=answers.name, language=left.language)
    form = ContactFormReceivedV1(
        **common,
        id=form_id,
        queue_id=queue.id,
        via=left.via,
        language=left.language,
        fields=queue.form.fields,
        choices=dict(answers.choices),
        sealed_answers=sealed.answers,
        lookups=sealed.lookups,
        while_closed=left.while_closed,
    )
    told = FormLeftV1(**common, id=left.id, form_id=form_id, queue_id=queue.id, sender=sender)
    if not answers.details:
        return (form, told)
    details = DetailsProvidedV1(**common, id=f"{left.id}/details", details=answers.details, how="form", sender=sender)
    return (form, told, details)

"""Contact requests: what is kept of a form that was left, and how it is found again. Contents stay sealed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.chat import Channel
from shared.contracts.ids import request_id
from shared.contracts.queues import ContactFormReceivedV1, FormVia, Words

CountsAs = Literal["open", "done"]
Kind = Literal["received", "viewed", "read_in_answers", "seen", "taken", "given", "status", "comment", "escalated"]
NEW, IN_PROGRESS = "new", "in_progress"
_MOST_TERMS = 200


@dataclass(frozen=True, slots=True)
class Status:
    """How far a request is. Own ones that were taken away keep their label, for the requests that still have them."""

    id: str
    label: Words
    counts_as: CountsAs
    built_in: bool = False
    removed: bool = False


BUILT_IN: Sequence[Status] = (
    Status("new", {"en": "New", "es": "Nuevo", "de": "Neu"}, "open", built_in=True),
    Status("in_progress", {"en": "In progress", "es": "En curso", "de": "In Arbeit"}, "open", built_in=True),
    Status("waiting", {"en": "Waiting", "es": "En espera", "de": "Wartet"}, "open", built_in=True),
    Status("done", {"en": "Done", "es": "Hecho", "de": "Erledigt"}, "done", built_in=True),
)


@dataclass(frozen=True, slots=True)
class Comment:
    """The newest words of an agent about a request, sealed."""

    at: datetime
    by: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Request:
    """An entry of the log. `rev` counts what people decide (status, handler), `told` everything that is told of it."""

    id: str
    workspace_id: str
    n: int
    queue_id: str
    form_id: str
    at: datetime
    channel: Channel
    connection_id: str
    contact_id: str
    chat_contact_id: str
    via: FormVia
    language: str | None
    while_closed: bool
    status: str = NEW
    handler: str | None = None
    seen_at: datetime | None = None
    """When somebody first acknowledged it, whichever way."""
    seen_by: str | None = None
    first_viewed_at: datetime | None = None
    viewers: tuple[str, ...] = ()
    taken_at: datetime | None = None
    done_at: datetime | None = None
    last_comment: Comment | None = None
    comments: int = 0
    escalation: Mapping[str, Any] | None = None
    rev: int = 1
    told: int = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a form says: its questions as they were asked, and the answers, sealed but for what was chosen."""

    fields: Sequence[Mapping[str, Any]]
    choices: Mapping[str, Sequence[str]]
    sealed_answers: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a request's history. `what` holds ids and marks; words are sealed."""

    request_id: str
    kind: Kind
    at: datetime
    by: str | None
    what: Mapping[str, Any]
    sealed: str | None = None


def new_request(form: ContactFormReceivedV1, n: int) -> Request:
    """Make the log's entry of a form."""
    return Request(
        id=request_id(form.workspace_id, form.id),
        workspace_id=form.workspace_id,
        n=n,
        queue_id=form.queue_id,
        form_id=form.id,
        at=form.time,
        channel=form.chat.channel,
        connection_id=form.chat.connection_id,
        contact_id=form.chat.contact_id,
        chat_contact_id=form.chat_contact_id,
        via=form.via,
        language=form.language,
        while_closed=form.while_closed,
    )


def terms_of(form: ContactFormReceivedV1, n: int) -> list[str]:
    """Return what a request is found by: its number, its chat, what was chosen, hashes of an email and a phone."""
    chosen = {
        text
        for field in form.fields
        for choice in field.choices
        if choice.id in form.choices.get(field.id, ())
        for label in choice.label.values()
        for text in (label, *label.split())
    }
    found = [
        f"n:{n}",
        f"id:{request_id(form.workspace_id, form.id)}",
        f"chat:{form.chat.contact_id.casefold()}",
        f"id:{form.chat_contact_id}",
        *form.lookups,
        *sorted(_chosen(text) for text in chosen),
    ]
    return list(dict.fromkeys(found))[:_MOST_TERMS]


def terms_to_find(search: str, lookups: Iterable[str]) -> list[str]:
    """Return the terms that a search may mean. `lookups` are the hashes, should it be an email or a phone."""
    text = search.strip()
    number = text.removeprefix("#")
    found = [f"id:{text}", f"chat:{text.casefold()}", _chosen(text), *lookups]
    if number.isascii() and number.isdigit():
        found.append(f"n:{int(number)}")
    return found


def _chosen(text: str) -> str:
    return f"c:{text.casefold()}"


def in_language(words: Mapping[str, str], language: str | None) -> str:
    """Return a text in a language, or in the nearest there is: the same without its region, else the first."""
    wanted = (language or "").lower()
    for tag in (wanted, wanted.split("-")[0]):
        if tag in words:
            return words[tag]
    return next(iter(words.values()), "")

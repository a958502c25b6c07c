"""What a page must know of a change to read again what it shows: ids and marks, nothing personal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.event import Event
from shared.contracts.people import ChatContactStateV1, ClientStateV1

Kind = Literal["client", "chat-contact", "queue", "request", "alert", "banner"]
FIRST_REV = 1


@dataclass(frozen=True, slots=True)
class Change:
    """Something is not any more what it was; of an alert or a banner: somebody is to look."""

    kind: Kind
    id: str
    """Of an alert or a banner that of the request."""
    client_id: str | None
    """The client's own id; of a chat contact the client it belongs to."""
    registered: bool
    rev: int
    created: bool
    """Whether this is the first that is told of it."""
    queue_id: str | None = None
    """Then it is for the members of this queue, and for those who see all queues; None: for everybody."""
    to: tuple[str, ...] | None = None
    """Then it is for these users alone."""


def about_request(id_: str, rev: int, queue_id: str) -> Change:
    """Tell of a contact request, to those who see its queue."""
    return Change("request", id_, None, registered=False, rev=rev, created=rev == FIRST_REV, queue_id=queue_id)


def about_queue(id_: str, rev: int) -> Change:
    """Tell everybody of a queue."""
    return Change("queue", id_, None, registered=False, rev=rev, created=rev == FIRST_REV)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A change and its number: per workspace, without holes, in the order in which they were committed."""

    n: int
    change: Change


def _change(event: Event) -> Change | None:
    match event:
        case ClientStateV1():
            return Change("client", event.id, event.id, event.registered, event.rev, event.rev == FIRST_REV)
        case ChatContactStateV1():
            created = event.rev == FIRST_REV
            return Change("chat-contact", event.id, event.client_id, event.registered, event.rev, created)
        case _:
            return None


def fold(events: Iterable[Event]) -> dict[str, Sequence[Change]]:
    """Return the newest change of each thing, by workspace, in the order in which they came."""
    found: dict[str, dict[tuple[Kind, str], Change]] = {}
    for event in events:
        change = _change(event)
        if change is None:
            continue
        changes = found.setdefault(event.workspace_id, {})
        place = (change.kind, change.id)
        earlier = changes.pop(place, None)
        changes[place] = _newer(earlier, change) if earlier else change
    return {workspace_id: list(changes.values()) for workspace_id, changes in found.items()}


def _newer(one: Change, other: Change) -> Change:
    newest = max(one, other, key=lambda change: change.rev)
    return Change(
        newest.kind,
        newest.id,
        newest.client_id,
        newest.registered,
        newest.rev,
        one.created or other.created,
    )

"""Between what the domain thinks in and what MongoDB keeps."""

from collections.abc import Callable
from dataclasses import MISSING, asdict, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple

from services.identity.domain.facets import words_of
from services.identity.domain.people import ChatContact, Evidence, Link, Mark, Told
from shared.storage.mongo import Document


def _bare(moment: datetime) -> datetime:
    """Leave out the time zone, which is UTC: the driver reads and writes bare times several times as quickly."""
    return datetime.combine(moment, moment.time())  # a quarter of what `replace` takes


def _utc(moment: datetime) -> datetime:
    return datetime.combine(moment, moment.time(), UTC)


def _told_to(told: Told | None) -> Document | None:
    return None if told is None else {"value": told.value, "at": told.at, "event_id": told.event_id}


def _told_from(found: Document | None) -> Told | None:
    return None if found is None else Told(found["value"], found["at"], found["event_id"])


def _mark_to(mark: Mark | None) -> Document | None:
    if mark is None:
        return None
    return {"id": mark.id, "at": _bare(mark.at), "text": mark.text, "told_at": mark.told_at, "told_by": mark.told_by}


def _mark_from(found: Document | None) -> Mark | None:
    if found is None:
        return None
    return Mark(found["id"], _utc(found["at"]), found["text"], found["told_at"], found["told_by"])


def _link_from(found: Document | None) -> Link | None:
    return None if found is None else Link(found["how"], found["strength"], found["value"], _utc(found["at"]))


def _evidence_from(found: Document) -> Evidence:
    return Evidence(
        event_id=found["event_id"],
        kind=found["kind"],
        value=found["value"],
        strength=found["strength"],
        how=found["how"],
        at=_utc(found["at"]),
    )


def _link_to(link: Link | None) -> Document | None:
    return None if link is None else {**asdict(link), "at": _bare(link.at)}


def _evidence_to(evidence: tuple[Evidence, ...]) -> list[Document]:
    return [{**asdict(one), "at": _bare(one.at)} for one in evidence]


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any field's value
    return value


def _moment_to(moment: datetime | None) -> datetime | None:
    return None if moment is None else _bare(moment)


def _moment_from(moment: datetime | None) -> datetime | None:
    return None if moment is None else _utc(moment)


class _Field(NamedTuple):
    """One field of a chat contact, how it is called in its document, and its ways there and back."""

    name: str
    stored: str
    to: Callable[[Any], Any]
    back: Callable[[Any], Any]
    default: Any


_OTHERWISE: dict[str, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "id": ("_id", _as_it_is, _as_it_is),
    "told_name": ("name", _told_to, _told_from),
    "told_username": ("username", _told_to, _told_from),
    "told_language": ("language", _told_to, _told_from),
    "told_address": ("address", _told_to, _told_from),
    "created_at": ("created_at", _moment_to, _moment_from),
    "changed_at": ("changed_at", _moment_to, _moment_from),
    "parted_at": ("parted_at", _moment_to, _moment_from),
    "blocked_at": ("blocked_at", _moment_to, _moment_from),
    "link": ("link", _link_to, _link_from),
    "evidence": ("evidence", _evidence_to, lambda found: tuple(map(_evidence_from, found))),
    "first_message": ("first_message", _mark_to, _mark_from),
    "last_message": ("last_message", _mark_to, _mark_from),
}
"""Fields whose documents differ from them; the others are kept as they are."""

_ALWAYS = ("proactive", "reactive")
"""Written whatever they are, and missed where they are not: nobody may be written to because a field was left out."""

_FIELDS = tuple(
    _Field(
        field.name,
        *_OTHERWISE.get(field.name, (field.name, _as_it_is, _as_it_is)),
        MISSING if field.name in _ALWAYS else field.default,
    )
    for field in fields(ChatContact)
)
_BY_STORED = {field.stored: field for field in _FIELDS}


def chat_contact_to(contact: ChatContact) -> Document:
    """Write a chat contact; its times are bare, as `ChatContacts` reads them. What is as by default is left out.

    `visitor`, `newest` and `words` are what lists are walked by (store/migrate.py).
    """
    document: Document = {}
    for name, stored, to, _, default in _FIELDS:
        value = getattr(contact, name)
        if value != default:
            document[stored] = to(value)
    document["visitor"] = contact.is_visitor
    document["newest"] = _bare(contact.newest)
    document["words"] = words_of(contact)
    return document


def chat_contact_from(found: Document) -> ChatContact:
    """Read a chat contact back. Fields that are not there are as by default: the class has those."""
    contact = object.__new__(ChatContact)
    held = contact.__dict__
    for stored, value in found.items():
        field = _BY_STORED.get(stored)
        if field is not None and value is not None:
            held[field.name] = field.back(value)
    for name in _ALWAYS:
        held[name] = found[name]
    return contact


def chat_contact_changes(before: ChatContact, after: ChatContact) -> Document:
    """Return the update that makes one document into the other."""
    there: Document = {}
    gone: Document = {}
    for name, stored, to, _, default in _FIELDS:
        value = getattr(after, name)
        was = getattr(before, name)
        if value is was or value == was:
            continue
        if value == default:
            gone[stored] = ""
        else:
            there[stored] = to(value)
    if before.is_visitor != after.is_visitor:
        there["visitor"] = after.is_visitor
    if before.newest != after.newest:
        there["newest"] = _bare(after.newest)
    if before.name != after.name:
        there["words"] = words_of(after)
    return {"$set": there, "$unset": gone} if gone else {"$set": there}

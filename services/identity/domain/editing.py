"""What a user may change of a chat contact by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from services.identity.domain.people import ChatContact

Editable = Literal["name", "language", "external_code", "proactive", "reactive"]
_FIELDS: dict[Editable, str] = {
    "name": "set_name",
    "language": "set_language",
    "external_code": "external_code",
    "proactive": "proactive",
    "reactive": "reactive",
}
EDITABLE: tuple[Editable, ...] = tuple(_FIELDS)
SWITCHES: frozenset[Editable] = frozenset({"proactive", "reactive"})


def edited(contact: ChatContact, edit: Mapping[Editable, str | bool | None], now: datetime) -> ChatContact:
    """Apply an edit; the same object comes back where it changes nothing.

    None clears: a name or language then is again what the channel says.
    """
    news: dict[str, Any] = {_FIELDS[field]: value for field, value in edit.items()}
    after = replace(contact, **news)
    if after == contact:
        return contact
    after = after.changed(now)
    if (after.proactive, after.reactive) != (contact.proactive, contact.reactive):
        after = replace(after, switches_rev=after.rev)
    return after

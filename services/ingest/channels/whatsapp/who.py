"""Who wrote on WhatsApp: one chat contact, whether the phone shows or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.ingest.channels.meta.envelope import at_seconds
from services.ingest.channels.whatsapp.updates import Contact
from services.ingest.domain.given import read_card_phone
from services.ingest.domain.known_by import KnownBy
from shared.contracts.chat import Sender

_E164 = re.compile(r"[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Person:
    """A sender. `contact_id` is the business-scoped user id wherever it is given: it stays when the phone comes."""

    contact_id: str
    sender: Sender
    phone: str | None
    """E.164; WhatsApp vouches for it."""
    user_id: str | None
    wa_id: str
    """Digits as WhatsApp writes them, which is how it takes them, too; empty where the number does not show."""

    def known_by(self, seconds: int, *, wrote: bool = True) -> KnownBy:
        """Return their ids, as they were told at a moment."""
        return KnownBy(at_seconds(seconds), self.user_id, self.wa_id or None, wrote=wrote)


def person(user_id: str | None, phone: str | None, contacts: Sequence[Contact] = ()) -> Person | None:
    """Find out who it is; None where neither id nor phone is told."""
    contact = _contact(user_id, phone, contacts)
    if contact is not None:
        user_id, phone = user_id or contact.user_id, phone or contact.wa_id
    number = digits(phone)
    contact_id = user_id or number
    if not contact_id:
        return None
    profile = contact.profile if contact is not None else None
    sender = Sender(name=profile.name or None, username=profile.username or None) if profile else Sender()
    return Person(contact_id, sender, vouched(number), user_id or None, number)


def _contact(user_id: str | None, phone: str | None, contacts: Sequence[Contact]) -> Contact | None:
    """Find the sender's own entry. The only one is theirs, but where its ids are somebody else's."""
    for contact in contacts:
        if (user_id and contact.user_id == user_id) or (phone and contact.wa_id == phone):
            return contact
    if len(contacts) != 1:
        return None
    (only,) = contacts
    differs = user_id and only.user_id
    return None if differs else only


def digits(phone: str | None) -> str:
    """Return a phone's digits; empty where there are none."""
    return "".join(one for one in phone or "" if one in "0123456789")


@lru_cache(maxsize=8192)
def vouched(number: str) -> str | None:
    """Return a number of WhatsApp's own in E.164. It exists, even where our tables do not know its range yet.

    Whoever writes once mostly writes again soon, and to read a number takes half of what a whole message does.
    """
    if not _E164.fullmatch(number):
        return None
    return read_card_phone(number) or f"+{number}"

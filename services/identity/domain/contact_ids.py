"""What a contact id looks like on each channel, and the one way in which it is kept.

A contact id never changes, and the person's own messages must meet it: so it is written as the channel itself would.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

import phonenumbers

from shared.contracts.chat import Channel

MAX_CHARACTERS = 128
_TELEGRAM = re.compile(r"-?[1-9][0-9]{0,18}\Z")
_WHATSAPP_USER = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+\Z")


class BadContactIdError(ValueError):
    """This is no contact id of that channel; the message says what one looks like."""


def contact_id_of(channel: Channel, text: str) -> str:
    """Return a contact id as it is kept. Raises `BadContactIdError`."""
    text = text.strip()
    if not text:
        raise BadContactIdError("this is mandatory: give the person's id on the channel")
    if len(text) > MAX_CHARACTERS:
        raise BadContactIdError(f"this is too long: at most {MAX_CHARACTERS} characters")
    return _CHANNELS.get(channel, _any)(text)


def _telegram(text: str) -> str:
    if not _TELEGRAM.match(text):
        raise BadContactIdError("a Telegram contact id is a whole number, such as 123456789: digits alone")
    return text


def _whatsapp(text: str) -> str:
    """Return a business-scoped user id as it is, a phone by its digits: that is how WhatsApp names its senders."""
    if _WHATSAPP_USER.match(text):
        return text
    wrong = BadContactIdError(
        "a WhatsApp contact id is a phone with its country code, such as +47 912 34 567, or a user id, such as NO.1A2b"
    )
    try:
        number = phonenumbers.parse(f"+{text.lstrip('+')}", None)
    except phonenumbers.NumberParseException:
        raise wrong from None
    if not re.fullmatch(r"\+?[\d\s().\-]+", text, re.ASCII) or not phonenumbers.is_valid_number(number):
        raise wrong
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


def _any(text: str) -> str:
    if "/" in text or any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise BadContactIdError("this has a slash or a control character; leave it out")
    return text


_CHANNELS: Mapping[Channel, Callable[[str], str]] = {"telegram": _telegram, "whatsapp": _whatsapp}

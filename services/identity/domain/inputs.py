"""Texts as people and programs write them, checked and brought into the one form in which they are kept."""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

EMAIL_CHARACTERS = 254
REMEMBERED = 10_000
"""Values that were read lately: a file has the same ones again and again."""
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*\Z", re.ASCII)


def plain(text: str) -> str:
    """Refuse what no name or code has. Joiners and marks of direction are part of how people write, and stay."""
    if text.isascii() and text.isprintable():
        return text  # most are, and an import reads millions
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("this has control characters; leave them out")
    return text


def email_of(text: str) -> str:
    """Return an email address in lower case. Raises `ValueError` with what is wrong.

    The local part of most is plain, and domains come again and again: then the library is asked of the domain alone.
    """
    local, at, domain = text.partition("@")
    try:
        if at and len(text) <= EMAIL_CHARACTERS and text.isascii() and _LOCAL_PART.match(local):
            return f"{local.lower()}@{_domain_of(domain)}"
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValueError(f"this is no email address: {error}") from error


@lru_cache(REMEMBERED)
def _domain_of(domain: str) -> str:
    return validate_email(f"a@{domain}", check_deliverability=False).normalized.lower().removeprefix("a@")


@lru_cache(REMEMBERED)
def phone_of(text: str, country: str | None = None) -> str:
    """Return a phone in E.164. Raises `ValueError` with what is wrong.

    `country` is whose number it is where it does not say so itself (ISO 3166, two letters).
    """
    written = f"+{text[2:]}" if text.startswith("00") else text
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as error:
        raise ValueError("give the phone with its country code, such as +47 912 34 567") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("there is no such phone number; check its country code and length")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=256), AfterValidator(plain)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(email_of)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(phone_of)]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]

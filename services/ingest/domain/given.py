"""What a person typed or shared, read as a phone or an email; None where it is neither."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_BRAZIL, _BRAZIL_WITHOUT_9 = "55", 12
_MEXICO_MOBILE, _MEXICO_WITH_1 = "521", 13
MAX_TYPED = 320
"""Nobody's phone or email is longer: longer texts are not even looked at."""


def read_phone(text: str, region: str | None = None) -> str | None:
    """Return a phone in E.164. Without a country code it needs a region, such as `NO`."""
    if len(text) > MAX_TYPED:
        return None
    try:
        number = phonenumbers.parse(text.strip(), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_card_phone(text: str) -> str | None:
    """Return a phone of a channel's own in E.164: channels give it with its country code, often without the plus."""
    digits = text.strip().lstrip("+")
    return read_phone(f"+{digits}") or read_phone(f"+{_as_dialled(digits)}")


def _as_dialled(digits: str) -> str:
    """Return a number as it is dialled today. WhatsApp's ids keep how two countries once wrote their mobiles.

    Brazil's may lack the ninth digit, a 9 after the area code, and Mexico's have a 1 after the country's code.
    """
    if digits.startswith(_BRAZIL) and len(digits) == _BRAZIL_WITHOUT_9:
        return f"{digits[:4]}9{digits[4:]}"
    if digits.startswith(_MEXICO_MOBILE) and len(digits) == _MEXICO_WITH_1:
        return f"52{digits[3:]}"
    return digits


def read_email(text: str) -> str | None:
    """Return an email in lower case, as it is compared; nothing is asked of the network."""
    if len(text) > MAX_TYPED or "@" not in text:
        return None
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower()

"""What a person typed or shared, read as a phone or an email; None where it is neither."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

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
    """Return a contact card's phone in E.164: channels give it with its country code, often without the plus."""
    digits = text.strip().lstrip("+")
    return read_phone(f"+{digits}")


def read_email(text: str) -> str | None:
    """Return an email in lower case, as it is compared; nothing is asked of the network."""
    if len(text) > MAX_TYPED or "@" not in text:
        return None
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower()

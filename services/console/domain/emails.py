"""An email has one form here: it is what people sign in with, and unique."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


class BadEmailError(ValueError):
    """Not an email; the message is a sentence for the field."""


def normalise(given: str) -> str:
    """Return an email's one form: normalised, in lower case. Raises `BadEmailError`.

    Whether the domain is there is not asked: that would need the network, and change its mind.
    """
    try:
        found = validate_email(given.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadEmailError(str(error)) from error
    return found.normalized.lower()

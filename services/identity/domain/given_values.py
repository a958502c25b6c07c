"""Values of a file's cells that are not checked elsewhere (inputs.py), in the form in which they are kept.

Each raises `ValueError` with what is wrong and what to do.
"""

import re
from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers

from services.identity.domain.inputs import REMEMBERED, plain

LABEL_CHARACTERS = 256
LANGUAGE_CHARACTERS = 35
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*\Z")


def label_of(text: str) -> str:
    """Return a name, a code or the like: not too long, and without what no name has."""
    if len(text) > LABEL_CHARACTERS:
        raise ValueError(f"this is longer than {LABEL_CHARACTERS} characters; shorten it")
    return plain(text)


@lru_cache(REMEMBERED)
def language_of(text: str) -> str:
    """Return a BCP 47 tag, such as `de` or `pt-BR`."""
    if not _LANGUAGE.match(text) or len(text) > LANGUAGE_CHARACTERS:
        raise ValueError("give a language's code, such as de, en or pt-BR")
    first, *rest = text.replace("_", "-").split("-")
    return "-".join((first.lower(), *rest))


@lru_cache(REMEMBERED)
def time_zone_of(text: str) -> str:
    """Return an IANA name of a time zone."""
    found = _time_zones().get(text.replace(" ", "_").casefold())
    if found is None:
        raise ValueError("give a time zone's name, such as Europe/Berlin")
    return found


@lru_cache(1)
def _time_zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}


@lru_cache(REMEMBERED)
def country_of(text: str) -> str:
    """Return a country's code of two letters."""
    code = text.upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("give a country's code of two letters, such as DE, ES or NO")
    return code

"""What an admin defines for all profiles of a workspace: additional fields, and subscription categories."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.identity.domain.facets import folded
from services.identity.domain.profile import FieldValue

FieldType = Literal["text", "number", "date", "yes_no", "one_of", "several_of"]
FIELDS_KEPT = 100
"""Of one workspace; more would fill a profile, and a line of an import."""
CHOICES_KEPT = 100
CATEGORIES_KEPT = 50
TEXT_CHARACTERS = 1_000
NAME_CHARACTERS = 100
KEY_PATTERN = r"^[a-z][a-z0-9_]{0,47}$"
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_YES = frozenset({"true", "yes", "1"})
_NO = frozenset({"false", "no", "0"})


class BadValueError(ValueError):
    """A value that its field does not take; says what it would."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that a field offers. Values hold its id, so that a new label is one write."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class AdditionalField:
    """A field of the workspace's own. Its key, by which programs name it, and its type never change."""

    id: str
    workspace_id: str
    key: str
    name: str
    type: FieldType
    order: int
    created_at: datetime
    choices: tuple[Choice, ...] = ()
    retired: bool = False
    """Kept where it is filled in, and offered nowhere."""
    rev: int = 1

    @property
    def has_choices(self) -> bool:
        return self.type in {"one_of", "several_of"}


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of message that people may want or not. `by_default` holds for whoever chose nothing."""

    id: str
    workspace_id: str
    name: str
    description: str
    by_default: bool
    created_at: datetime
    rev: int = 1

    @property
    def key(self) -> str:
        """What makes the name unique."""
        return folded(" ".join(self.name.split()))


def key_from(name: str) -> str:
    """Make a key out of a name: `Shoe size` becomes `shoe_size`. A name in another script gives `field`."""
    bare = _NOT_IN_KEYS.sub("_", folded(name)).strip("_")[:40].rstrip("_")
    return bare if re.match(KEY_PATTERN, bare) else f"field_{bare}".rstrip("_")


def read_value(field: AdditionalField, given: object) -> FieldValue | None:
    """Read what somebody gave for a field; None where it is empty. Raises `BadValueError`.

    Texts are taken for numbers, dates and yes or no, too: that is how files have them. A choice is named by its id or
    by its label.
    """
    if given is None or given in ("", [], ()):
        return None
    return _READERS[field.type](field, given)


def _text(_field: AdditionalField, given: object) -> FieldValue | None:
    if not isinstance(given, str):
        raise BadValueError("this field takes text")
    text = given.strip()
    if len(text) > TEXT_CHARACTERS:
        raise BadValueError(f"at most {TEXT_CHARACTERS:,} characters")
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\n\t" for one in text):
        raise BadValueError("this has control characters; leave them out")
    return text or None


def _number(_field: AdditionalField, given: object) -> FieldValue:
    try:
        if isinstance(given, bool) or not isinstance(given, (int, float, str)):
            raise BadValueError("this field takes a number, such as 42 or 4.5")
        found = float(given)
    except (ValueError, OverflowError):
        raise BadValueError("this field takes a number, such as 42 or 4.5") from None
    if not math.isfinite(found):
        raise BadValueError("this field takes a number, such as 42 or 4.5")
    return found


def _date(_field: AdditionalField, given: object) -> FieldValue:
    try:
        if not isinstance(given, str):
            raise BadValueError("this field takes a date, such as 2026-11-28")
        return date.fromisoformat(given.strip()).isoformat()
    except ValueError:
        raise BadValueError("this field takes a date, such as 2026-11-28") from None


def _yes_no(_field: AdditionalField, given: object) -> FieldValue:
    word = str(given).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValueError("this field takes true or false")


def _one_of(field: AdditionalField, given: object) -> FieldValue:
    return _choice(field, given).id


def _several_of(field: AdditionalField, given: object) -> FieldValue:
    wanted: list[object] = list(given) if isinstance(given, (list, tuple)) else [given]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    chosen = {_choice(field, one).id for one in wanted}
    return tuple(choice.id for choice in field.choices if choice.id in chosen)


def _choice(field: AdditionalField, given: object) -> Choice:
    if isinstance(given, str):
        by_id = next((choice for choice in field.choices if choice.id == given), None)
        word = folded(given.strip())
        found = by_id or next((choice for choice in field.choices if folded(choice.label) == word), None)
        if found is not None:
            return found
    offered = ", ".join(f"{choice.id} ({choice.label})" for choice in field.choices[:10])
    raise BadValueError(f"this field takes one of its choices: {offered}")


_READERS: Mapping[FieldType, Callable[[AdditionalField, object], FieldValue | None]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "yes_no": _yes_no,
    "one_of": _one_of,
    "several_of": _several_of,
}


def still_valid(field: AdditionalField, value: FieldValue) -> FieldValue | None:
    """Return a stored value as far as its field still knows it: choices that were taken away are left out."""
    if not field.has_choices:
        return value
    there = {choice.id for choice in field.choices}
    if isinstance(value, tuple):
        return tuple(one for one in value if one in there) or None
    return value if value in there else None

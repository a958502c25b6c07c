"""From a row of a file to what it says of a person, or to what is wrong with it; a person's rows are put together."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from services.identity.domain.csv_columns import FIELD
from services.identity.domain.csv_file import Record
from services.identity.domain.definitions import AdditionalField, read_value
from services.identity.domain.facets import folded
from services.identity.domain.given_values import (
    country_of,
    label_of,
    language_of,
    time_zone_of,
)
from services.identity.domain.inputs import email_of, phone_of
from services.identity.domain.profile import FieldValue
from services.identity.domain.tags import TAG_CHARACTERS, TAGS_OF_ONE, tag_key
from shared.contracts.chat import Channel

DedupeOn = Literal["email", "phone", "contact_key"]
Existing = Literal["update", "fill", "skip"]
"""What becomes of a client that is there: what the file says replaces, only fills what is empty, or nothing at all."""

_BETWEEN_TAGS = re.compile(r"[,;|]")
_SOURCES: Mapping[str, Channel] = {
    **{channel: channel for channel in get_args(Channel)},
    "facebook messenger": "messenger",
    "facebook": "messenger",
    "website": "widget",
    "web": "widget",
    "chat": "widget",
    "website chat": "widget",
}
Check = Callable[[str], FieldValue]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: which column is what, and how people are found again."""

    columns: tuple[tuple[int, str], ...]
    """A column's place, and what it is (csv_columns.py)."""
    headers: tuple[str, ...]
    dedupe_on: DedupeOn
    existing: Existing = "update"
    phone_country: str | None = None
    """Whose numbers those are that do not say it."""
    tags: tuple[str, ...] = ()
    """Ids of tags that everybody in the file gets."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, and what to do about it. The values themselves are not kept: the file has them."""

    row: int
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What one row, or several of one person, say. What a row leaves empty is not among the values."""

    rows: tuple[int, ...]
    values: Mapping[str, str]
    tags: tuple[str, ...] = ()
    """By their names."""
    fields: Mapping[str, FieldValue] = field(default_factory=dict[str, FieldValue])


def source_of(text: str) -> Channel:
    """Return the channel that is meant."""
    found = _SOURCES.get(folded(text))
    if found is None:
        raise ValueError(f"this is no channel of Kith's; use one of {', '.join(get_args(Channel))}")
    return found


def tags_of(text: str) -> tuple[str, ...]:
    """Return names of tags, told apart by commas, semicolons or bars."""
    names = [" ".join(name.split()) for name in _BETWEEN_TAGS.split(text)]
    found = {tag_key(name): label_of(name) for name in names if name}
    if any(len(name) > TAG_CHARACTERS for name in found.values()):
        raise ValueError(f"a tag has at most {TAG_CHARACTERS} characters; shorten it")
    if len(found) > TAGS_OF_ONE:
        raise ValueError(f"a person has at most {TAGS_OF_ONE} tags; leave some out")
    return tuple(found.values())


def check_of(field: AdditionalField) -> Check:
    """Return how an additional field reads a cell; several choices are told apart as tags are."""

    def check(text: str) -> FieldValue:
        given = [one.strip() for one in _BETWEEN_TAGS.split(text)] if field.type == "several_of" else text
        value = read_value(field, given)
        if value is None:
            raise ValueError("this is empty")
        return value

    return check


class Reader:
    """Reads rows by a plan. `checks` are those of additional fields, by the field's id."""

    def __init__(self, plan: Plan, checks: Mapping[str, Check] | None = None) -> None:
        self._plan = plan
        readers: dict[str, Callable[[str], Any]] = {
            "email": email_of,
            "phone": lambda text: phone_of(text, plan.phone_country),
            "source": source_of,
            "language": language_of,
            "time_zone": time_zone_of,
            "country": country_of,
        }
        self._columns = [
            (place, target, readers.get(target, label_of))
            for place, target in plan.columns
            if target != "tags" and not target.startswith(FIELD)
        ]
        self._tags = [place for place, target in plan.columns if target == "tags"]
        self._fields = [
            (place, id_, (checks or {}).get(id_, label_of))
            for place, target in plan.columns
            if target.startswith(FIELD) and (id_ := target.removeprefix(FIELD))
        ]

    def read(self, record: Record) -> Wish | list[Fault]:
        """Read one row; all that is wrong with it at once."""
        cells, plan = record.cells, self._plan
        if len(cells) > len(plan.headers) and any(cells[len(plan.headers) :]):
            return [
                Fault(
                    record.number,
                    None,
                    f"this row has {len(cells)} cells where the file has {len(plan.headers)} columns; "
                    "put a value that has the delimiter in it into quotation marks",
                )
            ]
        values: dict[str, str] = {}
        faults: list[Fault] = []
        width = len(cells)
        for place, target, read in self._columns:
            text = cells[place] if place < width else ""
            if text:
                try:
                    values[target] = read(text)
                except ValueError as error:
                    faults.append(Fault(record.number, plan.headers[place], str(error)))
        tags = self._read_tags(record, faults) if self._tags else ()
        fields = self._read_fields(record, faults) if self._fields else {}
        if not faults and plan.dedupe_on not in values:
            faults.append(self._without_key(record.number))
        return faults or Wish((record.number,), values, tags, fields)

    def _read_tags(self, record: Record, faults: list[Fault]) -> tuple[str, ...]:
        found: tuple[str, ...] = ()
        for place in self._tags:
            if place < len(record.cells) and record.cells[place]:
                try:
                    found += tags_of(record.cells[place])
                except ValueError as error:
                    faults.append(Fault(record.number, self._plan.headers[place], str(error)))
        return found

    def _read_fields(self, record: Record, faults: list[Fault]) -> dict[str, FieldValue]:
        found: dict[str, FieldValue] = {}
        for place, id_, check in self._fields:
            if place < len(record.cells) and record.cells[place]:
                try:
                    found[id_] = check(record.cells[place])
                except ValueError as error:
                    faults.append(Fault(record.number, self._plan.headers[place], str(error)))
        return found

    def _without_key(self, row: int) -> Fault:
        key = self._plan.dedupe_on
        column = next((self._plan.headers[place] for place, target in self._plan.columns if target == key), None)
        return Fault(row, column, f"this is empty, and people are found again by their {KEY_WORDS[key]}; fill it in")


KEY_WORDS: Mapping[DedupeOn, str] = {"email": "email", "phone": "phone", "contact_key": "contact key"}


def fold_rows(wishes: Iterable[Wish], dedupe_on: DedupeOn) -> list[Wish]:
    """Put rows of one person together, in the order of the first: what a later row gives replaces an earlier one's."""
    found: dict[str, Wish] = {}
    for wish in wishes:
        key = wish.values[dedupe_on]
        there = found.get(key)
        found[key] = wish if there is None else _both(there, wish)
    return list(found.values())


def _both(first: Wish, later: Wish) -> Wish:
    tags = {tag_key(name): name for name in (*first.tags, *later.tags)}
    return Wish(
        (*first.rows, *later.rows),
        {**first.values, **later.values},
        tuple(tags.values()),
        {**first.fields, **later.fields},
    )


def one_of_each_key(wishes: Sequence[Wish]) -> tuple[list[Wish], list[Fault]]:
    """Leave out people whose contact key another person of the same rows has already."""
    seen: dict[str, int] = {}
    kept: list[Wish] = []
    faults: list[Fault] = []
    for wish in wishes:
        key = wish.values.get("contact_key")
        if key is not None and key in seen:
            faults += [Fault(row, None, key_is_of_row(seen[key])) for row in wish.rows]
            continue
        if key is not None:
            seen[key] = wish.rows[0]
        kept.append(wish)
    return kept, faults


def key_is_of_row(row: int) -> str:
    """Say that a contact key comes twice in a file, for two people."""
    return f"the person of row {row} has the same contact key; a contact key belongs to one person"

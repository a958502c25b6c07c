"""Lists by keyset: a page begins after the last row of the one before, never at a count."""

import base64
import binascii
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING

from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document


class BadCursorError(ValueError):
    """Not a cursor of this list."""


@dataclass(frozen=True, slots=True)
class Sort:
    """The field that orders a list. Rows with equal values are ordered by id."""

    field: str
    descending: bool

    @classmethod
    def of(cls, text: str) -> "Sort":
        """Read `name` or `-name`."""
        return cls(text.removeprefix("-"), text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and where the next ones begin."""

    rows: list[Document]
    next_cursor: str | None
    total: int


def _write(sort: Sort, row: Document) -> str:
    value = row[sort.field]
    moment = value.isoformat() if isinstance(value, datetime) else None
    place = [sort.field, sort.descending, moment or value, moment is not None, row["_id"]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read(sort: Sort, cursor: str) -> tuple[str | datetime, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        field, descending, value, is_moment, id_ = place
        if (field, descending) != (sort.field, sort.descending) or not isinstance(id_, str):
            raise BadCursorError
        return (datetime.fromisoformat(value) if is_moment else str(value)), id_
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadCursorError from error


def _after(sort: Sort, cursor: str) -> Document:
    value, id_ = _read(sort, cursor)
    further = "$lt" if sort.descending else "$gt"
    return {"$or": [{sort.field: {further: value}}, {sort.field: value, "_id": {further: id_}}]}


def containing(fields: Sequence[str], search: str) -> Document:
    """Return a filter for rows of which one field contains a text, in whatever case."""
    pattern = re.compile(re.escape(search), re.IGNORECASE)
    return {"$or": [{field: {"$regex": pattern}} for field in fields]}


async def read_page(rows: Collection, wanted: Document, *, sort: Sort, limit: int, cursor: str | None) -> Page:
    """Read one page. Raises `BadCursorError`, and MongoDB's own error where a list takes too long."""
    parts: list[Any] = [wanted, _after(sort, cursor)] if cursor else [wanted]
    direction = DESCENDING if sort.descending else ASCENDING
    found = (
        await rows.find({"$and": parts})
        .sort([(sort.field, direction), ("_id", direction)])
        .limit(limit + 1)
        .max_time_ms(QUERY_MILLISECONDS)
        .to_list(limit + 1)
    )
    total = await rows.count_documents(wanted, maxTimeMS=QUERY_MILLISECONDS)
    more = len(found) > limit
    return Page(found[:limit], _write(sort, found[limit - 1]) if more else None, total)

"""Where a list goes on: an opaque text that says which list it belongs to, and the place of its last row."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.identity.domain.millis import from_millis

Place = tuple[Any, ...]


class BadCursorError(ValueError):
    """A cursor that is none, or that belongs to another list, search or filter."""


def encode_cursor(of: Sequence[object], place: Place) -> str:
    """Write a cursor. `of` is all that makes this list what it is: its name, search and filters."""
    return base64.urlsafe_b64encode(json.dumps([_mark_of(of), *place]).encode()).decode().rstrip("=")


def decode_cursor(of: Sequence[object], text: str, shape: Sequence[type]) -> Place:
    """Read a cursor back. `shape` says the types of its place."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError) as error:
        raise BadCursorError("this is no cursor; take `next_cursor` of a page as it stands") from error
    match found:
        case [mark, *place] if mark == _mark_of(of) and [type(part) for part in place] == list(shape):
            return tuple(place)
        case _:
            raise BadCursorError("this cursor belongs to another list, search or filter; begin without one")


def _mark_of(of: Sequence[object]) -> str:
    return hashlib.blake2b(json.dumps([str(part) for part in of]).encode(), digest_size=6).hexdigest()


def moment_of(millis: int) -> datetime:
    """Return the time in a cursor. Raises `BadCursorError` for one that no calendar has."""
    try:
        return from_millis(millis)
    except OverflowError as error:
        raise BadCursorError("this is no cursor; take `next_cursor` of a page as it stands") from error

"""Cursors of keyset pages: where the last page ended, opaque to callers."""

import base64
import json
from datetime import datetime
from typing import Any

from shared.web.problems import ProblemError, invalid


def write_cursor(*values: str | float | datetime | None) -> str:
    """Return a cursor that holds these values."""
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Return a cursor's values, each of its kind. Raises a problem for anything that `write_cursor` did not write."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(one["t"]) if isinstance(one, dict) else one for one in plain]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _bad() from None
    if len(values) != len(kinds) or not all(isinstance(v, k) for v, k in zip(values, kinds, strict=True)):
        raise _bad()
    return values


def _bad() -> ProblemError:
    return invalid("cursor", "this is not a cursor that Kith gave; begin again without one")

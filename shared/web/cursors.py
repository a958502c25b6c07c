"""Cursors of keyset pages: where the last page ended, opaque to callers."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

from shared.web.problems import ProblemError, invalid

_INT64 = 2**63


def write_cursor(*values: str | float | datetime | None) -> str:
    """Return a cursor that holds these values."""
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """Return a cursor's values, each of its kind. Raises a problem for anything that `write_cursor` did not write."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [_value(one) for one in plain]
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        raise _bad() from None
    if len(values) != len(kinds) or not all(isinstance(v, k) for v, k in zip(values, kinds, strict=True)):
        raise _bad()
    return values


def _value(one: Any) -> Any:  # noqa: ANN401 - whatever somebody wrote into a cursor
    """Return what the database can compare with. Raises for what it cannot even be asked."""
    if isinstance(one, dict):
        return datetime.fromisoformat(one["t"]).astimezone(UTC)
    if isinstance(one, str):
        one.encode()  # a lone surrogate is no text
    elif isinstance(one, int) and not -_INT64 <= one < _INT64:
        raise ValueError("above 64 bits")
    return one


def _bad() -> ProblemError:
    return invalid("cursor", "this is not a cursor that Kith gave; begin again without one")

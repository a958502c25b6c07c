"""What the answers of an adapter mean. Pure; docs/decisions/0059 says why each is what it is."""

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast, get_args

from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent, Unknown
from shared.contracts.sending import FailureReason

WAIT_WHEN_NOT_TOLD = 5.0
"""Seconds, where a 429 names none."""
LONGEST_WAIT = 3600.0
MOST_ID_CHARACTERS = 256
_REASONS = frozenset(get_args(FailureReason)) - {"not_permitted", "gave_up", "connection_refused"}
"""What an adapter may say of a refusal; the others are ours to say."""
_NOT_TAKEN = frozenset({500, 503})
"""An adapter's own words with one of these: it failed to. Others of 5xx come from gateways, which cannot know."""
_NO_ANSWER = frozenset({408, 425, 499})


def outcome_of(status: int, body: bytes, row_id: str, retry_after: str | None = None) -> Outcome:
    """Read an answer to the delivery of a row: its status, its body, and its `Retry-After` header."""
    told = _told(body)
    if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own numbers
        return Sent(_message_id(told) or row_id)
    if status == 429:  # noqa: PLR2004 - HTTP's own number
        return Limited(_seconds(retry_after) or WAIT_WHEN_NOT_TOLD)
    words = _words(told, status)
    if told is not None and status in _NOT_TAKEN:
        return Faulty(words)
    if status >= 500 or status in _NO_ANSWER:  # noqa: PLR2004 - HTTP's own number
        return Unknown(words)
    return _refused(status, told, words)


def _refused(status: int, told: dict[str, Any] | None, words: str) -> Failed:
    if status == 401:  # noqa: PLR2004 - HTTP's own number
        return Failed("connection_refused", f"{words}: the adapter did not take our signature; give it the secret")
    if status < 400:  # noqa: PLR2004 - HTTP's own number
        return Failed("connection_refused", f"{words}: redirects are not followed; set deliver_url to the last address")
    reason = told.get("reason") if told is not None else None
    known = isinstance(reason, str) and reason in _REASONS
    return Failed(cast("FailureReason", reason) if known else "rejected", words)


def _told(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _message_id(told: dict[str, Any] | None) -> str | None:
    """Return the adapter's own id of the message, if it gave one that receipts can name."""
    found = told.get("message_id") if told is not None else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not found.isprintable() or found != found.strip():
        return None
    return found if 0 < len(found) <= MOST_ID_CHARACTERS else None


def _words(told: dict[str, Any] | None, status: int) -> str:
    """Return what the adapter said of it, or the status alone."""
    for name in ("detail", "error", "message"):
        said = told.get(name) if told is not None else None
        if isinstance(said, str) and said:
            return f"HTTP {status}: {said.encode(errors='replace').decode()[:200]}"
    return f"HTTP {status}"


def _seconds(value: str | None) -> float | None:
    """Read a `Retry-After`: seconds, or a date."""
    if value is None:
        return None
    try:
        found = float(value)
    except ValueError:
        try:
            found = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(found, LONGEST_WAIT) if math.isfinite(found) and found > 0 else None

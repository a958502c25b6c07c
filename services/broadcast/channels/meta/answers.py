"""What the answers of Meta's Graph API mean to a sender. Pure; docs/decisions/0052 says why each is what it is."""

import json
import math
from collections.abc import Mapping
from typing import Any

from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent, Unknown
from shared.contracts.sending import FailureReason

WAIT_WHEN_NOT_TOLD = 5.0
"""Seconds, where a 429 names none."""
_WAITS: Mapping[int, float] = {130429: 5.0, 80007: 30.0, 4: 30.0, 17: 30.0, 32: 30.0, 613: 30.0, 131048: 300.0}
"""Seconds, where Meta names none: its windows are a second for messages, an hour for an app, and longer for spam."""
_PAIR_RATE, _PAIR_WAIT = 131056, 6.0
"""One message in six seconds between two numbers, once a burst is used up: nobody else has to wait for that."""
_REASONS: Mapping[int, FailureReason] = {
    131047: "outside_window",
    131050: "opted_out",
    131026: "undeliverable",  # no WhatsApp, an old one, terms not accepted, or blocked: it does not say which
    131049: "undeliverable",  # Meta's own cap on marketing
    551: "undeliverable",  # unavailable: blocked or gone, it does not say which
    3: "connection_refused",
    10: "connection_refused",
    102: "connection_refused",
    190: "connection_refused",
    368: "connection_refused",  # restricted for policy
    131005: "connection_refused",  # access denied
    131031: "connection_refused",  # account locked
    131042: "connection_refused",  # payment
    131045: "connection_refused",  # number not registered
    133010: "connection_refused",  # the same
}
_SUBCODES: Mapping[int, FailureReason] = {
    2018278: "outside_window",
    2534022: "outside_window",
    1545041: "undeliverable",
    2018001: "no_such_chat",
}
_NO_SUCH_ACCOUNT = (100, 33)
_PERMISSIONS = range(200, 300)
_NOT_SENT = frozenset({2, 1200, 131000, 131016, 133004})
"""Meta's own faults of which it says that nothing was sent."""


def outcome_of(status: int, body: bytes, retry_after: str | None = None) -> Outcome:
    """Read an answer: its status, its body, and its `Retry-After` header."""
    answer = _object(body)
    error = answer.get("error") if answer is not None else None
    if isinstance(error, dict):
        return _refused(status, error, retry_after)
    if answer is not None and status == 200:  # noqa: PLR2004 - HTTP's own number
        number = _message_id(answer)
        return Sent(number) if number else Unknown("Meta took it without saying which message it made")
    return _not_metas(status, retry_after)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _message_id(answer: dict[str, Any]) -> str | None:
    """Find the new message's id: WhatsApp lists it, the others name it."""
    messages = answer.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    number = first.get("id") if isinstance(first, dict) else answer.get("message_id")
    return number if isinstance(number, str) else None


def _refused(status: int, error: dict[str, Any], retry_after: str | None) -> Outcome:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    words = _words(error, code, subcode)
    if code == _PAIR_RATE:
        return Limited(_seconds(retry_after) or _PAIR_WAIT, chat_alone=True)
    if code in _WAITS or status == 429:  # noqa: PLR2004 - HTTP's own number
        return Limited(_seconds(retry_after) or _WAITS.get(code, WAIT_WHEN_NOT_TOLD))
    reason = _SUBCODES.get(subcode) or _REASONS.get(code)
    if reason is None and (code in _PERMISSIONS or (code, subcode) == _NO_SUCH_ACCOUNT or "appsecret_proof" in words):
        reason = "connection_refused"
    if reason is not None:
        return Failed(reason, words)
    if code in _NOT_SENT:
        return Faulty(words)
    if status >= 500 or code == 1:  # noqa: PLR2004 - HTTP's own number
        return Unknown(words)
    return Faulty(words) if error.get("is_transient") is True else Failed("rejected", words)


def _words(error: dict[str, Any], code: int, subcode: int) -> str:
    data = error.get("error_data")
    said = data.get("details") if isinstance(data, dict) else None
    number = f"{code}/{subcode}" if subcode else str(code)
    return f"{number}: {said or error.get('error_user_msg') or error.get('message') or 'no reason was given'}"


def _not_metas(status: int, retry_after: str | None) -> Outcome:
    """Judge an answer that something between us and Meta gave, or something that is not Meta at all."""
    if status == 429:  # noqa: PLR2004 - HTTP's own number
        return Limited(_seconds(retry_after) or WAIT_WHEN_NOT_TOLD)
    if 300 <= status < 500 and status not in {408, 425, 499}:  # noqa: PLR2004 - HTTP's own numbers
        return Failed("connection_refused", f"HTTP {status}, and not in Meta's form: check KITH_META_API and any proxy")
    return Unknown(f"HTTP {status}, and not in Meta's form")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _seconds(value: object) -> float | None:
    try:
        found = float(value)  # pyright: ignore[reportArgumentType] - anything may stand there
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and found > 0 else None

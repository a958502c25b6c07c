"""What ingest's answers mean. Pure; docs/decisions/0056 says why none of them is `unknown`."""

import json
from typing import Any

from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent

WAIT_WHEN_NOT_TOLD = 5.0
"""Seconds, where a 429 names none."""
_PROBLEM = "urn:kith:problem:"


def outcome_of(status: int, body: bytes, retry_after: str | None = None) -> Outcome:
    """Read an answer: its status, its body, and its `Retry-After` header."""
    answer = _json(body)
    words = str(answer.get("detail") or f"HTTP {status}")
    if status == 200 and isinstance(answer.get("message_id"), str):  # noqa: PLR2004 - HTTP's own number
        return Sent(answer["message_id"])
    if status == 429:  # noqa: PLR2004 - HTTP's own number
        return Limited(_seconds(retry_after))
    if 300 <= status < 500:  # noqa: PLR2004 - HTTP's own numbers
        return _refused(status, str(answer.get("type", "")).removeprefix(_PROBLEM), words)
    return Faulty(words)


def _refused(status: int, slug: str, words: str) -> Outcome:
    if slug == "no-such-chat":
        return Failed("no_such_chat", words)
    if status in {413, 422}:
        return Failed("rejected", words)
    if slug in {"no-such-site", "not-genuine"}:
        return Failed("connection_refused", words)
    return Failed("connection_refused", f"{words}; this is not ingest's answer: check KITH_INGEST_URL")


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(told: str | None) -> float:
    return float(told) if told is not None and told.isascii() and told.isdigit() else WAIT_WHEN_NOT_TOLD

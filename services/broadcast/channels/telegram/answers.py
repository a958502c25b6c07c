"""What Telegram's answers mean. Pure; docs/decisions/0030 says why each is what it is."""

import json
import math
from typing import Any

from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent, Unknown

WAIT_WHEN_NOT_TOLD = 5.0
"""Seconds, where a 429 names none."""
_MAY_HAVE_BEEN_SENT = ("restart", "request aborted", "immediately deleted")
"""Words of a 500 that Telegram's server gives to sends whose end it did not see (`Client::on_closed` and
`Client::delete_message` of tdlib/telegram-bot-api)."""
_GATEWAY = frozenset({502, 504})
"""A gateway that got no answer cannot know what became of the request."""
_NO_SUCH_CHAT = ("chat not found", "user not found", "peer_id_invalid")
_BLOCKED = ("blocked by the user", "bot was kicked")


def outcome_of(status: int, body: bytes, retry_after: str | None = None, acknowledged_as: str | None = None) -> Outcome:
    """Read an answer: its status, its body, and its `Retry-After` header.

    `acknowledged_as` stands in the place of a message's id where `true` is all that Telegram says.
    """
    answer = _telegrams(body)
    if answer is None:
        return _not_telegrams(status, retry_after)
    if answer["ok"] is True:
        return Sent(acknowledged_as) if acknowledged_as and answer.get("result") is True else _sent(answer)
    code = answer.get("error_code")
    code = code if isinstance(code, int) else status
    words = str(answer.get("description") or f"HTTP {status}")
    if code == 429:  # noqa: PLR2004 - HTTP's own number
        parameters = answer.get("parameters")
        told = parameters.get("retry_after") if isinstance(parameters, dict) else None
        return Limited(_seconds(told) or _seconds(retry_after) or WAIT_WHEN_NOT_TOLD)
    if code >= 500:  # noqa: PLR2004 - HTTP's own number
        unsure = code in _GATEWAY or any(sign in words.lower() for sign in _MAY_HAVE_BEEN_SENT)
        return Unknown(words) if unsure else Faulty(words)
    return _refused(code, words)


def _telegrams(body: bytes) -> dict[str, Any] | None:
    """Return the body where it has the form of Telegram's answers."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and isinstance(found.get("ok"), bool) else None


def _sent(answer: dict[str, Any]) -> Outcome:
    result = answer.get("result")
    number = result.get("message_id") if isinstance(result, dict) else None
    if number is None:
        return Unknown("Telegram said ok without saying which message it made")
    return Sent(str(number))


def _refused(code: int, words: str) -> Outcome:
    lower = words.lower()
    if code in {401, 404}:
        return Failed("connection_refused", words)
    if code == 403:  # noqa: PLR2004 - HTTP's own number
        if any(sign in lower for sign in _BLOCKED):
            return Failed("blocked", words)
        if "deactivated" in lower:
            return Failed("deactivated", words)
    if any(sign in lower for sign in _NO_SUCH_CHAT):
        return Failed("no_such_chat", words)
    return Failed("rejected", words)


def _not_telegrams(status: int, retry_after: str | None) -> Outcome:
    """Judge an answer that something between us and Telegram gave, or something that is not Telegram at all."""
    if status == 429:  # noqa: PLR2004 - HTTP's own number
        return Limited(_seconds(retry_after) or WAIT_WHEN_NOT_TOLD)
    if 300 <= status < 500 and status not in {408, 425, 499}:  # noqa: PLR2004 - HTTP's own numbers
        return Failed(
            "connection_refused", f"HTTP {status}, and not in Telegram's form: check KITH_TELEGRAM_API and any proxy"
        )
    return Unknown(f"HTTP {status}, and not in Telegram's form")


def _seconds(value: object) -> float | None:
    try:
        found = float(value)  # pyright: ignore[reportArgumentType] - anything may stand there
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) and found > 0 else None

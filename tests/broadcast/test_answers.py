"""What each of Telegram's answers means."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.broadcast.channels.telegram.answers import WAIT_WHEN_NOT_TOLD, outcome_of
from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent, Unknown


def _refusal(code: int, words: str, **parameters: Any) -> bytes:
    return json.dumps({"ok": False, "error_code": code, "description": words, "parameters": parameters}).encode()


_BLOCKED = "Forbidden: bot was blocked by the user"
_BAD_BUTTON = "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"ok":true,"result":{"message_id":77}}', Sent("77")),
        (200, b'{"ok":true,"result":true}', Unknown("Telegram said ok without saying which message it made")),
        (200, b"<html>", Unknown("HTTP 200, and not in Telegram's form")),
        (429, _refusal(429, "Too Many Requests: retry after 7", retry_after=7), Limited(7.0)),
        (429, _refusal(429, "Too Many Requests"), Limited(WAIT_WHEN_NOT_TOLD)),
        (429, b"slow down", Limited(WAIT_WHEN_NOT_TOLD)),
        (403, _refusal(403, _BLOCKED), Failed("blocked", _BLOCKED)),
        (403, _refusal(403, "Forbidden: user is deactivated"), Failed("deactivated", "Forbidden: user is deactivated")),
        (403, _refusal(403, "Forbidden: bots can't write"), Failed("rejected", "Forbidden: bots can't write")),
        (400, _refusal(400, "Bad Request: chat not found"), Failed("no_such_chat", "Bad Request: chat not found")),
        (400, _refusal(400, "Bad Request: PEER_ID_INVALID"), Failed("no_such_chat", "Bad Request: PEER_ID_INVALID")),
        (400, _refusal(400, _BAD_BUTTON), Failed("rejected", _BAD_BUTTON)),
        (401, _refusal(401, "Unauthorized"), Failed("connection_refused", "Unauthorized")),
        (404, _refusal(404, "Not Found"), Failed("connection_refused", "Not Found")),
        (500, _refusal(500, "Internal Server Error"), Faulty("Internal Server Error")),
        (503, _refusal(503, "Service Unavailable"), Faulty("Service Unavailable")),
        (500, _refusal(500, "Internal Server Error: restart"), Unknown("Internal Server Error: restart")),
        (502, _refusal(502, "Bad Gateway"), Unknown("Bad Gateway")),
        (504, _refusal(504, "Gateway Timeout"), Unknown("Gateway Timeout")),
        (502, b"<html>Bad Gateway</html>", Unknown("HTTP 502, and not in Telegram's form")),
        (500, b"", Unknown("HTTP 500, and not in Telegram's form")),
        (408, b"", Unknown("HTTP 408, and not in Telegram's form")),
    ],
)  # fmt: skip
def test_an_answer_means_what_it_says(status: int, body: bytes, outcome: Outcome) -> None:
    assert outcome_of(status, body) == outcome


@pytest.mark.parametrize("status", [302, 403, 404, 407, 413])
def test_a_refusal_that_is_not_telegrams_names_the_setting(status: int) -> None:
    found = outcome_of(status, b"<html>no</html>")

    assert isinstance(found, Failed)
    assert found.reason == "connection_refused"
    assert "KITH_TELEGRAM_API" in (found.detail or "")


def test_the_header_tells_the_wait_where_the_body_does_not() -> None:
    assert outcome_of(429, b"", "12") == Limited(12.0)


@given(st.integers(200, 599), st.binary(max_size=200), st.none() | st.text(max_size=10))
def test_no_answer_is_too_strange(status: int, body: bytes, retry_after: str | None) -> None:
    outcome_of(status, body, retry_after)


_ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.integers(200, 599),
    st.fixed_dictionaries(
        {"ok": st.booleans()},
        optional={"result": _ANY_JSON, "error_code": _ANY_JSON, "description": _ANY_JSON, "parameters": _ANY_JSON},
    ),
)
def test_no_json_is_too_strange(status: int, answer: dict[str, Any]) -> None:
    outcome_of(status, json.dumps(answer).encode())

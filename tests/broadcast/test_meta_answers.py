"""What each answer of Meta's Graph API means to a sender."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.broadcast.channels.meta.answers import WAIT_WHEN_NOT_TOLD, outcome_of
from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Outcome, Sent, Unknown


def _error(code: int, subcode: int | None = None, **more: Any) -> bytes:
    found: dict[str, Any] = {"message": "no", "type": "OAuthException", "code": code, "fbtrace_id": "A"} | more
    if subcode is not None:
        found["error_subcode"] = subcode
    return json.dumps({"error": found}).encode()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.1"}]}', Sent("wamid.1")),
        (200, b'{"recipient_id":"55","message_id":"m_1"}', Sent("m_1")),
        (200, b'{"messages":[]}', Unknown("Meta took it without saying which message it made")),
        (200, b"<html>", Unknown("HTTP 200, and not in Meta's form")),
        (400, _error(131047), Failed("outside_window", "131047: no")),
        (400, _error(131047, error_data={"details": "24 hours"}), Failed("outside_window", "131047: 24 hours")),
        (400, _error(10, 2018278), Failed("outside_window", "10/2018278: no")),
        (400, _error(10, 2534022), Failed("outside_window", "10/2534022: no")),
        (400, _error(131050), Failed("opted_out", "131050: no")),
        (400, _error(131026), Failed("undeliverable", "131026: no")),
        (400, _error(131049), Failed("undeliverable", "131049: no")),
        (400, _error(551), Failed("undeliverable", "551: no")),
        (400, _error(10900, 1545041), Failed("undeliverable", "10900/1545041: no")),
        (400, _error(100, 2018001), Failed("no_such_chat", "100/2018001: no")),
        (400, _error(100, 33), Failed("connection_refused", "100/33: no")),
        (401, _error(190, 463), Failed("connection_refused", "190/463: no")),
        (403, _error(10), Failed("connection_refused", "10: no")),
        (403, _error(200), Failed("connection_refused", "200: no")),
        (400, _error(100, message="appsecret_proof!"), Failed("connection_refused", "100: appsecret_proof!")),
        (400, _error(100), Failed("rejected", "100: no")),
        (400, _error(131062), Failed("rejected", "131062: no")),
        (404, _error(132001), Failed("rejected", "132001: no")),
        (400, _error(131056), Limited(6.0, chat_alone=True)),
        (429, _error(130429), Limited(5.0)),
        (400, _error(131048), Limited(300.0)),
        (400, _error(4), Limited(30.0)),
        (400, _error(613), Limited(30.0)),
        (429, _error(99), Limited(WAIT_WHEN_NOT_TOLD)),
        (429, b"slow down", Limited(WAIT_WHEN_NOT_TOLD)),
        (500, _error(2), Faulty("2: no")),
        (400, _error(1200), Faulty("1200: no")),
        (500, _error(131000), Faulty("131000: no")),
        (503, _error(131016), Faulty("131016: no")),
        (400, _error(7777, is_transient=True), Faulty("7777: no")),
        (500, _error(1), Unknown("1: no")),
        (500, _error(7777), Unknown("7777: no")),
        (502, b"<html>Bad Gateway</html>", Unknown("HTTP 502, and not in Meta's form")),
        (500, b"", Unknown("HTTP 500, and not in Meta's form")),
        (408, b"", Unknown("HTTP 408, and not in Meta's form")),
    ],
)  # fmt: skip
def test_an_answer_means_what_it_says(status: int, body: bytes, outcome: Outcome) -> None:
    assert outcome_of(status, body) == outcome


@pytest.mark.parametrize("status", [302, 403, 404, 407, 413])
def test_a_refusal_that_is_not_metas_names_the_setting(status: int) -> None:
    found = outcome_of(status, b"<html>no</html>")
    assert isinstance(found, Failed)
    assert found.reason == "connection_refused"
    assert "KITH_META_API" in (found.detail or "")


def test_the_header_tells_the_wait_where_there_is_one() -> None:
    assert outcome_of(429, b"", "12") == Limited(12.0)
    assert outcome_of(400, _error(131048), "12") == Limited(12.0)


@given(st.integers(200, 599), st.binary(max_size=200), st.none() | st.text(max_size=10))
def test_no_answer_is_too_strange(status: int, body: bytes, retry_after: str | None) -> None:
    outcome_of(status, body, retry_after)


fields = st.sampled_from(["code", "error_subcode", "message", "error_data"])
junk = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.integers(200, 599), st.dictionaries(fields, junk))
def test_no_error_is_too_strange(status: int, error: dict[str, Any]) -> None:
    outcome_of(status, json.dumps({"error": error}).encode())

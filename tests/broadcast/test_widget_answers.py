"""What ingest's answers to a message for a visitor mean. That the two understand each other: tests/ingest."""

import json

import pytest

from services.broadcast.channels.widget.answers import WAIT_WHEN_NOT_TOLD, outcome_of
from services.broadcast.domain.outcomes import Failed, Faulty, Limited, Sent


def problem(slug: str) -> bytes:
    return json.dumps({"type": f"urn:kith:problem:{slug}", "detail": "words"}).encode()


def test_taken() -> None:
    assert outcome_of(200, b'{"message_id": "dv_1.4"}') == Sent("dv_1.4")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, problem("no-such-chat"), "no_such_chat"),
        (404, problem("no-such-site"), "connection_refused"),
        (401, problem("not-genuine"), "connection_refused"),
        (422, problem("invalid"), "rejected"),
        (413, problem("too-large"), "rejected"),
        (404, b"<html>", "connection_refused"),
        (302, b"", "connection_refused"),
    ],
)
def test_refused_for_good(status: int, body: bytes, reason: str) -> None:
    found = outcome_of(status, body)
    assert isinstance(found, Failed)
    assert found.reason == reason


@pytest.mark.parametrize("status", [500, 502, 503, 504, 200])
def test_whatever_may_pass_is_asked_again(status: int) -> None:
    assert isinstance(outcome_of(status, b"{}"), Faulty)


def test_when_it_is_too_much() -> None:
    assert outcome_of(429, problem("too-many"), "7") == Limited(7.0)
    assert outcome_of(429, b"", "soon") == Limited(WAIT_WHEN_NOT_TOLD)

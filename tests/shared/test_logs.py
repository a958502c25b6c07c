"""What somebody wrote, or who they are, comes out of no log, whichever way it was put in."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ValidationError
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.contracts.chat import Sender
from shared.contracts.people import ChatContactStateV1
from shared.messaging.records import describe
from tests.shared.logbook import a_logbook

CANARIES = ["+4791234567", "canary@example.com", "Ann Canary", "my parcel is canary"]


@dataclass
class Person:
    nickname: str


class Form(BaseModel):
    age: int


VALUES: list[Any] = [
    *({name: canary} for name in ("text", "name", "phone", "email", "value", "token") for canary in CANARIES[:1]),
    {"found": {"name": "Ann Canary"}},
    {"found": {"deep": [{"email": "canary@example.com"}]}},
    {"found": ({"phone": "+4791234567"},)},
    {"found": Person("Ann Canary")},
    {"found": Sender(name="Ann Canary")},
    {"found": [Sender(name="Ann Canary")]},
    {"found": ValueError("canary@example.com")},
    {"found": b"canary"},
    {"found": {"name": {"my parcel is canary"}}},
]


@pytest.mark.parametrize("values", VALUES)
def test_values(monkeypatch: pytest.MonkeyPatch, values: dict[str, Any]) -> None:
    with a_logbook(monkeypatch) as written:
        log = structlog.get_logger()
        log.info("one", **values)
        log.warning("two", event_id="e_1", rows=[1, 2], **values)
        structlog.contextvars.bind_contextvars(**values)
        log.error("three")
        structlog.contextvars.unbind_contextvars(*values)
    check(written.getvalue())
    assert [line["message"] for line in written.lines] == ["one", "two", "three"]
    assert (written.lines[1]["event_id"], written.lines[1]["rows"]) == ("e_1", [1, 2])


def invalid() -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"age": "canary@example.com"})
    return refused.value


ERRORS: list[BaseException] = [
    *map(ValueError, CANARIES),
    KeyError("Ann Canary"),
    DuplicateKeyError("E11000 dup key: { email: 'canary@example.com' }", 11000),
    BulkWriteError({"writeErrors": [{"keyValue": {"phone": "+4791234567"}}]}),
    invalid(),
    ExceptionGroup("canary", [ValueError("Ann Canary")]),
    UnicodeDecodeError("utf-8", b"canary", 0, 1, "canary"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_exceptions_their_causes_and_notes(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    with a_logbook(monkeypatch) as written:
        ours, theirs = structlog.get_logger(), logging.getLogger("a.library")
        try:
            try:
                fail(error)
            except BaseException as cause:
                cause.add_note("canary@example.com")
                raise RuntimeError("Ann Canary") from cause
        except RuntimeError as raised:
            ours.exception("ours")
            ours.error("given", exc_info=raised)
            theirs.exception("theirs\nTraceback: canary")
    check(written.getvalue())
    assert [line["message"] for line in written.lines] == ["ours", "given", "theirs"]
    for line in written.lines:
        assert line["exception"][0]["exc_type"] == "RuntimeError"
        assert line["exception"][1]["exc_type"] == type(error).__name__
        assert line["exception"][0]["frames"]


def test_words_that_help_and_quote_nobody_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_logbook(monkeypatch) as written:
        try:
            fail(ConnectionRefusedError("[Errno 111] 127.0.0.1:9092"))
        except ConnectionRefusedError:
            structlog.get_logger().exception("away")
    assert written.lines[0]["exception"][0]["exc_value"] == "[Errno 111] 127.0.0.1:9092"


async def test_a_lost_task_is_reported_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails() -> None:
        raise ValueError("canary@example.com")

    with a_logbook(monkeypatch) as written:
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        asyncio.get_running_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": task.exception(), "future": task}
        )
    check(written.getvalue())
    assert written.lines[0]["message"] == "Task exception was never retrieved"


def test_a_validation_error_is_described_by_its_places() -> None:
    with pytest.raises(ValidationError) as refused:
        ChatContactStateV1.model_validate({"name": 5, "channel": "canary", "rev": "canary", "created_at": "canary"})
    said = describe(refused.value)
    assert "channel: Input should be 'telegram'" in said
    assert "canary" not in said


def fail(error: BaseException) -> None:
    raise error


def check(written: str) -> None:
    assert "canary" not in written.lower()
    assert "4791234567" not in written

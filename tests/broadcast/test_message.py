"""A message in Telegram's form, and what Telegram would never take."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.broadcast.channels.telegram.message import body, fault
from shared.contracts.chat import ChatRef
from shared.contracts.sending import Button, MessageRequestedV1
from tests.broadcast.rows import a_row


def _message(**more: Any) -> MessageRequestedV1:
    fields: dict[str, Any] = {
        "id": "o1",
        "time": datetime.now(UTC),
        "workspace_id": "w_1",
        "chat": ChatRef(channel="telegram", connection_id="cn_1", contact_id="5551"),
        "text": "hello",
        "origin": "scenario",
        "cause": "cause",
    }
    return MessageRequestedV1(**(fields | more))


def test_a_key_that_shares_the_own_phone() -> None:
    assert body(a_row(ask_contact="Share my phone"))["reply_markup"] == {
        "keyboard": [[{"text": "Share my phone", "request_contact": True}]],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def test_the_keyboard_goes_away() -> None:
    assert body(a_row(remove_keyboard=True))["reply_markup"] == {"remove_keyboard": True}


def test_a_plain_message_has_no_markup() -> None:
    assert body(a_row(chat="-100123")) == {"chat_id": -100123, "text": "hello"}


def test_a_channels_name_stays_a_name() -> None:
    assert body(a_row(chat="@kith"))["chat_id"] == "@kith"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": "x" * 4097}, "4097 characters"),
        ({"text": " \n"}, "empty"),
        ({"buttons": (Button(text="", data="y"),)}, "button 1 has no text"),
        ({"buttons": (Button(text="a", data="y"), Button(text="b", data="é" * 33))}, "button 2"),
        ({"buttons": (Button(text="a", data=""),)}, "button 1"),
    ],
)
def test_what_telegram_would_never_take_is_said_beforehand(more: dict[str, Any], says: str) -> None:
    assert says in (fault(_message(**more)) or "")


def test_the_longest_message_is_taken() -> None:
    assert fault(_message(text="x" * 4096, buttons=(Button(text="a", data="x" * 64),))) is None

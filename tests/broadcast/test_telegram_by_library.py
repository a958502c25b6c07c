"""What is sent to Telegram, in the types of a client library that others wrote: it would send the same."""

import json
from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.request import BaseRequest, RequestData

from services.broadcast.channels.telegram.message import MOST_CHARACTERS, MOST_DATA_BYTES, body
from shared.contracts.sending import Button
from tests.broadcast.rows import a_row

ANSWER = {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 5551, "type": "private"}}}


class Kept(BaseRequest):
    """Keeps what the library would have sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **_times: Any
    ) -> tuple[int, bytes]:
        assert request_data is not None
        assert (url.rsplit("/", 1)[-1], method) == ("sendMessage", "POST")
        self.sent.append(request_data.parameters)
        return 200, json.dumps(ANSWER).encode()


LABEL, DATA = "Ja, gjerne 👍", "d" * MOST_DATA_BYTES
INLINE = InlineKeyboardMarkup(
    [[InlineKeyboardButton(LABEL, callback_data=DATA)], [InlineKeyboardButton("No", callback_data="s:n")]]
)
SHARE = ReplyKeyboardMarkup(
    [[KeyboardButton("Share my phone", request_contact=True)]], one_time_keyboard=True, resize_keyboard=True
)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"text": "hé 👋"}, {}),
        ({"text": "x" * MOST_CHARACTERS}, {}),
        ({"buttons": (Button(text=LABEL, data=DATA), Button(text="No", data="s:n"))}, {"reply_markup": INLINE}),
        ({"ask_contact": "Share my phone"}, {"reply_markup": SHARE}),
        ({"remove_keyboard": True}, {"reply_markup": ReplyKeyboardRemove()}),
    ],
)
async def test_the_library_would_send_the_same(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    row = a_row(**ours)
    kept = Kept()
    await Bot("7:AAA", request=kept, get_updates_request=Kept()).send_message(5551, row.text, **theirs)
    assert kept.sent == [body(row)]


@pytest.mark.parametrize(
    ("ours", "type_"),
    [
        ({"buttons": (Button(text=LABEL, data=DATA),)}, InlineKeyboardMarkup),
        ({"ask_contact": "Share"}, ReplyKeyboardMarkup),
    ],
)
def test_what_hangs_below_a_message_is_read_without_loss(ours: dict[str, Any], type_: type[Any]) -> None:
    markup = body(a_row(**ours))["reply_markup"]
    assert type_.de_json(markup).to_dict() == markup

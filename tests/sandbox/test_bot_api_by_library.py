"""The sandbox's Telegram, used by a client library that others wrote: it takes it for the real one.

python-telegram-bot has its own reading of the documentation, and keeps what it does not know in `api_kwargs`.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot as Client
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.sandbox.conftest import Bot, Hook, Sandbox

CHAT = 5551
DOINGS: list[dict[str, Any]] = [
    {"text": "hello /start now", "person": {"first_name": "Ann", "last_name": "Lee", "username": "annlee"}},
    {"text": "hei", "person": {"first_name": "Ann", "language_code": "nb"}},
    {"contact": {"own": True, "phone": "+4791234567"}},
    {"contact": {"own": False, "phone": "+4991234567890", "name": "Bob"}},
    {"photo": True, "caption": "my parcel"},
    {"document": True, "caption": "see"},
    {"voice": True},
    {"location": True},
    {"edit": {"text": "hello!"}},
    {"block": True},
    {"unblock": True},
]


@pytest.fixture
async def bot(sandbox: Sandbox) -> Bot:
    return sandbox.bot()


@pytest.fixture
async def client(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # its own way from now on; the old one warns
    async with Client(bot.token, base_url=f"{bot.sandbox.address}/telegram/bot") as client:
        yield client


def unknown(found: TelegramObject) -> list[str]:
    """Return what the library does not know, in all that hangs on one of its objects."""
    names = [f"{type(found).__name__}.{name}" for name in found.api_kwargs]
    for name in type(found).__slots__:
        inside = getattr(found, name, None)
        for one in inside if isinstance(inside, tuple | list) else (inside,):
            if isinstance(one, TelegramObject):
                names += unknown(one)
    return names


def keeps(found: Any, raw: Any) -> None:
    """Compare what the library writes with what it read; it adds what is false of most messages."""
    if isinstance(raw, dict):
        assert set(raw) <= set(found)
        assert [value for name, value in found.items() if name not in raw and value is not False] == []
        for name, value in raw.items():
            keeps(found[name], value)
    elif isinstance(raw, list):
        assert len(found) == len(raw)
        for one, other in zip(found, raw, strict=True):
            keeps(one, other)
    else:
        assert found == raw


async def test_it_knows_itself_and_its_name(bot: Bot, client: Client) -> None:
    me = await client.get_me()
    assert (me.id, me.is_bot) == (bot.id, True)
    assert unknown(me) == []

    assert await client.set_my_name("Shop")
    assert (await client.get_my_name()).name == "Shop"


async def test_what_it_sends_is_shown_and_what_it_gets_back_is_a_message(bot: Bot, client: Client) -> None:
    await bot.met()
    await bot.faults(limits=False)
    yes = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="sure:yes")]])
    share = ReplyKeyboardMarkup([[KeyboardButton("Share", request_contact=True)]], one_time_keyboard=True)

    sent = [
        await client.send_message(CHAT, "hé 👋 /start"),
        await client.send_message(CHAT, "Sure?", reply_markup=yes),
        await client.send_message(CHAT, "Your number?", reply_markup=share),
        await client.send_message(CHAT, "<b>Thanks</b>", parse_mode="HTML", reply_markup=ReplyKeyboardRemove()),
    ]

    assert [message.text for message in sent] == ["hé 👋 /start", "Sure?", "Your number?", "Thanks"]
    assert sent[1].reply_markup == yes
    assert [name for message in sent for name in unknown(message)] == []
    assert [message["text"] for message in (await bot.messages())[1:]] == [message.text for message in sent]


async def test_a_press_is_answered(bot: Bot, client: Client) -> None:
    await bot.met()
    yes = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="sure:yes")]])
    sent = await client.send_message(CHAT, "Sure?", reply_markup=yes)
    await bot.says(CHAT, press={"message_id": sent.message_id, "data": "sure:yes"}, wait=0)

    press = (await client.get_updates())[-1].callback_query
    assert press is not None
    assert (press.data, press.from_user.id) == ("sure:yes", CHAT)
    assert unknown(press) == []
    assert await client.answer_callback_query(press.id)
    with pytest.raises(BadRequest, match="Query is too old"):
        await client.answer_callback_query("1")


@pytest.mark.parametrize("way", ["asked for", "delivered"])
async def test_every_update_is_read_without_loss(bot: Bot, client: Client, hook: Hook, way: str) -> None:
    await bot.ok("getMe")
    if way == "delivered":
        assert await client.set_webhook(hook.url, secret_token="s3cret")
        assert (await client.get_webhook_info()).url == hook.url
    for doing in DOINGS:
        await bot.says(CHAT, **doing, wait=0)
    if way == "delivered":
        raw = await hook.received(len(DOINGS))
    else:
        raw = await bot.ok("getUpdates")
        keeps([update.to_dict() for update in await client.get_updates()], raw)

    updates = [Update.de_json(update, client) for update in raw]
    keeps([update.to_dict() for update in updates], raw)
    assert [name for update in updates for name in unknown(update)] == []
    assert [update.effective_chat.id for update in updates if update.effective_chat] == [CHAT] * len(DOINGS)
    messages = [update.message for update in updates if update.message]
    assert messages[2].contact is not None
    assert messages[2].contact.user_id == CHAT
    assert messages[3].contact is not None
    assert messages[3].contact.user_id is None
    members = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
    assert members == ["kicked", "member"]


async def test_getting_updates_beside_a_webhook_is_a_conflict_until_it_is_deleted(client: Client, hook: Hook) -> None:
    await client.set_webhook(hook.url)
    with pytest.raises(Conflict):
        await client.get_updates()
    assert await client.delete_webhook()
    assert await client.get_updates() == ()
    assert (await client.get_webhook_info()).url == ""


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("429", RetryAfter, "0:00:07"),
        ("blocked", Forbidden, "bot was blocked by the user"),
        ("deactivated", Forbidden, "user is deactivated"),
        ("chat_not_found", BadRequest, "Chat not found"),
        ("unauthorized", InvalidToken, "Unauthorized"),
        ("500", NetworkError, "Internal Server Error"),
        ("502", NetworkError, "Bad Gateway"),
        ("reset", NetworkError, "RemoteProtocolError|ReadError"),
    ],
)
async def test_a_refusal_is_the_librarys_own_kind_of_error(
    bot: Bot, client: Client, kind: str, error: type[Exception], words: str
) -> None:
    await bot.met()
    await bot.faults({"kind": kind, "method": "sendMessage", "rate": 1, "retry_after": 7})
    with pytest.raises(error, match=words) as refused:
        await client.send_message(CHAT, "hi")
    assert type(refused.value) is error
    if isinstance(refused.value, RetryAfter):
        assert refused.value.retry_after == timedelta(seconds=7)


async def test_what_is_wrong_with_a_message_is_a_bad_request(bot: Bot, client: Client) -> None:
    await bot.met()
    for chat, text, words in ((CHAT, "", "text is empty"), (CHAT, "x" * 4097, "too long"), (4040, "hi", "not found")):
        with pytest.raises(BadRequest, match=words):
            await client.send_message(chat, text)


async def test_a_token_of_no_bot_is_told_at_the_first_call(sandbox: Sandbox) -> None:
    client = Client("123:short", base_url=f"{sandbox.address}/telegram/bot")
    with pytest.raises(InvalidToken):
        await client.initialize()
    await client.shutdown()

"""The Bot API as its documentation has it: forms in, answers and refusals out."""

from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import Bot, Sandbox


@pytest.fixture
def bot(sandbox: Sandbox) -> Bot:
    return sandbox.bot()


async def test_get_me_names_the_bot_of_the_token(bot: Bot) -> None:
    me = await bot.ok("getMe")

    assert me["id"] == bot.id
    assert me["is_bot"] is True
    assert me["username"].endswith("bot")


async def test_method_names_do_not_tell_cases_apart(bot: Bot) -> None:
    assert (await bot.ok("GETME"))["id"] == bot.id


@pytest.mark.parametrize(("token", "status"), [("nonsense", 404), ("123:short", 401), ("123:" + "x" * 36, 401)])
async def test_a_wrong_token_is_refused_in_telegrams_form(sandbox: Sandbox, token: str, status: int) -> None:
    answer = await sandbox.ask("GET", f"/telegram/bot{token}/getMe")

    assert answer.status == status
    description = {401: "Unauthorized", 404: "Not Found"}[status]
    assert answer.body == {"ok": False, "error_code": status, "description": description}


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    answer = await bot.call("sendTelepathy")

    assert (answer.status, answer.body["description"]) == (404, "Not Found")


async def test_json_forms_multipart_and_the_query_say_the_same(bot: Bot, sandbox: Sandbox) -> None:
    await bot.met()
    path = f"/telegram/bot{bot.token}/sendMessage"
    fields = {"chat_id": "5551", "text": "hé & ø"}
    multipart = aiohttp.FormData(fields)
    multipart.add_field("text", "hé & ø", content_type="text/plain; charset=utf-8")
    ways: list[dict[str, Any]] = [{"json": {**fields, "chat_id": 5551}}, {"data": fields}, {"params": fields}]

    answers = [await sandbox.ask("POST", path, **way) for way in ways[:2]]
    answers.append(await sandbox.ask("GET", path, **ways[2]))

    assert [answer.body["result"]["text"] for answer in answers] == ["hé & ø"] * 3
    await bot.faults(limits=False)
    assert (await sandbox.ask("POST", path, data=multipart)).body["result"]["text"] == "hé & ø"


async def test_a_message_comes_back_as_telegram_writes_it(bot: Bot) -> None:
    await bot.met()

    message = await bot.ok("sendMessage", chat_id=5551, text="Hello /start now")

    assert message["chat"] == {"id": 5551, "first_name": "Person 5551", "type": "private"}
    assert message["from"]["id"] == bot.id
    assert message["message_id"] == 2
    assert isinstance(message["date"], int)
    assert message["entities"] == [{"offset": 6, "length": 6, "type": "bot_command"}]


@pytest.mark.parametrize(
    ("parameters", "status", "description"),
    [
        ({"text": ""}, 400, "Bad Request: message text is empty"),
        ({"text": "   \n"}, 400, "Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, 400, "Bad Request: message is too long"),
        ({"chat_id": 4040}, 400, "Bad Request: chat not found"),
        ({"chat_id": "@nobody"}, 400, "Bad Request: chat not found"),
        ({"chat_id": ""}, 400, "Bad Request: chat_id is empty"),
        ({"parse_mode": "HTML", "text": "<b>x"}, 400, "Bad Request: can't parse entities: Can't find end tag"),
        ({"reply_parameters": {"message_id": 99}}, 400, "Bad Request: message to be replied not found"),
        ({"reply_markup": "{no json"}, 400, "Bad Request: can't parse reply keyboard markup JSON object"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, 400, "Bad Request: can't parse inline keyboard"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
            400,
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_what_telegram_refuses_is_refused_in_its_words(
    bot: Bot, parameters: dict[str, Any], status: int, description: str
) -> None:
    await bot.met()

    answer = await bot.call("sendMessage", **{"chat_id": 5551, "text": "hi", **parameters})

    assert answer.status == status
    assert answer.body["ok"] is False
    assert answer.body["error_code"] == status
    assert description in answer.body["description"]
    assert [message["from"] for message in await bot.messages()] == ["person"]


async def test_the_longest_text_passes_and_markup_does_not_count(bot: Bot) -> None:
    await bot.met()

    message = await bot.ok("sendMessage", chat_id=5551, text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML")

    assert len(message["text"]) == 4096
    assert message["entities"] == [{"offset": 0, "length": 4096, "type": "bold"}]


async def test_a_keyboard_asks_for_the_phone_until_it_is_removed(bot: Bot, sandbox: Sandbox) -> None:
    await bot.met()
    keyboard = {"keyboard": [[{"text": "Share", "request_contact": True}]], "one_time_keyboard": True}
    path = f"/api/telegram/bots/{bot.id}/chats/5551"

    sent = await bot.ok("sendMessage", chat_id=5551, text="Your number?", reply_markup=keyboard)
    shown = (await sandbox.ask("GET", path)).body["keyboard"]
    asked = (await bot.messages())[-1]
    await bot.ok("sendMessage", chat_id=5551, text="Never mind", reply_markup={"remove_keyboard": True})
    after = (await sandbox.ask("GET", path)).body["keyboard"]

    assert "reply_markup" not in sent
    assert shown == [[{"text": "Share", "data": None, "url": None, "request_contact": True}]]
    assert asked["request_contact"] is True
    assert after == []


async def test_the_press_of_a_button_is_answered_once_it_was_made(bot: Bot, sandbox: Sandbox) -> None:
    await bot.met()
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await bot.ok("sendMessage", chat_id=5551, text="Well?", reply_markup=buttons)
    await bot.says(5551, press={"message_id": sent["message_id"], "data": "y"}, wait=0)
    query = (await bot.ok("getUpdates", offset=-1))[-1]["callback_query"]

    assert await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="Noted") is True
    unknown = await bot.call("answerCallbackQuery", callback_query_id="7")

    assert query["data"] == "y"
    assert query["message"]["message_id"] == sent["message_id"]
    assert (await sandbox.ask("GET", f"/api/telegram/bots/{bot.id}/chats/5551")).body["notice"]["text"] == "Noted"
    assert unknown.body["description"].startswith("Bad Request: query is too old")


async def test_a_webhook_is_set_told_of_and_deleted(bot: Bot) -> None:
    url = "http://127.0.0.1:9/hooks/telegram/x"
    answer = await bot.call("setWebhook", url=url, secret_token="s-1", allowed_updates=["message"])
    again = await bot.call("setWebhook", url=url, secret_token="s-1")
    info = await bot.ok("getWebhookInfo")
    conflict = await bot.call("getUpdates")
    deleted = await bot.call("deleteWebhook")

    assert answer.body["description"] == "Webhook was set"
    assert again.body["description"] == "Webhook is already set"
    assert info["url"] == url
    assert info["allowed_updates"] == ["message"]
    assert conflict.status == 409
    assert conflict.body["description"].startswith("Conflict: can't use getUpdates")
    assert deleted.body["description"] == "Webhook was deleted"
    assert (await bot.ok("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"secret_token": "sp ace"}, "secret token contains unallowed characters"),
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "https://example.com/hook"}, "delivers to this machine alone"),
        ({"url": "ftp://127.0.0.1/x"}, "bad webhook"),
        ({"allowed_updates": "message"}, "can't parse allowed updates"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(bot: Bot, parameters: dict[str, Any], words: str) -> None:
    answer = await bot.call("setWebhook", **{"url": "http://127.0.0.1:9/x", **parameters})

    assert answer.status == 400
    assert words in answer.body["description"]


async def test_an_answer_may_name_the_message_it_answers(bot: Bot) -> None:
    await bot.met()

    message = await bot.ok("sendMessage", chat_id=5551, text="To that", reply_parameters={"message_id": 1})

    assert message["reply_to_message"]["text"] == "hi"


async def test_text_that_is_no_utf8_is_refused(bot: Bot, sandbox: Sandbox) -> None:
    await bot.met()

    answer = await sandbox.ask(
        "POST", f"/telegram/bot{bot.token}/sendMessage",
        data=b'{"chat_id": 5551, "text": "\\ud83d"}', headers={"Content-Type": "application/json"},
    )  # fmt: skip

    assert (answer.status, answer.body["description"]) == (400, "Bad Request: strings must be encoded in UTF-8")

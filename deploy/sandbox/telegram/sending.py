"""sendMessage and answerCallbackQuery: what reaches the person."""

from typing import Any

from deploy.sandbox.telegram import entities, errors
from deploy.sandbox.telegram.calls import Call, Result
from deploy.sandbox.telegram.chats import Chat
from deploy.sandbox.telegram.errors import bad_request
from deploy.sandbox.telegram.markup import read_markup
from deploy.sandbox.telegram.parameters import Parameters
from deploy.sandbox.telegram.schema import ChatId

MOST_CHARACTERS = 4096
MOST_NOTICE = 200
PRESS_SECONDS = 15 * 60.0
"""How long the press of a button can be answered."""


def chat_of(parameters: Parameters) -> ChatId | None:
    """Read the chat a call names, where it names one by number."""
    try:
        return ChatId(int(parameters.text("chat_id")))
    except ValueError:
        return None


def send_message(call: Call) -> Result:
    """Text to one chat. Checked in Telegram's order: the text, the chat, its limits, whether it may be written to."""
    text, marks = _text(call.parameters)
    markup = read_markup(call.parameters)
    chat = _chat(call)
    if call.limited:
        wait = call.state.limits.take(call.bot.bot_id, chat.chat_id, call.now)
        if wait is not None:
            raise errors.too_many(wait)
    if chat.blocked:
        raise errors.blocked()
    body: dict[str, Any] = {"text": text, **_reply(call, chat)}
    if marks:
        body["entities"] = marks
    if markup and "inline_keyboard" in markup:
        body["reply_markup"] = markup  # Telegram keeps only these with the message; keyboards belong to the chat
    message = call.state.chats.add(chat, call.bot.user(), body, call.now)
    if markup and "keyboard" in markup:
        call.state.chats.set_keyboard(chat, {**markup, "message_id": message["message_id"]})
    elif markup and "remove_keyboard" in markup:
        call.state.chats.set_keyboard(chat, None)
    return Result(message, delivered=True)


def _text(parameters: Parameters) -> tuple[str, list[dict[str, Any]]]:
    given = parameters.text("text")
    if not given:
        raise bad_request("message text is empty")
    text, marks = entities.parse(given, parameters.text("parse_mode"))
    if not marks:
        chosen = parameters.object("entities", bad_request("can't parse entities JSON object"))
        marks = chosen if isinstance(chosen, list) else []
        text = text.strip()
    if not text.strip():
        raise bad_request("text must be non-empty")
    if len(text) > MOST_CHARACTERS:
        raise bad_request("message is too long")
    return text, marks or entities.found_in(text)


def _chat(call: Call) -> Chat:
    if not call.parameters.text("chat_id"):
        raise bad_request("chat_id is empty")
    number = chat_of(call.parameters)
    chat = None if number is None else call.state.chats.get(call.bot.bot_id, number)
    if chat is None:
        raise errors.chat_not_found()
    return chat


def _reply(call: Call, chat: Chat) -> dict[str, Any]:
    wanted = call.parameters.object("reply_parameters", bad_request("can't parse reply parameters JSON object"))
    if not isinstance(wanted, dict):
        return {}
    number = wanted.get("message_id")
    answered = call.state.chats.message(chat.bot_id, chat.chat_id, number) if isinstance(number, int) else None
    if answered is not None:
        return {"reply_to_message": {name: held for name, held in answered.items() if name != "reply_to_message"}}
    if wanted.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def answer_callback_query(call: Call) -> Result:
    """Stop the button's waiting; with a text, show it to the person."""
    text = call.parameters.text("text")
    if len(text) > MOST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    row = call.state.database.one(
        "SELECT chat_id FROM presses WHERE id = ? AND bot_id = ? AND at > ?",
        call.parameters.text("callback_query_id"), call.bot.bot_id, call.now - PRESS_SECONDS,
    )  # fmt: skip
    if row is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if text:
        notice = {"text": text, "alert": call.parameters.flag("show_alert"), "at": call.now}
        call.state.chats.set_notice(call.bot.bot_id, row["chat_id"], notice)
    return Result(value=True)

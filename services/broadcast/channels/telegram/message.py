"""From a message of ours to what Telegram's `sendMessage` takes."""

from typing import Any

from services.broadcast.domain.delivery import Delivery
from shared.contracts.sending import MessageRequestedV1

MOST_CHARACTERS = 4096
MOST_DATA_BYTES = 64


def fault(message: MessageRequestedV1) -> str | None:
    """Say why Telegram would refuse a message however often it is sent, or None."""
    if not message.text.strip():
        if message.acknowledges is not None:
            return None
        return "the text is empty; Telegram takes 1 to 4096 characters"
    if len(message.text) > MOST_CHARACTERS:
        return f"the text has {len(message.text)} characters; Telegram takes at most {MOST_CHARACTERS}: shorten it"
    for number, button in enumerate(message.buttons, start=1):
        if not button.text:
            return f"button {number} has no text"
        if not 0 < len(button.data.encode()) <= MOST_DATA_BYTES:
            return f"the data of button {number} must have 1 to {MOST_DATA_BYTES} bytes"
    return None


def body(row: Delivery) -> dict[str, Any]:
    """Return the JSON of a `sendMessage`."""
    found: dict[str, Any] = {"chat_id": _chat_id(row.chat.contact_id), "text": row.text}
    markup = _markup(row)
    if markup is not None:
        found["reply_markup"] = markup
    return found


def _chat_id(contact_id: str) -> int | str:
    return int(contact_id) if contact_id.lstrip("-").isdecimal() else contact_id


def _markup(row: Delivery) -> dict[str, Any] | None:
    """Return what hangs below the message: Telegram takes one thing only, and buttons matter most."""
    if row.buttons:
        return {"inline_keyboard": [[{"text": b.text, "callback_data": b.data}] for b in row.buttons]}
    if row.ask_contact:
        return {
            "keyboard": [[{"text": row.ask_contact, "request_contact": True}]],
            "one_time_keyboard": True,
            "resize_keyboard": True,
        }
    return {"remove_keyboard": True} if row.remove_keyboard else None

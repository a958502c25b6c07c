"""Telegram's updates as it writes them (Bot API 10): plain values in, plain values out."""

import hashlib
from typing import Any

from deploy.sandbox.telegram.entities import found_in

JSON = dict[str, Any]


def text(words: str) -> JSON:
    """Make what a message of words holds."""
    entities = found_in(words)
    return {"text": words, "entities": entities} if entities else {"text": words}


def contact(phone: str, first_name: str, last_name: str | None, user_id: int | None) -> JSON:
    """Make a contact card. Telegram names the `user_id` of somebody it knows: the sender's own id on their own card."""
    card: JSON = {"phone_number": phone, "first_name": first_name}
    if last_name:
        card["last_name"] = last_name
    if user_id is not None:
        card["user_id"] = user_id
    return {"contact": card}


def photo(seed: str, caption: str | None) -> JSON:
    """Make a photo in three sizes."""
    sizes = [
        {**_file(f"{seed}/{width}"), "file_size": width * 110, "width": width, "height": width * 3 // 4}
        for width in (90, 320, 1280)
    ]
    return _captioned({"photo": sizes}, caption)


def document(seed: str, caption: str | None) -> JSON:
    """Make a small PDF."""
    held = {"file_name": "letter.pdf", "mime_type": "application/pdf", **_file(seed), "file_size": 48_213}
    return _captioned({"document": held}, caption)


def voice(seed: str) -> JSON:
    """Four seconds of voice."""
    return {"voice": {"duration": 4, "mime_type": "audio/ogg", **_file(seed), "file_size": 14_702}}


def location() -> JSON:
    """Make a place: Oslo's town hall."""
    return {"location": {"latitude": 59.911491, "longitude": 10.733632}}


def press(query_id: str, person: JSON, message: JSON, data: str) -> JSON:
    """Press a button below `message`."""
    chat: int = message["chat"]["id"]
    return {
        "callback_query": {
            "id": query_id,
            "from": person,
            "message": message,
            "chat_instance": str(-_number(f"chat/{chat}")),
            "data": data,
        }
    }


def member(person: JSON, chat: JSON, bot: JSON, date: int, *, blocked: bool) -> JSON:
    """Block the bot (`kicked`), or let it in again (`member`)."""
    inside: JSON = {"user": bot, "status": "member"}
    outside: JSON = {"user": bot, "status": "kicked", "until_date": 0}
    old, new = (inside, outside) if blocked else (outside, inside)
    return {
        "my_chat_member": {"chat": chat, "from": person, "date": date, "old_chat_member": old, "new_chat_member": new}
    }


def button_data(message: JSON) -> list[str]:
    """List the callback data of the buttons below a message."""
    rows: list[list[JSON]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def _captioned(body: JSON, caption: str | None) -> JSON:
    return {**body, "caption": caption} if caption else body


def _file(seed: str) -> JSON:
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return {"file_id": f"AgACAgQAAxkBAAI{digest[:48]}", "file_unique_id": f"AQAD{digest[48:60]}"}


def _number(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:7])

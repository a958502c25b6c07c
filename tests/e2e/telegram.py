"""Updates of the form that Telegram sends (Bot API 10)."""

import time
from typing import Any

from tests.e2e.kith import UPDATE_IDS


def a_message(
    chat_id: int, text: str = "hello", *, language: str = "en", name: str = "Ann", **more: Any
) -> dict[str, Any]:
    """Return a text message from a private chat; `more` replaces or adds fields of the message."""
    number = next(UPDATE_IDS)
    person = {"id": chat_id, "is_bot": False, "first_name": name, "language_code": language}
    message = {
        "message_id": number % 1_000_000_000,
        "from": person,
        "chat": {"id": chat_id, "first_name": name, "type": "private"},
        "date": int(time.time()),
        "text": text,
    }
    return {"update_id": number, "message": {**message, **more}}

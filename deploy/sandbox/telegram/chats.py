"""Private chats of people with bots, and what stands in them."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.database import Database, pack, unpack
from deploy.sandbox.telegram.schema import BotId, ChatId

KEPT_MESSAGES = 1_000
"""Per chat; older ones go."""


@dataclass(frozen=True)
class Chat:
    """One person's chat with one bot."""

    bot_id: BotId
    chat_id: ChatId
    person: dict[str, str]
    """first_name, and where given last_name, username, language_code."""
    blocked: bool
    keyboard: dict[str, Any] | None
    """The reply keyboard that the person has below the chat."""
    notice: dict[str, Any] | None
    """What answerCallbackQuery last showed: text, alert, at."""
    changed_at: float

    def sender(self) -> dict[str, Any]:
        """Write the person as a Telegram User."""
        return {"id": self.chat_id, "is_bot": False, **self.person}

    def chat(self) -> dict[str, Any]:
        """Write the chat as it stands in messages."""
        named = {name: value for name, value in self.person.items() if name != "language_code"}
        return {"id": self.chat_id, **named, "type": "private"}


class Chats:
    """Chats and messages; ids of messages rise by one in each chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, bot: BotId, chat: ChatId) -> Chat | None:
        """Find a chat in which the person did something at least once."""
        row = self._database.one("SELECT * FROM chats WHERE bot_id = ? AND chat_id = ?", bot, chat)
        return None if row is None else _chat(row)

    def of_bot(self, bot: BotId, limit: int) -> list[Chat]:
        """List the chats of a bot, last changed first."""
        rows = self._database.all("SELECT * FROM chats WHERE bot_id = ? ORDER BY changed_at DESC LIMIT ?", bot, limit)
        return [_chat(row) for row in rows]

    def meet(self, bot: BotId, chat: ChatId, person: dict[str, str] | None, now: float) -> Chat:
        """Open the chat as the person, with the name they go by now (the one known, where `person` is None)."""
        known = self.get(bot, chat)
        named = person or (known.person if known else {"first_name": f"Person {chat}"})
        self._database.run(
            "INSERT INTO chats (bot_id, chat_id, person, changed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET person = excluded.person, changed_at = excluded.changed_at",
            bot, chat, pack(named), now,
        )  # fmt: skip
        met = self.get(bot, chat)
        assert met is not None  # noqa: S101  it was just put in
        return met

    def set_blocked(self, chat: Chat, *, blocked: bool) -> None:
        """Block the bot, or let it in again."""
        self._database.run(
            "UPDATE chats SET blocked = ? WHERE bot_id = ? AND chat_id = ?", blocked, chat.bot_id, chat.chat_id
        )

    def set_keyboard(self, chat: Chat, keyboard: dict[str, Any] | None) -> None:
        """Show a reply keyboard, or none."""
        packed = None if keyboard is None else pack(keyboard)
        self._database.run(
            "UPDATE chats SET keyboard = ? WHERE bot_id = ? AND chat_id = ?", packed, chat.bot_id, chat.chat_id
        )

    def set_notice(self, bot: BotId, chat: ChatId, notice: dict[str, Any]) -> None:
        """Show the person what a bot answered to the press of a button."""
        self._database.run("UPDATE chats SET notice = ? WHERE bot_id = ? AND chat_id = ?", pack(notice), bot, chat)

    def add(self, chat: Chat, sender: dict[str, Any], body: dict[str, Any], now: float) -> dict[str, Any]:
        """Put a message into the chat; it comes back as Telegram's Message, with its id and date."""
        row = self._database.one(
            "UPDATE chats SET next_message = next_message + 1, changed_at = ? WHERE bot_id = ? AND chat_id = ? "
            "RETURNING next_message - 1",
            now, chat.bot_id, chat.chat_id,
        )  # fmt: skip
        assert row is not None  # noqa: S101  `chat` was read from there
        number: int = row[0]
        message = {"message_id": number, "from": sender, "chat": chat.chat(), "date": int(now), **body}
        self._database.run(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)",
            chat.bot_id, chat.chat_id, number, sender["is_bot"], pack(message), now,
        )  # fmt: skip
        self._database.run(
            "DELETE FROM messages WHERE bot_id = ? AND chat_id = ? AND message_id <= ?",
            chat.bot_id, chat.chat_id, number - KEPT_MESSAGES,
        )  # fmt: skip
        return message

    def message(self, bot: BotId, chat: ChatId, message_id: int) -> dict[str, Any] | None:
        """One message, by its id in the chat."""
        row = self._database.one(
            "SELECT body FROM messages WHERE bot_id = ? AND chat_id = ? AND message_id = ?", bot, chat, message_id
        )
        return None if row is None else unpack(row["body"])

    def change(self, bot: BotId, chat: ChatId, message: dict[str, Any]) -> None:
        """Write an edited message over its first form."""
        self._database.run(
            "UPDATE messages SET body = ? WHERE bot_id = ? AND chat_id = ? AND message_id = ?",
            pack(message), bot, chat, message["message_id"],
        )  # fmt: skip

    def messages(self, bot: BotId, chat: ChatId, after: int, limit: int) -> list[dict[str, Any]]:
        """List the newest messages above `after`, oldest first; each with `at`, more exact than Telegram's `date`."""
        rows = self._database.all(
            "SELECT body, at FROM messages WHERE bot_id = ? AND chat_id = ? AND message_id > ? "
            "ORDER BY message_id DESC LIMIT ?",
            bot, chat, after, limit,
        )  # fmt: skip
        return [{**unpack(row["body"]), "at": row["at"]} for row in reversed(rows)]


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        bot_id=row["bot_id"], chat_id=row["chat_id"], person=unpack(row["person"]), blocked=bool(row["blocked"]),
        keyboard=unpack(row["keyboard"]), notice=unpack(row["notice"]), changed_at=row["changed_at"],
    )  # fmt: skip

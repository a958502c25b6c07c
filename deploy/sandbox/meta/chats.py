"""People's chats with accounts, what stands in them, and comments."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.database import Database, pack, unpack

KEPT_MESSAGES = 1_000
"""Per chat; older ones go."""
WINDOW = 24 * 3600.0
"""Seconds after a person's last message in which anything may be written to them."""


@dataclass(frozen=True)
class Chat:
    """One person's chat with one account."""

    account_id: str
    chat_id: str
    person: dict[str, Any]
    """name, and where there is one username; on WhatsApp phone (digits) and shows_phone."""
    blocked: bool
    marketing_stopped: bool
    wrote_at: float | None
    """When they last wrote, or pressed a button; None for who has only commented."""
    moved_to: str | None
    """The chat id they have now."""
    changed_at: float

    @property
    def phone(self) -> str | None:
        """The number, in digits, whether it shows or not."""
        return self.person.get("phone")

    @property
    def shown_phone(self) -> str | None:
        """The number, where the person lets it be seen."""
        return self.phone if self.person.get("shows_phone") else None

    @property
    def user_id(self) -> str | None:
        """WhatsApp's business-scoped user id; none for who is known by their number alone."""
        return None if self.chat_id.isdecimal() else self.chat_id

    def is_open(self, now: float, seconds: float = WINDOW) -> bool:
        """Whether the window of so many seconds is open."""
        return self.wrote_at is not None and now - self.wrote_at <= seconds


@dataclass(frozen=True)
class Message:
    """One message, as both sides see it."""

    n: int
    mid: str
    by_business: bool
    body: dict[str, Any]
    """kind, text, buttons, and what else there is; `views` shows it."""
    at: float
    status: str | None


class Chats:
    """Chats, messages and comments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, account: str, chat: str) -> Chat | None:
        """Find a chat in which the person did something at least once."""
        row = self._database.one("SELECT * FROM chats WHERE account_id = ? AND chat_id = ?", account, chat)
        return None if row is None else _chat(row)

    def of_phone(self, account: str, phone: str) -> Chat | None:
        """Find the person behind a number."""
        row = self._database.one(
            "SELECT * FROM chats WHERE account_id = ? AND person ->> '$.phone' = ? AND moved_to IS NULL "
            "ORDER BY changed_at DESC LIMIT 1",
            account, phone,
        )  # fmt: skip
        return None if row is None else _chat(row)

    def of_account(self, account: str, limit: int) -> list[Chat]:
        """List the chats of an account, last changed first."""
        rows = self._database.all(
            "SELECT * FROM chats WHERE account_id = ? ORDER BY changed_at DESC LIMIT ?", account, limit
        )
        return [_chat(row) for row in rows]

    def meet(self, account: str, chat: str, person: dict[str, Any], now: float) -> Chat:
        """Open the chat as the person, with the name they go by now."""
        self._database.run(
            "INSERT INTO chats (account_id, chat_id, person, changed_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET person = excluded.person, changed_at = excluded.changed_at",
            account, chat, pack(person), now,
        )  # fmt: skip
        met = self.get(account, chat)
        assert met is not None  # noqa: S101  it was just put in
        return met

    def set_blocked(self, chat: Chat, *, blocked: bool) -> None:
        """Block the account, or let it in again."""
        self._set(chat, "blocked", blocked)

    def set_marketing(self, chat: Chat, *, stopped: bool) -> None:
        """Stop the account's marketing, or resume it."""
        self._set(chat, "marketing_stopped", stopped)

    def wrote(self, chat: Chat, at: float) -> None:
        """Open the window anew."""
        self._set(chat, "wrote_at", at)

    def move(self, chat: Chat, to: str) -> None:
        """Note that the person has another chat id now."""
        self._set(chat, "moved_to", to)

    def grow_older(self, chat: Chat, seconds: float) -> None:
        """Let time pass in one chat: its window and its comments are so much older."""
        if chat.wrote_at is not None:
            self._set(chat, "wrote_at", chat.wrote_at - seconds)
        self._database.run(
            "UPDATE comments SET at = at - ? WHERE account_id = ? AND chat_id = ?",
            seconds, chat.account_id, chat.chat_id,
        )  # fmt: skip

    def add(self, chat: Chat, mid: str, body: dict[str, Any], now: float, status: str | None = None) -> Message:
        """Put a message into the chat. One with a `status` is the account's own."""
        by_business = status is not None
        number = self._database.run(
            "INSERT INTO messages (account_id, chat_id, mid, by_business, body, at, status) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            chat.account_id, chat.chat_id, mid, by_business, pack(body), now, status,
        )  # fmt: skip
        self._set(chat, "changed_at", now)
        self._database.run(
            "DELETE FROM messages WHERE account_id = ? AND chat_id = ? AND n <= (SELECT n FROM messages "
            "WHERE account_id = ? AND chat_id = ? ORDER BY n DESC LIMIT 1 OFFSET ?)",
            chat.account_id, chat.chat_id, chat.account_id, chat.chat_id, KEPT_MESSAGES,
        )  # fmt: skip
        return Message(number, mid, by_business, body, now, status)

    def message(self, chat: Chat, number: int) -> Message | None:
        """One message, by its number."""
        row = self._database.one(
            "SELECT * FROM messages WHERE account_id = ? AND chat_id = ? AND n = ?",
            chat.account_id, chat.chat_id, number,
        )  # fmt: skip
        return None if row is None else _message(row)

    def of_mid(self, account: str, mid: str) -> Message | None:
        """One message, by Meta's id."""
        row = self._database.one("SELECT * FROM messages WHERE account_id = ? AND mid = ?", account, mid)
        return None if row is None else _message(row)

    def change(self, number: int, body: dict[str, Any]) -> None:
        """Write new words over the old ones."""
        self._database.run("UPDATE messages SET body = ? WHERE n = ?", pack(body), number)

    def set_status(self, number: int, status: str) -> None:
        """Note how far a message came."""
        self._database.run("UPDATE messages SET status = ? WHERE n = ?", status, number)

    def messages(self, chat: Chat, after: int, limit: int) -> list[Message]:
        """List the newest messages above number `after`, oldest first."""
        rows = self._database.all(
            "SELECT * FROM messages WHERE account_id = ? AND chat_id = ? AND n > ? ORDER BY n DESC LIMIT ?",
            chat.account_id, chat.chat_id, after, limit,
        )  # fmt: skip
        return [_message(row) for row in reversed(rows)]

    def unread(self, chat: Chat, limit: int = 100) -> list[Message]:
        """List the account's messages that arrived and were not read, oldest first."""
        rows = self._database.all(
            "SELECT * FROM messages WHERE account_id = ? AND chat_id = ? AND by_business AND status IN "
            "('accepted', 'sent', 'delivered') ORDER BY n LIMIT ?",
            chat.account_id, chat.chat_id, limit,
        )  # fmt: skip
        return [_message(row) for row in rows]

    def add_comment(self, chat: Chat, comment_id: str, now: float) -> None:
        """Keep who commented, and when: it can be answered once."""
        self._database.run(
            "INSERT INTO comments (comment_id, account_id, chat_id, at) VALUES (?, ?, ?, ?)",
            comment_id, chat.account_id, chat.chat_id, now,
        )  # fmt: skip

    def comment(self, account: str, comment_id: str) -> tuple[str, float, bool] | None:
        """Find a comment: whose it is, when it was written, whether it was answered."""
        row = self._database.one("SELECT * FROM comments WHERE account_id = ? AND comment_id = ?", account, comment_id)
        return None if row is None else (row["chat_id"], row["at"], bool(row["answered"]))

    def answered(self, comment_id: str) -> None:
        """Note that a comment got its one private reply."""
        self._database.run("UPDATE comments SET answered = 1 WHERE comment_id = ?", comment_id)

    def _set(self, chat: Chat, column: str, value: object) -> None:
        sql = f"UPDATE chats SET {column} = ? WHERE account_id = ? AND chat_id = ?"  # noqa: S608  a name of ours
        self._database.run(sql, value, chat.account_id, chat.chat_id)


def _chat(row: sqlite3.Row) -> Chat:
    return Chat(
        account_id=row["account_id"], chat_id=row["chat_id"], person=unpack(row["person"]),
        blocked=bool(row["blocked"]), marketing_stopped=bool(row["marketing_stopped"]), wrote_at=row["wrote_at"],
        moved_to=row["moved_to"], changed_at=row["changed_at"],
    )  # fmt: skip


def _message(row: sqlite3.Row) -> Message:
    return Message(
        n=row["n"], mid=row["mid"], by_business=bool(row["by_business"]), body=unpack(row["body"]), at=row["at"],
        status=row["status"],
    )  # fmt: skip

"""Bots: anybody with a token of the right form is one."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from deploy.sandbox.database import Database, pack, unpack
from deploy.sandbox.telegram import errors
from deploy.sandbox.telegram.schema import BotId

_TOKEN = re.compile(r"(\d{1,15}):([A-Za-z0-9_-]{35})")
_NEARLY = re.compile(r"\d+:.*")
FIRST_UPDATE = 100_000_000
"""Update ids start anywhere and rise by one."""


@dataclass(frozen=True)
class Bot:
    """One bot, and where its updates go."""

    bot_id: BotId
    name: str
    username: str
    webhook_url: str
    """Empty where no webhook is set."""
    secret: str
    allowed: list[str]
    """Kinds of updates it wants; empty means all."""
    max_connections: int
    last_error_at: float | None
    last_error: str | None
    limits: bool

    def user(self) -> dict[str, Any]:
        """Write the bot as a Telegram User."""
        return {"id": self.bot_id, "is_bot": True, "first_name": self.name, "username": self.username}


class Bots:
    """One row each; a bot is made when its token is first used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_token(self, token: str) -> Bot:
        """Find the bot of a token. Raises 404 for what is no token at all, 401 for one that nobody has."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise errors.unauthorized() if _NEARLY.fullmatch(token) else errors.not_found()
        bot_id = BotId(int(match.group(1)))
        return self.get(bot_id) or self._make(bot_id, token)

    def get(self, bot_id: BotId) -> Bot | None:
        """Find a bot that has been used before."""
        row = self._database.one("SELECT * FROM bots WHERE bot_id = ?", bot_id)
        return None if row is None else _bot(row)

    def all(self) -> list[Bot]:
        """Every bot, oldest id first."""
        return [_bot(row) for row in self._database.all("SELECT * FROM bots ORDER BY bot_id")]

    def _make(self, bot_id: BotId, token: str) -> Bot:
        self._database.run(
            "INSERT INTO bots (bot_id, token, name, username, next_update) VALUES (?, ?, ?, ?, ?)",
            bot_id, token, f"Bot {bot_id}", f"sandbox_{bot_id}_bot", FIRST_UPDATE + 1,
        )  # fmt: skip
        made = self.get(bot_id)
        assert made is not None  # noqa: S101  it was just put in
        return made

    def set_name(self, bot_id: BotId, name: str) -> None:
        """Set what people see above the chat."""
        self._database.run("UPDATE bots SET name = ? WHERE bot_id = ?", name, bot_id)

    def set_webhook(self, bot_id: BotId, url: str, secret: str, allowed: list[str], max_connections: int) -> None:
        """Where updates go from now on; an empty url takes the webhook away. Forgets the last error."""
        self._database.run(
            "UPDATE bots SET webhook_url = ?, secret = ?, allowed = ?, max_connections = ?, last_error_at = NULL, "
            "last_error = NULL WHERE bot_id = ?",
            url, secret, pack(allowed), max_connections, bot_id,
        )  # fmt: skip

    def set_limits(self, bot_id: BotId, *, held: bool) -> None:
        """Whether the bot is held to the rate limits."""
        self._database.run("UPDATE bots SET limits = ? WHERE bot_id = ?", held, bot_id)

    def note_error(self, bot_id: BotId, at: float, error: str) -> None:
        """Keep what getWebhookInfo says of the last delivery that failed."""
        self._database.run("UPDATE bots SET last_error_at = ?, last_error = ? WHERE bot_id = ?", at, error, bot_id)

    def next_update_id(self, bot_id: BotId) -> int:
        """Take the number of a new update."""
        row = self._database.one(
            "UPDATE bots SET next_update = next_update + 1 WHERE bot_id = ? RETURNING next_update - 1", bot_id
        )
        assert row is not None  # noqa: S101  updates are made for known bots alone
        return row[0]


def _bot(row: sqlite3.Row) -> Bot:
    return Bot(
        bot_id=row["bot_id"], name=row["name"], username=row["username"], webhook_url=row["webhook_url"],
        secret=row["secret"], allowed=unpack(row["allowed"]), max_connections=row["max_connections"],
        last_error_at=row["last_error_at"], last_error=row["last_error"], limits=bool(row["limits"]),
    )  # fmt: skip

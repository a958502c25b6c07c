"""Updates on their way to a bot. They wait here until its webhook took them, or getUpdates confirmed them."""

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from deploy.sandbox.database import Database, pack, unpack
from deploy.sandbox.telegram.schema import BotId

MOST_PENDING = 10_000
"""Per bot; a person who would add one more is told that it is full."""
KEPT_SECONDS = 24 * 3600.0
"""Telegram keeps updates that nobody takes for a day."""
_TRIM_EVERY = 500


@dataclass(frozen=True)
class Delivery:
    """One update, to be handed over once (a copy of it is another delivery)."""

    n: int
    bot_id: BotId
    update_id: int
    body: dict[str, Any]
    due: float
    at: float
    state: Literal["pending", "delivered", "dropped"]
    attempts: int
    status: int | None
    error: str | None


class Deliveries:
    """The queue of each bot, in the order of `place`."""

    def __init__(self, database: Database, keep: int) -> None:
        self._database = database
        self._keep = keep

    def add(self, bot: BotId, update: dict[str, Any], place: float, due: float, now: float) -> None:
        """Put an update into the queue, not to be sent before `due`."""
        number = self._database.run(
            "INSERT INTO deliveries (bot_id, update_id, body, place, due, at) VALUES (?, ?, ?, ?, ?, ?)",
            bot, update["update_id"], pack(update), place, due, now,
        )  # fmt: skip
        if number % _TRIM_EVERY == 0:
            self._database.run("DELETE FROM deliveries WHERE n <= ?", number - self._keep)

    def pending(self, bot: BotId) -> int:
        """How many wait."""
        row = self._database.one("SELECT count(*) FROM deliveries WHERE bot_id = ? AND state = 'pending'", bot)
        return 0 if row is None else row[0]

    def bots_waiting(self) -> list[BotId]:
        """Bots for which something waits."""
        return [row[0] for row in self._database.all("SELECT DISTINCT bot_id FROM deliveries WHERE state = 'pending'")]

    def next(self, bot: BotId, now: float) -> Delivery | None:
        """Find the first that is due."""
        return self._one(
            "SELECT * FROM deliveries WHERE bot_id = ? AND state = 'pending' AND due <= ? ORDER BY place, n LIMIT 1",
            bot, now,
        )  # fmt: skip

    def next_due(self, bot: BotId) -> float | None:
        """When the next one is due, if any waits."""
        row = self._database.one("SELECT min(due) FROM deliveries WHERE bot_id = ? AND state = 'pending'", bot)
        return None if row is None else row[0]

    def first(self, bot: BotId, limit: int) -> list[dict[str, Any]]:
        """List the updates that wait, each once, in order (for getUpdates)."""
        rows = self._database.all(
            "SELECT body FROM deliveries WHERE bot_id = ? AND state = 'pending' GROUP BY update_id "
            "ORDER BY update_id LIMIT ?",
            bot, limit,
        )  # fmt: skip
        return [unpack(row["body"]) for row in rows]

    def waits_from(self, bot: BotId, update_id: int) -> bool:
        """Whether an update of that number or above waits."""
        sql = "SELECT 1 FROM deliveries WHERE bot_id = ? AND state = 'pending' AND update_id >= ? LIMIT 1"
        return self._database.one(sql, bot, update_id) is not None

    def of_update(self, bot: BotId, update_id: int) -> list[Delivery]:
        """Every copy of one update."""
        rows = self._database.all("SELECT * FROM deliveries WHERE bot_id = ? AND update_id = ?", bot, update_id)
        return [_delivery(row) for row in rows]

    def tried(self, delivery: Delivery, status: int | None, error: str | None, state: str) -> None:
        """Note what came of one attempt."""
        self._database.run(
            "UPDATE deliveries SET attempts = attempts + 1, status = ?, error = ?, state = ? WHERE n = ?",
            status, error, state, delivery.n,
        )  # fmt: skip

    def confirm(self, bot: BotId, below: int) -> None:
        """Take every update below it, as getUpdates with an offset does."""
        self._database.run(
            "UPDATE deliveries SET state = 'delivered' WHERE bot_id = ? AND state = 'pending' AND update_id < ?",
            bot, below,
        )  # fmt: skip

    def drop_pending(self, bot: BotId) -> None:
        """Forget what waits (drop_pending_updates)."""
        self._database.run("UPDATE deliveries SET state = 'dropped' WHERE bot_id = ? AND state = 'pending'", bot)

    def drop_old(self, now: float) -> None:
        """Forget what has waited for longer than a day."""
        self._database.run(
            "UPDATE deliveries SET state = 'dropped' WHERE state = 'pending' AND at < ?", now - KEPT_SECONDS
        )

    def _one(self, sql: str, *values: object) -> Delivery | None:
        row = self._database.one(sql, *values)
        return None if row is None else _delivery(row)


def _delivery(row: sqlite3.Row) -> Delivery:
    named = {
        name: row[name] for name in ("n", "bot_id", "update_id", "due", "at", "state", "attempts", "status", "error")
    }
    return Delivery(**named, body=unpack(row["body"]))

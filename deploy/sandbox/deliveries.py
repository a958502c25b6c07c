"""Updates on their way to a webhook. They wait here until it took them."""

# ruff: noqa: S608 - the one name that is put into queries is a column of ours

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

from deploy.sandbox.database import Database, pack, unpack

MOST_PENDING = 10_000
"""Per account; a person who would add one more is told that it is full."""
_TRIM_EVERY = 500


@dataclass(frozen=True)
class Delivery:
    """One update, to be handed over once (a copy of it is another delivery)."""

    n: int
    whose: int | str
    update_id: int
    body: dict[str, Any]
    due: float
    at: float
    state: Literal["pending", "delivered", "dropped"]
    attempts: int
    status: int | None
    error: str | None


def schema(whose: str) -> str:
    """Write the table down; `whose` is what the provider calls an account."""
    return f"""
CREATE TABLE IF NOT EXISTS deliveries (
  n INTEGER PRIMARY KEY AUTOINCREMENT, {whose} NOT NULL, update_id INTEGER NOT NULL, body TEXT NOT NULL,
  place REAL NOT NULL, due REAL NOT NULL, at REAL NOT NULL, state TEXT NOT NULL DEFAULT 'pending',
  attempts INTEGER NOT NULL DEFAULT 0, status INTEGER, error TEXT);
CREATE INDEX IF NOT EXISTS pending_in_order ON deliveries ({whose}, place) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_of_update ON deliveries ({whose}, update_id);
"""


class Deliveries:
    """The queue of each account, in the order of `place`. What nobody takes is kept for `kept_seconds`."""

    def __init__(self, database: Database, keep: int, whose: str, kept_seconds: float) -> None:
        self._database = database
        self._keep = keep
        self._whose = whose
        self._kept_seconds = kept_seconds

    def add(
        self, whose: int | str, update_id: int, body: dict[str, Any], *, place: float, due: float, now: float
    ) -> None:
        """Put an update into the queue, not to be sent before `due`."""
        number = self._database.run(
            f"INSERT INTO deliveries ({self._whose}, update_id, body, place, due, at) VALUES (?, ?, ?, ?, ?, ?)",
            whose, update_id, pack(body), place, due, now,
        )  # fmt: skip
        if number % _TRIM_EVERY == 0:
            self._database.run("DELETE FROM deliveries WHERE n <= ?", number - self._keep)

    def pending(self, whose: int | str) -> int:
        """How many wait."""
        row = self._database.one(
            f"SELECT count(*) FROM deliveries WHERE {self._whose} = ? AND state = 'pending'", whose
        )
        return 0 if row is None else row[0]

    def waiting(self) -> list[Any]:
        """Accounts for which something waits."""
        rows = self._database.all(f"SELECT DISTINCT {self._whose} FROM deliveries WHERE state = 'pending'")
        return [row[0] for row in rows]

    def next(self, whose: int | str, now: float) -> Delivery | None:
        """Find the first that is due."""
        row = self._database.one(
            f"SELECT * FROM deliveries WHERE {self._whose} = ? AND state = 'pending' AND due <= ? "
            "ORDER BY place, n LIMIT 1",
            whose, now,
        )  # fmt: skip
        return None if row is None else self._delivery(row)

    def next_due(self, whose: int | str) -> float | None:
        """When the next one is due, if any waits."""
        row = self._database.one(
            f"SELECT min(due) FROM deliveries WHERE {self._whose} = ? AND state = 'pending'", whose
        )
        return None if row is None else row[0]

    def first(self, whose: int | str, limit: int) -> list[dict[str, Any]]:
        """List the updates that wait, each once, in order (for those who fetch them)."""
        rows = self._database.all(
            f"SELECT body FROM deliveries WHERE {self._whose} = ? AND state = 'pending' GROUP BY update_id "
            "ORDER BY update_id LIMIT ?",
            whose, limit,
        )  # fmt: skip
        return [unpack(row["body"]) for row in rows]

    def waits_from(self, whose: int | str, update_id: int) -> bool:
        """Whether an update of that number or above waits."""
        sql = f"SELECT 1 FROM deliveries WHERE {self._whose} = ? AND state = 'pending' AND update_id >= ? LIMIT 1"
        return self._database.one(sql, whose, update_id) is not None

    def of_update(self, whose: int | str, update_id: int) -> list[Delivery]:
        """Every copy of one update."""
        sql = f"SELECT * FROM deliveries WHERE {self._whose} = ? AND update_id = ?"
        return [self._delivery(row) for row in self._database.all(sql, whose, update_id)]

    def tried(self, delivery: Delivery, status: int | None, error: str | None, state: str) -> None:
        """Note what came of one attempt."""
        self._database.run(
            "UPDATE deliveries SET attempts = attempts + 1, status = ?, error = ?, state = ? WHERE n = ?",
            status, error, state, delivery.n,
        )  # fmt: skip

    def put_off(self, delivery: Delivery, due: float) -> None:
        """Let one wait, while those behind it go on."""
        self._database.run("UPDATE deliveries SET due = ? WHERE n = ?", due, delivery.n)

    def all_due(self, whose: int | str, now: float) -> None:
        """Let nothing wait any longer."""
        self._database.run(
            f"UPDATE deliveries SET due = ? WHERE {self._whose} = ? AND state = 'pending' AND due > ?", now, whose, now
        )

    def confirm(self, whose: int | str, below: int) -> None:
        """Take every update below a number, as who fetches updates does."""
        self._database.run(
            f"UPDATE deliveries SET state = 'delivered' WHERE {self._whose} = ? AND state = 'pending' "
            "AND update_id < ?",
            whose, below,
        )  # fmt: skip

    def drop_pending(self, whose: int | str) -> None:
        """Forget what waits."""
        self._database.run(
            f"UPDATE deliveries SET state = 'dropped' WHERE {self._whose} = ? AND state = 'pending'", whose
        )

    def drop_old(self, now: float) -> None:
        """Forget what has waited for too long."""
        self._database.run(
            "UPDATE deliveries SET state = 'dropped' WHERE state = 'pending' AND at < ?", now - self._kept_seconds
        )

    def _delivery(self, row: sqlite3.Row) -> Delivery:
        named = {name: row[name] for name in ("n", "update_id", "due", "at", "state", "attempts", "status", "error")}
        return Delivery(**named, whose=row[self._whose], body=unpack(row["body"]))

"""Everything the sandbox was sent, as it was sent, and what was answered."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deploy.sandbox.database import Database, pack, unpack
from deploy.sandbox.telegram.schema import BotId, ChatId

KEPT_HEADERS = ("content-type", "content-length", "user-agent", "traceparent", "x-kith-ledger-id")
_TRIM_EVERY = 500


@dataclass(frozen=True)
class Entry:
    """One request. It is written before it is answered: a request whose answer nobody got is listed all the same."""

    at: float
    bot_id: BotId | None
    method: str
    chat_id: ChatId | None
    ledger_id: str | None
    body: dict[str, Any]
    headers: dict[str, str]
    status: int | None
    """None where it was never answered."""
    answer: dict[str, Any] | None
    delivered: bool
    """Whether it put a message before the person."""
    violation: bool
    """Whether it came while an earlier retry_after was not over."""
    fault: str | None
    """The fault that decided about it."""


@dataclass(frozen=True)
class Filter:
    """Which requests to list; None means any."""

    bot_id: int | None = None
    method: str | None = None
    chat_id: int | None = None
    ledger_id: str | None = None
    status: int | None = None
    violation: bool | None = None

    def where(self) -> tuple[str, list[object]]:
        """Build the condition and its values."""
        named = {
            "bot_id = ?": self.bot_id, "method = ? COLLATE NOCASE": self.method, "chat_id = ?": self.chat_id,
            "ledger_id = ?": self.ledger_id, "status = ?": self.status, "violation = ?": self.violation,
        }  # fmt: skip
        chosen = {text: value for text, value in named.items() if value is not None}
        return " AND ".join(["n > ?", *chosen]), list(chosen.values())


class Ledger:
    """Requests by rising number, the newest `keep` of them."""

    def __init__(self, database: Database, keep: int) -> None:
        self._database = database
        self._keep = keep

    def write(self, entry: Entry) -> int:
        """Keep one request; its number."""
        answer = None if entry.answer is None else pack(entry.answer)
        number = self._database.run(
            "INSERT INTO requests (at, bot_id, method, chat_id, ledger_id, body, headers, status, answer, delivered, "
            "violation, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entry.at, entry.bot_id, entry.method, entry.chat_id, entry.ledger_id, pack(entry.body),
            pack(entry.headers), entry.status, answer, entry.delivered, entry.violation, entry.fault,
        )  # fmt: skip
        if number % _TRIM_EVERY == 0:
            self._database.run("DELETE FROM requests WHERE n <= ?", number - self._keep)
        return number

    def list(self, wanted: Filter, after: int, limit: int, *, newest: bool) -> list[dict[str, Any]]:
        """List requests above number `after`: the first ones, rising; or with `newest` the last ones, falling."""
        where, values = wanted.where()
        order = "DESC" if newest else "ASC"
        rows = self._database.all(
            f"SELECT * FROM requests WHERE {where} ORDER BY n {order} LIMIT ?",  # noqa: S608  built of the texts above
            after, *values, limit,
        )  # fmt: skip
        return [_listed(row) for row in rows]

    def count(self, wanted: Filter) -> int:
        """How many requests there are of the kind."""
        where, values = wanted.where()
        row = self._database.one(f"SELECT count(*) FROM requests WHERE {where}", 0, *values)  # noqa: S608  as above
        return 0 if row is None else row[0]


def moment(seconds: float) -> str:
    """Write a time as RFC 3339, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _listed(row: sqlite3.Row) -> dict[str, Any]:
    packed = {name: unpack(row[name]) for name in ("body", "headers", "answer")}
    flags = {name: bool(row[name]) for name in ("delivered", "violation")}
    return {**dict(row), "at": moment(row["at"]), **packed, **flags}

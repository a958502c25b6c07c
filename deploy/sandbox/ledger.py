"""Everything the sandbox was sent, as it was sent, and what was answered."""

# ruff: noqa: S608 - the names that are put into queries are columns of ours

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from deploy.sandbox.database import Database, pack, unpack

KEPT_HEADERS = ("content-type", "content-length", "user-agent", "traceparent", "x-kith-ledger-id")
_TRIM_EVERY = 500


@dataclass(frozen=True)
class Entry:
    """One request. It is written before it is answered: a request whose answer nobody got is listed all the same."""

    at: float
    whose: int | str | None
    """The account that asked; None where it could not be told."""
    method: str
    chat: int | str | None
    ledger_id: str | None
    body: dict[str, Any]
    headers: dict[str, str]
    status: int | None
    """None where it was never answered."""
    answer: dict[str, Any] | str | None
    delivered: bool
    """Whether it put a message before the person."""
    violation: bool
    """Whether it came while an earlier retry_after was not over."""
    fault: str | None
    """The fault that decided about it."""


@dataclass(frozen=True)
class Columns:
    """What a provider calls an account and a chat: the names of columns, and of what is listed."""

    whose: str
    chat: str


def schema(columns: Columns) -> str:
    """Write the table down."""
    whose, chat = columns.whose, columns.chat
    return f"""
CREATE TABLE IF NOT EXISTS requests (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, {whose}, method TEXT NOT NULL, {chat},
  ledger_id TEXT, body TEXT NOT NULL, headers TEXT NOT NULL, status INTEGER, answer TEXT,
  delivered INTEGER NOT NULL, violation INTEGER NOT NULL, fault TEXT);
CREATE INDEX IF NOT EXISTS requests_of_account ON requests ({whose}, n);
CREATE INDEX IF NOT EXISTS requests_of_chat ON requests ({whose}, {chat}, n);
"""


class Wanted(Protocol):
    """Which requests to list."""

    def where(self) -> tuple[str, list[object]]:
        """Build a condition on requests above a number, and the values after that number."""
        ...


def where(chosen: Mapping[str, object]) -> tuple[str, list[object]]:
    """Build the condition of parts like `status = ?`; None means any."""
    kept = {text: value for text, value in chosen.items() if value is not None}
    return " AND ".join(["n > ?", *kept]), list(kept.values())


class Ledger:
    """Requests by rising number, the newest `keep` of them."""

    def __init__(self, database: Database, keep: int, columns: Columns) -> None:
        self._database = database
        self._keep = keep
        self._columns = columns

    def write(self, entry: Entry) -> int:
        """Keep one request; its number."""
        answer = None if entry.answer is None else pack(entry.answer)
        number = self._database.run(
            f"INSERT INTO requests (at, {self._columns.whose}, method, {self._columns.chat}, ledger_id, body, "
            "headers, status, answer, delivered, violation, fault) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entry.at, entry.whose, entry.method, entry.chat, entry.ledger_id, pack(entry.body),
            pack(entry.headers), entry.status, answer, entry.delivered, entry.violation, entry.fault,
        )  # fmt: skip
        if number % _TRIM_EVERY == 0:
            self._database.run("DELETE FROM requests WHERE n <= ?", number - self._keep)
        return number

    def list(self, wanted: Wanted, after: int, limit: int, *, newest: bool) -> list[dict[str, Any]]:
        """List requests above number `after`: the first ones, rising; or with `newest` the last ones, falling."""
        where, values = wanted.where()
        order = "DESC" if newest else "ASC"
        rows = self._database.all(
            f"SELECT * FROM requests WHERE {where} ORDER BY n {order} LIMIT ?",
            after, *values, limit,
        )  # fmt: skip
        return [_listed(row) for row in rows]

    def count(self, wanted: Wanted) -> int:
        """How many requests there are of the kind."""
        where, values = wanted.where()
        row = self._database.one(f"SELECT count(*) FROM requests WHERE {where}", 0, *values)
        return 0 if row is None else row[0]


def moment(seconds: float) -> str:
    """Write a time as RFC 3339, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _listed(row: sqlite3.Row) -> dict[str, Any]:
    packed = {name: unpack(row[name]) for name in ("body", "headers", "answer")}
    flags = {name: bool(row[name]) for name in ("delivered", "violation")}
    return {**dict(row), "at": moment(row["at"]), **packed, **flags}

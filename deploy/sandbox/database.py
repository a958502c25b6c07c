"""One sqlite file per provider: what a provider was sent, and what it remembers."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Database:
    """A sqlite file in WAL mode: a write that returned outlives kill -9 of this process.

    It is used from the event loop alone, and every call is short, so one connection is enough. What is written in a
    `transaction` is there whole or not at all.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, isolation_level=None)
        path.chmod(0o600)  # webhook secrets and messages are in it
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL may lose the last writes when the machine itself loses power, which a stand-in can bear.
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(schema)

    def all(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Every row of a query."""
        return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Give the first row of a query, if any."""
        return self._connection.execute(sql, values).fetchone()

    def run(self, sql: str, *values: object) -> int:
        """Write; the id of the row put in (of an INSERT)."""
        return self._connection.execute(sql, values).lastrowid or 0

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """All of it, or nothing. Inside another transaction it is a part of that one."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Write the log back into the file and let go of it."""
        self._connection.close()


def pack(value: object) -> str:
    """JSON as it is kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str | None) -> Any:  # noqa: ANN401  what JSON holds is known to the caller alone
    """Read what `pack` kept; None for NULL."""
    return None if text is None else json.loads(text)

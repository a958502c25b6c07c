"""The emails that were sent to the sandbox, in a file."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from time import time
from typing import Any

from deploy.sandbox.database import Database, pack, unpack

_SCHEMA = """
CREATE TABLE IF NOT EXISTS emails (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
  sender TEXT NOT NULL, recipients TEXT NOT NULL, raw BLOB NOT NULL
);
"""


@dataclass(frozen=True)
class Kept:
    """One email, read."""

    n: int
    at: float
    sender: str
    recipients: list[str]
    message: EmailMessage
    raw: bytes

    def listed(self) -> dict[str, Any]:
        """Return it as a list shows it."""
        return {
            "n": self.n,
            "at": self.at,
            "from": self.sender,
            "to": self.recipients,
            "subject": str(self.message["Subject"] or ""),
        }

    def whole(self) -> dict[str, Any]:
        """Return all of it."""
        return {
            **self.listed(),
            "headers": [[name, str(value)] for name, value in self.message.items()],
            "text": _part(self.message, "plain"),
            "html": _part(self.message, "html"),
            "raw": self.raw.decode("utf-8", "replace"),
        }


class Box:
    """All of them, the oldest going when there are too many."""

    def __init__(self, path: Path, keep: int) -> None:
        self._database = Database(path, _SCHEMA)
        self._most = keep

    def put(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Keep one."""
        n = self._database.run(
            "INSERT INTO emails (at, sender, recipients, raw) VALUES (?, ?, ?, ?)",
            time(), sender, pack(recipients), raw,
        )  # fmt: skip
        self._database.run("DELETE FROM emails WHERE n <= ?", n - self._most)

    def newest(self, to: str, limit: int) -> list[Kept]:
        """List the newest, to everybody or to one address, the newest first."""
        rows = self._database.all(
            "SELECT * FROM emails WHERE ? = '' OR EXISTS (SELECT 1 FROM json_each(recipients) WHERE value = ?) "
            "ORDER BY n DESC LIMIT ?",
            to, to, limit,
        )  # fmt: skip
        return [_kept(dict(row)) for row in rows]

    def one(self, n: int) -> Kept | None:
        """Give one by its number."""
        row = self._database.one("SELECT * FROM emails WHERE n = ?", n)
        return None if row is None else _kept(dict(row))

    def clear(self) -> None:
        """Throw all away."""
        self._database.run("DELETE FROM emails")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


def _kept(row: dict[str, Any]) -> Kept:
    message = message_from_bytes(row["raw"], policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return Kept(row["n"], row["at"], row["sender"], unpack(row["recipients"]), message, row["raw"])


def _part(message: EmailMessage, kind: str) -> str | None:
    body = message.get_body((kind,))
    return None if body is None else str(body.get_content())

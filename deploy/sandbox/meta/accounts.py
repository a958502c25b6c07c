"""Numbers, pages and Instagram accounts, each with the app that is set up for it."""

import hmac
import secrets
import sqlite3
from dataclasses import dataclass

from deploy.sandbox.database import Database, pack, unpack
from deploy.sandbox.meta.schema import Channel

FIELDS: dict[Channel, tuple[str, ...]] = {
    "whatsapp": ("messages", "user_preferences"),
    "messenger": (
        "messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_edits",
        "message_reactions", "messaging_referrals", "message_echoes",
    ),
    "instagram": (
        "messages", "messaging_postbacks", "messaging_seen", "message_edit", "message_reactions",
        "messaging_referral", "comments", "live_comments",
    ),
}  # fmt: skip
"""Webhook fields of which the sandbox makes updates."""
UNASKED = "message_echoes"
"""The one that nobody gets who does not ask for it."""
RECEIPTS: dict[Channel, tuple[str, ...]] = {
    "whatsapp": ("sent", "delivered", "read"),
    "messenger": ("delivered", "read"),
    "instagram": ("read",),
}
"""What people's apps tell of messages by themselves."""
_PREFIX: dict[Channel, str] = {"whatsapp": "1065", "messenger": "1045", "instagram": "178414"}
_DIGITS: dict[Channel, int] = {"whatsapp": 15, "messenger": 15, "instagram": 17}


@dataclass(frozen=True)
class Account:
    """One account, and where its updates go."""

    account_id: str
    """The id in Graph: of a phone number, a page, or an Instagram account."""
    channel: Channel
    name: str
    username: str
    """The number as it is shown, or the name after the @; empty for a page."""
    business_id: str
    """Of the WhatsApp Business Account, in whose name webhooks of a number come."""
    app_id: str
    app_secret: str
    token: str
    webhook_url: str
    """Empty where none is set."""
    verify_token: str
    fields: list[str]
    receipts: list[str]
    limits: bool
    last_error_at: float | None
    last_error: str | None


class Accounts:
    """One row each; made as in the developer console, before anything can be asked in their names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, channel: Channel, name: str, username: str) -> Account:
        """Make an account with an app of its own: ids, the app's secret and a token that does not expire."""
        account_id = _PREFIX[channel] + _digits(_DIGITS[channel] - len(_PREFIX[channel]))
        self._database.run(
            "INSERT INTO accounts (account_id, channel, name, username, business_id, app_id, app_secret, token, "
            "receipts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            account_id, channel, name, username, "1022" + _digits(11), "7" + _digits(14), secrets.token_hex(16),
            "EAA" + secrets.token_hex(60), pack(RECEIPTS[channel]),
        )  # fmt: skip
        made = self.get(account_id)
        assert made is not None  # noqa: S101  it was just put in
        return made

    def get(self, account_id: str) -> Account | None:
        """Find an account."""
        return self._one("account_id", account_id)

    def of_token(self, token: str) -> Account | None:
        """Find the account that a token is for."""
        return self._one("token", token)

    def of_app(self, app_id: str, app_secret: str) -> Account | None:
        """Find the account whose app has this secret."""
        found = self._one("app_id", app_id)
        return found if found is not None and hmac.compare_digest(found.app_secret, app_secret) else None

    def all(self, channel: Channel | None = None) -> list[Account]:
        """List the accounts, the oldest first."""
        rows = self._database.all("SELECT * FROM accounts WHERE ? IS NULL OR channel = ? ORDER BY n", channel, channel)
        return [_account(row) for row in rows]

    def set_webhook(self, account_id: str, url: str, verify_token: str, fields: list[str]) -> None:
        """Where updates of these kinds go from now on. Forgets the last error."""
        self._database.run(
            "UPDATE accounts SET webhook_url = ?, verify_token = ?, fields = ?, last_error_at = NULL, "
            "last_error = NULL WHERE account_id = ?",
            url, verify_token, pack(fields), account_id,
        )  # fmt: skip

    def set_fields(self, account_id: str, fields: list[str]) -> None:
        """Subscribe to these kinds of updates, and no others."""
        self._database.run("UPDATE accounts SET fields = ? WHERE account_id = ?", pack(fields), account_id)

    def set_receipts(self, account_id: str, receipts: list[str]) -> None:
        """Which receipts people's apps send by themselves."""
        self._database.run("UPDATE accounts SET receipts = ? WHERE account_id = ?", pack(receipts), account_id)

    def set_limits(self, account_id: str, *, held: bool) -> None:
        """Whether the account is held to the rate limits."""
        self._database.run("UPDATE accounts SET limits = ? WHERE account_id = ?", held, account_id)

    def note_error(self, account_id: str, at: float, error: str) -> None:
        """Keep what went wrong with the last delivery that failed."""
        self._database.run(
            "UPDATE accounts SET last_error_at = ?, last_error = ? WHERE account_id = ?", at, error, account_id
        )

    def next_update_id(self, account_id: str) -> int:
        """Take the number of a new update. Meta does not number them; the sandbox tells them apart by it."""
        row = self._database.one(
            "UPDATE accounts SET next_update = next_update + 1 WHERE account_id = ? RETURNING next_update - 1",
            account_id,
        )
        assert row is not None  # noqa: S101  updates are made for known accounts alone
        return row[0]

    def _one(self, column: str, value: str) -> Account | None:
        row = self._database.one(f"SELECT * FROM accounts WHERE {column} = ?", value)  # noqa: S608  a name of ours
        return None if row is None else _account(row)


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def _account(row: sqlite3.Row) -> Account:
    return Account(
        account_id=row["account_id"], channel=row["channel"], name=row["name"], username=row["username"],
        business_id=row["business_id"], app_id=row["app_id"], app_secret=row["app_secret"], token=row["token"],
        webhook_url=row["webhook_url"], verify_token=row["verify_token"], fields=unpack(row["fields"]),
        receipts=unpack(row["receipts"]), limits=bool(row["limits"]), last_error_at=row["last_error_at"],
        last_error=row["last_error"],
    )  # fmt: skip

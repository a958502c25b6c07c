"""Which of the requests to Telegram's side to list."""

from dataclasses import dataclass

from deploy.sandbox.ledger import where


@dataclass(frozen=True)
class Filter:
    """None means any."""

    bot_id: int | None = None
    method: str | None = None
    chat_id: int | None = None
    ledger_id: str | None = None
    status: int | None = None
    violation: bool | None = None

    def where(self) -> tuple[str, list[object]]:
        """Build the condition and its values."""
        chosen = {
            "bot_id = ?": self.bot_id, "method = ? COLLATE NOCASE": self.method, "chat_id = ?": self.chat_id,
            "ledger_id = ?": self.ledger_id, "status = ?": self.status, "violation = ?": self.violation,
        }  # fmt: skip
        return where(chosen)

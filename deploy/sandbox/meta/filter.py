"""Which of the requests to Meta's side to list."""

from dataclasses import dataclass

from deploy.sandbox.ledger import where


@dataclass(frozen=True)
class Filter:
    """None means any."""

    account_id: str | None = None
    method: str | None = None
    chat_id: str | None = None
    ledger_id: str | None = None
    status: int | None = None
    violation: bool | None = None

    def where(self) -> tuple[str, list[object]]:
        """Build the condition and its values."""
        chosen = {
            "account_id = ?": self.account_id, "method = ? COLLATE NOCASE": self.method, "chat_id = ?": self.chat_id,
            "ledger_id = ?": self.ledger_id, "status = ?": self.status, "violation = ?": self.violation,
        }  # fmt: skip
        return where(chosen)

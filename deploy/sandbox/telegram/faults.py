"""Faults that are switched on for a bot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from deploy.sandbox.faults import RuleBase, WireKind
from deploy.sandbox.telegram import errors
from deploy.sandbox.telegram.errors import TelegramError
from deploy.sandbox.telegram.schema import ChatId

Kind = Literal[WireKind, "blocked", "deactivated", "chat_not_found", "unauthorized"]
_OF_A_CHAT = frozenset({"blocked", "deactivated", "chat_not_found"})


class Rule(RuleBase):
    """One fault of a bot's requests."""

    kind: Kind
    method: str | None = None
    """The method it concerns; none means every method (for blocked, deactivated and chat_not_found: sendMessage)."""
    chat_id: int | None = None
    """The chat it concerns; none means every chat."""

    def concerns(self, method: str, chat: ChatId | None) -> bool:
        """Whether it fits a request."""
        wanted = self.method or ("sendMessage" if self.kind in _OF_A_CHAT else None)
        if wanted is not None and wanted.lower() != method.lower():
            return False
        return self.chat_id is None or self.chat_id == chat


class Faults(BaseModel):
    """Everything switched on for a bot."""

    model_config = ConfigDict(extra="forbid")

    rules: list[Rule] = Field(default_factory=list[Rule], max_length=50)
    limits: bool | None = None
    """Whether the bot is held to Telegram's rate limits; left out, that stays as it is."""


@dataclass(frozen=True)
class Struck:
    """The rule that decides about one request."""

    rule: Rule

    def error(self) -> TelegramError | None:
        """Give the answer it makes of itself; None where the rule is about the wire."""
        if self.rule.kind == "429":
            return errors.too_many(self.rule.retry_after)
        make = _ERRORS.get(self.rule.kind)
        return None if make is None else make()


_ERRORS: dict[str, Callable[[], TelegramError]] = {
    "500": lambda: TelegramError(500, "Internal Server Error"),
    "502": lambda: TelegramError(502, "Bad Gateway"),
    "blocked": errors.blocked,
    "deactivated": errors.deactivated,
    "chat_not_found": errors.chat_not_found,
    "unauthorized": errors.unauthorized,
}

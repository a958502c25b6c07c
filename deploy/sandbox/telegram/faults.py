"""Faults on request: rules of a bot, tried in order on each of its requests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from deploy.sandbox.database import Database, unpack
from deploy.sandbox.telegram import errors
from deploy.sandbox.telegram.errors import TelegramError
from deploy.sandbox.telegram.schema import BotId, ChatId

Kind = Literal[
    "429", "500", "502", "silence", "reset", "blocked", "deactivated", "chat_not_found", "unauthorized", "slow"
]
_OF_A_CHAT = frozenset({"blocked", "deactivated", "chat_not_found"})


class Rule(BaseModel):
    """One fault. The first rule that fits a request, and whose dice fall so, decides."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    method: str | None = None
    """The method it concerns; none means every method (for blocked, deactivated and chat_not_found: sendMessage)."""
    chat_id: int | None = None
    """The chat it concerns; none means every chat."""
    rate: float = Field(1.0, ge=0, le=1)
    """The share of fitting requests that it strikes."""
    times: int | None = Field(None, ge=1)
    """How often it strikes before it is gone; none means until it is taken away."""
    retry_after: int = Field(3, ge=1, le=3600)
    """Seconds, of a 429. It stands for the chat where `chat_id` is given, else for the whole bot."""
    seconds: float = Field(1.0, ge=0, le=600)
    """How long a `slow` answer takes; the request itself takes effect at once."""
    delivered: bool = False
    """Of 500, 502, silence and reset: whether the message reached the person although no answer says so."""


class Faults(BaseModel):
    """Everything switched on for a bot."""

    model_config = ConfigDict(extra="forbid")

    rules: list[Rule] = Field(default_factory=list[Rule], max_length=50)
    limits: bool | None = None
    """Whether the bot is held to Telegram's rate limits; left out, that stays as it is."""


class RuleState(Rule):
    """A rule with what is left of it."""

    times_left: int | None = None


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


class FaultRules:
    """The rules as they are kept; they outlive a restart. `dice` gives numbers from 0 to 1."""

    def __init__(self, database: Database, dice: Callable[[], float]) -> None:
        self._database = database
        self._dice = dice

    def of(self, bot: BotId) -> list[RuleState]:
        """List the rules of a bot, in order."""
        rows = self._database.all("SELECT rule, times_left FROM rules WHERE bot_id = ? ORDER BY n", bot)
        return [RuleState(**unpack(row["rule"]), times_left=row["times_left"]) for row in rows]

    def put(self, bot: BotId, rules: list[Rule]) -> None:
        """Put these rules in the place of all others of the bot."""
        with self._database.transaction():
            self._database.run("DELETE FROM rules WHERE bot_id = ?", bot)
            for rule in rules:
                self._database.run(
                    "INSERT INTO rules (bot_id, rule, times_left) VALUES (?, ?, ?)",
                    bot, rule.model_dump_json(), rule.times,
                )  # fmt: skip

    def strike(self, bot: BotId, method: str, chat: ChatId | None) -> Struck | None:
        """Find the rule that this request meets, and count it as used."""
        for row in self._database.all("SELECT n, rule, times_left FROM rules WHERE bot_id = ? ORDER BY n", bot):
            rule = Rule(**unpack(row["rule"]))
            if not _concerns(rule, method, chat) or self._dice() >= rule.rate:
                continue
            if row["times_left"] is not None:
                self._database.run("UPDATE rules SET times_left = times_left - 1 WHERE n = ?", row["n"])
                self._database.run("DELETE FROM rules WHERE n = ? AND times_left <= 0", row["n"])
            return Struck(rule)
        return None


def _concerns(rule: Rule, method: str, chat: ChatId | None) -> bool:
    wanted = rule.method or ("sendMessage" if rule.kind in _OF_A_CHAT else None)
    if wanted is not None and wanted.lower() != method.lower():
        return False
    return rule.chat_id is None or rule.chat_id == chat

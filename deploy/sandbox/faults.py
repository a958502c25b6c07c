"""Faults on request: rules of one account, tried in order on each of its requests."""

from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from deploy.sandbox.database import Database, unpack

WireKind = Literal["429", "500", "502", "silence", "reset", "slow"]
"""Faults that every provider can have. Each has further ones of its own."""

RULES_SCHEMA = """
CREATE TABLE IF NOT EXISTS fault_rules (
  n INTEGER PRIMARY KEY AUTOINCREMENT, whose NOT NULL, rule TEXT NOT NULL, times_left INTEGER);
"""


class RuleBase(BaseModel):
    """One fault. The first rule that fits a request, and whose dice fall so, decides."""

    model_config = ConfigDict(extra="forbid")

    rate: float = Field(1.0, ge=0, le=1)
    """The share of fitting requests that it strikes."""
    times: int | None = Field(None, ge=1)
    """How often it strikes before it is gone; none means until it is taken away."""
    retry_after: int = Field(3, ge=1, le=3600)
    """Seconds, of a 429. It stands for the chat where the rule names one, else for the whole account."""
    seconds: float = Field(1.0, ge=0, le=600)
    """How long a `slow` answer takes; the request itself takes effect at once."""
    delivered: bool = False
    """Of 500, 502, silence and reset: whether the message reached the person although no answer says so."""


R = TypeVar("R", bound=RuleBase)


class FaultRules(Generic[R]):
    """The rules as they are kept; they outlive a restart. `dice` gives numbers from 0 to 1."""

    def __init__(self, database: Database, dice: Callable[[], float], form: type[R]) -> None:
        self._database = database
        self._dice = dice
        self._form = form

    def of(self, whose: int | str) -> list[dict[str, Any]]:
        """List the rules of an account, in order, each with what is left of it."""
        return [{**rule.model_dump(), "times_left": left} for _, rule, left in self._kept(whose)]

    def put(self, whose: int | str, rules: list[R]) -> None:
        """Put these rules in the place of all others of the account."""
        with self._database.transaction():
            self._database.run("DELETE FROM fault_rules WHERE whose = ?", whose)
            for rule in rules:
                self._database.run(
                    "INSERT INTO fault_rules (whose, rule, times_left) VALUES (?, ?, ?)",
                    whose, rule.model_dump_json(), rule.times,
                )  # fmt: skip

    def strike(self, whose: int | str, concerns: Callable[[R], bool]) -> R | None:
        """Find the rule that a request meets, and count it as used."""
        for number, rule, left in self._kept(whose):
            if not concerns(rule) or self._dice() >= rule.rate:
                continue
            if left is not None:
                self._database.run("UPDATE fault_rules SET times_left = times_left - 1 WHERE n = ?", number)
                self._database.run("DELETE FROM fault_rules WHERE n = ? AND times_left <= 0", number)
            return rule
        return None

    def _kept(self, whose: int | str) -> list[tuple[int, R, int | None]]:
        rows = self._database.all("SELECT n, rule, times_left FROM fault_rules WHERE whose = ? ORDER BY n", whose)
        return [(row["n"], self._form(**unpack(row["rule"])), row["times_left"]) for row in rows]

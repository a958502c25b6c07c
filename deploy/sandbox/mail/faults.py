"""Faults of the mail server on request: rules, tried in order at each point of a conversation."""

import random
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Point = Literal["connect", "hello", "sender", "recipient", "text", "end"]
"""Where in a conversation: before a word is said, at EHLO, MAIL, RCPT, DATA, and after the whole text."""


class MailRule(BaseModel):
    """One fault. The first rule that fits decides."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["refuse", "slow", "drop"]
    at: Point = "recipient"
    code: int = Field(451, ge=400, le=599)
    """Of `refuse`: 4xx not now, 5xx never."""
    seconds: float = Field(2.0, ge=0, le=600)
    """Of `slow`: how long it takes; then all goes well."""
    kept: bool = True
    """Of `drop` at the end: whether the email was taken all the same, which nobody is told."""
    recipient: str | None = None
    """Whom it concerns; none means everybody. Before RCPT nobody is known."""
    rate: float = Field(1.0, ge=0, le=1)
    """The share of fitting conversations that it strikes."""
    times: int | None = Field(None, ge=1)
    """How often it strikes before it is gone; none means until it is taken away."""


class MailFaults(BaseModel):
    """All that is switched on."""

    model_config = ConfigDict(extra="forbid")

    rules: list[MailRule] = Field(default_factory=list[MailRule], max_length=50)


class MailFaultRules:
    """The rules that are on. They end with the process."""

    def __init__(self, on_gone: Callable[[], None] = lambda: None) -> None:
        self.rules: list[MailRule] = []
        self._on_gone = on_gone

    def strike(self, at: Point, recipients: list[str]) -> MailRule | None:
        """Find the rule that a conversation meets at this point, and count it as used."""
        for rule in self.rules:
            fits = rule.at == at and (rule.recipient is None or rule.recipient in recipients)
            if not fits or random.random() >= rule.rate:  # noqa: S311 - a fault, no secret
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times == 0:
                    self.rules.remove(rule)
                    self._on_gone()
            return rule
        return None

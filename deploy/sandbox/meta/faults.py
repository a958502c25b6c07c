"""Faults that are switched on for an account."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from deploy.sandbox.faults import RuleBase, WireKind
from deploy.sandbox.meta import errors
from deploy.sandbox.meta.errors import GraphError
from deploy.sandbox.meta.schema import Channel


class Rule(RuleBase):
    """One fault of an account's requests."""

    kind: Literal[WireKind, "error"]
    """`error` answers with Meta's error of the `code`."""
    code: int | None = Field(None, ge=1, le=9_999_999)
    subcode: int | None = Field(None, ge=1, le=99_999_999)
    later: bool = False
    """Of an `error` on WhatsApp: the message is taken, and fails by a status."""
    method: str | None = None
    """`messages`, `account` or `subscribed_apps`; none means `messages` for an `error`, else all."""
    chat_id: str | None = None
    """The chat it concerns; none means every chat."""

    @model_validator(mode="after")
    def _coded(self) -> Self:
        if (self.kind == "error") != (self.code is not None):
            raise ValueError("a rule of kind error, and no other, has a code")
        if self.later and self.kind != "error":
            raise ValueError("only a rule of kind error can fail later")
        return self

    def concerns(self, method: str, chat: str | None) -> bool:
        """Whether it fits a request."""
        wanted = self.method or ("messages" if self.kind == "error" else None)
        if wanted is not None and wanted != method:
            return False
        return self.chat_id is None or self.chat_id == chat

    def error(self, channel: Channel) -> GraphError | None:
        """Give the answer it makes of itself; None where the rule is about the wire."""
        if self.kind == "429":
            return errors.too_many(channel, self.retry_after)
        if self.kind == "500":
            return errors.of_code(1)
        return errors.of_code(self.code, self.subcode) if self.code is not None else None


class Faults(BaseModel):
    """Everything switched on for an account."""

    model_config = ConfigDict(extra="forbid")

    rules: list[Rule] = Field(default_factory=list[Rule], max_length=50)
    limits: bool | None = None
    """Whether the account is held to Meta's rate limits; left out, that stays as it is."""

"""One call of a method, and what comes of it."""

from dataclasses import dataclass

from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.parameters import Parameters
from deploy.sandbox.telegram.state import State


@dataclass(frozen=True)
class Call:
    """A method called by a bot."""

    bot: Bot
    parameters: Parameters
    now: float
    state: State

    @property
    def limited(self) -> bool:
        """Whether rate limits hold for it."""
        return self.bot.limits and self.state.ambient.limits


@dataclass(frozen=True)
class Result:
    """An answer that says ok."""

    value: object
    description: str | None = None
    delivered: bool = False
    """Whether it put a message before the person."""

    def answer(self) -> dict[str, object]:
        """Write the body of the answer."""
        described = {} if self.description is None else {"description": self.description}
        return {"ok": True, "result": self.value, **described}

"""One call of Graph, and what comes of it."""

from dataclasses import dataclass
from typing import Any

from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.errors import GraphError
from deploy.sandbox.meta.state import State


@dataclass(frozen=True)
class Call:
    """Something asked for in an account's name."""

    account: Account
    given: dict[str, Any]
    """The parameters: of the query, and of the body."""
    now: float
    state: State
    fails_later: GraphError | None = None
    """A fault that a message meets after it was taken."""

    @property
    def limited(self) -> bool:
        """Whether rate limits hold for it."""
        return self.account.limits and self.state.ambient.limits

    def text(self, name: str) -> str:
        """Read a parameter as text; empty where it is absent or none."""
        value = self.given.get(name)
        return value if isinstance(value, str) else ""

    def inside(self, name: str) -> dict[str, Any]:
        """Read a parameter that holds others; empty where it is absent or none."""
        value = self.given.get(name)
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class Result:
    """An answer that is no refusal."""

    answer: dict[str, Any]
    delivered: bool = False
    """Whether it put a message before the person."""
    chat_id: str | None = None
    told: int = 0
    """How many updates came of it."""

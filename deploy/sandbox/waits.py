"""Whether somebody keeps to the wait that a 429 told them."""

import math
from collections import deque
from collections.abc import Callable, Hashable, MutableMapping
from dataclasses import dataclass
from typing import TypeVar

GRACE = 0.1
"""Seconds in which a request may cross a 429 on the wire: refused, but no violation."""
REMEMBERED = 20_000
"""Scopes whose last seconds are remembered before idle ones are forgotten."""

V = TypeVar("V")
Scope = tuple[Hashable, Hashable]
"""Whose, and in which chat; None in the second place stands for all of an account's chats."""


@dataclass(frozen=True)
class Owed:
    """A wait that is not over."""

    seconds: int
    violation: bool


@dataclass
class _Wait:
    told_at: float
    until: float


class Waits:
    """Waits by scope. Times are given by the caller, in seconds of one clock."""

    def __init__(self) -> None:
        self._waits: dict[Scope, _Wait] = {}

    def owed(self, whose: Hashable, chat: Hashable, now: float) -> Owed | None:
        """Find the wait that still stands for this account, or for it in this chat."""
        for scope in ((whose, None), (whose, chat)):
            wait = self._waits.get(scope)
            if wait is None:
                continue
            if wait.until > now:
                return Owed(math.ceil(wait.until - now), violation=now > wait.told_at + GRACE)
            del self._waits[scope]
        return None

    def told_to_wait(self, whose: Hashable, chat: Hashable, seconds: float, now: float) -> None:
        """From now on requests of that account (in that chat, if one is named) are refused for so long."""
        self._waits[whose, chat] = _Wait(now, now + seconds)

    def lift(self, whose: Hashable) -> None:
        """Forget what one account owes."""
        _drop(self._waits, lambda scope: scope[0] == whose)


class Windows:
    """What was counted of each scope in the last seconds."""

    def __init__(self) -> None:
        self._counted: dict[Scope, deque[float]] = {}

    def full_for(self, scope: Scope, most: int, seconds: float, now: float) -> float | None:
        """Seconds until one more fits into `most` in any `seconds`; None where it fits already."""
        counted = self._counted.setdefault(scope, deque())
        while counted and counted[0] <= now - seconds:
            counted.popleft()
        return counted[0] + seconds - now if len(counted) >= most else None

    def count(self, now: float, idle_after: float, *scopes: Scope) -> None:
        """Count one in each of the scopes; those idle for `idle_after` seconds are forgotten once there are many."""
        for scope in scopes:
            self._counted.setdefault(scope, deque()).append(now)
        if len(self._counted) > REMEMBERED:
            idle = {scope for scope, counted in self._counted.items() if not counted or counted[-1] <= now - idle_after}
            _drop(self._counted, idle.__contains__)

    def lift(self, whose: Hashable) -> None:
        """Forget what one account did."""
        _drop(self._counted, lambda scope: scope[0] == whose)


def _drop(known: MutableMapping[Scope, V], which: Callable[[Scope], bool]) -> None:
    for scope in [scope for scope in known if which(scope)]:
        del known[scope]

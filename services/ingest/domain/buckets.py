"""Token buckets: how many requests each of many callers may make. Pure: seconds that only ever rise are passed in."""

from collections import OrderedDict
from dataclasses import dataclass

MOST = 50_000
"""Callers that are remembered; the one that was quiet the longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one caller may do."""

    per_second: float
    burst: int


class Buckets:
    """One bucket for each caller."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What was left, and when that was."""

    def take(self, caller: str, now: float, tokens: int = 1) -> float:
        """Take tokens; returns 0, or where there are too few, and none is taken, the seconds until there are enough."""
        left, at = self._left.get(caller, (float(self._rate.burst), now))
        left = min(self._rate.burst, left + (now - at) * self._rate.per_second)
        short = min(tokens, self._rate.burst) - left
        self._left[caller] = (left if short > 0 else left - tokens, now)
        self._left.move_to_end(caller)
        if len(self._left) > MOST:
            self._left.popitem(last=False)
        return max(short, 0.0) / self._rate.per_second

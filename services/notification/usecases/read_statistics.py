"""How it goes with a queue: forms over time, and how long they waited for people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.notification.domain.waits import Histogram, percentile, together
from services.notification.store.request_statistics import RequestStatistics, Stretch

HOURS = 24


@dataclass(frozen=True, slots=True)
class Wait:
    """How long forms waited, in seconds; None where none got so far."""

    count: int
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class OfAgent:
    """What one user did."""

    user_id: str
    taken: int
    to_done: Wait


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of one queue."""

    forms: int
    by_day: Sequence[tuple[str, int]]
    """Every day, also those without any."""
    by_hour: Sequence[int]
    to_view: Wait
    to_take: Wait
    to_done: Wait
    by_agent: Sequence[OfAgent]


class ReadStatistics:
    """Sums them up when asked."""

    def __init__(self, statistics: RequestStatistics) -> None:
        self._statistics = statistics

    async def __call__(self, stretch: Stretch, time_zone: str) -> Statistics:
        by_day, by_hour = await self._statistics.times(stretch, time_zone)
        viewed = await self._statistics.waits(stretch, "first_viewed_at")
        taken = await self._statistics.waits(stretch, "taken_at")
        done = await self._statistics.waits(stretch, "done_at")
        handled = await self._statistics.handled(stretch)
        return Statistics(
            forms=sum(handled.values()),
            by_day=[(day, by_day.get(day, 0)) for day in _days(stretch, time_zone)],
            by_hour=[by_hour.get(hour, 0) for hour in range(HOURS)],
            to_view=_wait(together(viewed.values())),
            to_take=_wait(together(taken.values())),
            to_done=_wait(together(done.values())),
            by_agent=sorted(
                (
                    OfAgent(user_id, count, _wait(done.get(user_id, Counter())))
                    for user_id, count in handled.items()
                    if user_id is not None
                ),
                key=lambda agent: (-agent.taken, agent.user_id),
            ),
        )


def _days(stretch: Stretch, time_zone: str) -> list[str]:
    zone = ZoneInfo(time_zone)
    first = stretch.since.astimezone(zone).date()
    last = (stretch.before - timedelta(milliseconds=1)).astimezone(zone).date()
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _wait(waits: Histogram) -> Wait:
    return Wait(waits.total(), percentile(waits, 0.5), percentile(waits, 0.9))

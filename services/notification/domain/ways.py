"""What an agent wants to be told by, and when not. Times are walls' clocks in the agent's own zone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Way = Literal["sound", "desktop", "push", "email"]
WAYS: tuple[Way, ...] = ("sound", "desktop", "push", "email")
Silence = Literal["off", "quiet"]
"""Why nothing goes to somebody: the queue is off for them, or these are their quiet hours."""
_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of a day to another, over midnight where the second is not later; equal means a whole day."""

    on: bool = False
    begins: str = "20:00"
    ends: str = "08:00"
    days: frozenset[int] = _EVERY_DAY
    """The days on which they begin, Monday is 0."""
    time_zone: str = "UTC"

    def hold(self, now: datetime) -> bool:
        """Tell whether these are quiet hours.

        They go by what the wall's clock shows: an hour that comes twice is quiet twice, one that is left out not at
        all.
        """
        if not self.on:
            return False
        try:
            wall = now.astimezone(ZoneInfo(self.time_zone))
        except (KeyError, ValueError, OSError):
            return False  # a zone that this machine has not heard of must not keep alerts back
        clock, today = wall.strftime("%H:%M"), wall.weekday()
        if self.begins < self.ends:
            return self.begins <= clock < self.ends and today in self.days
        yesterday = (wall.date() - timedelta(days=1)).weekday()
        return (clock >= self.begins and today in self.days) or (clock < self.ends and yesterday in self.days)


@dataclass(frozen=True, slots=True)
class QueueWays:
    """What is different in one queue; None is as everywhere."""

    sound: bool | None = None
    desktop: bool | None = None
    push: bool | None = None
    email: bool | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """An agent's notification settings."""

    sound: bool = True
    desktop: bool = True
    push: bool = True
    email: bool = False
    quiet_hours: QuietHours = QuietHours()
    queues: dict[str, QueueWays] = field(default_factory=dict[str, QueueWays])

    def ways(self, queue_id: str) -> frozenset[Way]:
        """Return what is switched on in a queue, whatever the hour."""
        own = self.queues.get(queue_id, QueueWays())
        if own.off:
            return frozenset()
        chosen = {way: getattr(own, way) for way in WAYS}
        return frozenset(way for way in WAYS if (getattr(self, way) if chosen[way] is None else chosen[way]))

    def silence(self, queue_id: str, now: datetime) -> Silence | None:
        """Return why nothing may go out at this moment; None where something may."""
        if not self.ways(queue_id):
            return "off"
        return "quiet" if self.quiet_hours.hold(now) else None

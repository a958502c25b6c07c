"""When a queue is open: pure, so that whoever shows it and whoever acts on it say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.queues import QueueStateV1, Span

LOOKED_AHEAD_DAYS = 370
"""A queue that opens in no such time is said to open at no known time."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether a queue is open, and until when that holds as far as is known."""

    is_open: bool
    until: datetime | None
    """When it next closes or opens, in UTC; None where nothing says that it ever will."""


def opening_at(queue: QueueStateV1, now: datetime) -> Opening:
    """Say how it stands with a queue at a moment."""
    if not queue.active:
        return Opening(is_open=False, until=None)
    override = queue.override
    if override is not None and (override.until is None or now < override.until):
        if override.until is None:
            return Opening(override.opened, None)
        after = opening_by_hours(queue, override.until)
        return Opening(override.opened, override.until if after.is_open != override.opened else after.until)
    return opening_by_hours(queue, now)


def opening_by_hours(queue: QueueStateV1, now: datetime) -> Opening:
    """Say what the hours alone make of a moment."""
    for opens, closes in open_spans(queue, now, days=LOOKED_AHEAD_DAYS):
        if opens <= now:
            always = closes - now > timedelta(days=LOOKED_AHEAD_DAYS - 1)
            return Opening(is_open=True, until=None if always else closes)
        return Opening(is_open=False, until=opens)
    return Opening(is_open=False, until=None)


def open_spans(queue: QueueStateV1, after: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Give the spans in UTC that end after a moment, in order, those that touch as one, for so many days."""
    joined: tuple[datetime, datetime] | None = None
    for opens, closes in _single_spans(queue, after, days):
        if closes <= after or closes <= opens:  # the clocks may jump over a whole span
            continue
        if joined is not None and opens <= joined[1]:
            joined = (joined[0], max(joined[1], closes))
            continue
        if joined is not None:
            yield joined
        joined = (opens, closes)
    if joined is not None:
        yield joined


def _single_spans(queue: QueueStateV1, after: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    zone = ZoneInfo(queue.time_zone)
    own = {exceptional.day: exceptional.spans for exceptional in queue.exceptions}
    today = after.astimezone(zone).date()
    for day in (today + timedelta(days=number) for number in range(-1, days)):
        for span in sorted(own.get(day, queue.hours[day.weekday()]), key=_opens):
            yield _moment(day, span.opens, zone), _moment(day, span.closes, zone)


def _opens(span: Span) -> str:
    return span.opens


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """Return a time of a day in UTC. One that the clocks leave out is taken to be as much later."""
    hours, minutes = int(clock[:2]), int(clock[3:])
    if hours == 24:  # noqa: PLR2004 - the end of the day
        day, hours = day + timedelta(days=1), 0
    return datetime.combine(day, time(hours, minutes), zone).astimezone(UTC)

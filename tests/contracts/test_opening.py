"""When a queue is open: hours, holidays, the switch by hand, and clocks that jump."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.opening import open_spans, opening_at
from shared.contracts.queues import ExceptionalDay, Override, QueueStateV1, Span

OSLO = ZoneInfo("Europe/Oslo")
NINE_TO_FIVE = (Span(opens="09:00", closes="17:00"),)


def a_queue(**fields: object) -> QueueStateV1:
    week = (NINE_TO_FIVE,) * 5 + ((), ())
    common = {
        "id": "q",
        "time": datetime(2026, 1, 1, tzinfo=UTC),
        "workspace_id": "ws",
        "rev": 1,
        "name": "Service",
        "time_zone": "Europe/Oslo",
        "hours": week,
        "form_key": "f",
    }
    return QueueStateV1.model_validate(common | fields)


def oslo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=OSLO).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "is_open", "until"),
    [
        (oslo(2026, 11, 23, 8, 59), False, oslo(2026, 11, 23, 9)),
        (oslo(2026, 11, 23, 9), True, oslo(2026, 11, 23, 17)),
        (oslo(2026, 11, 23, 17), False, oslo(2026, 11, 24, 9)),
        (oslo(2026, 11, 27, 18), False, oslo(2026, 11, 30, 9)),
        (oslo(2026, 10, 23, 18), False, oslo(2026, 10, 26, 9)),  # over the end of summer time
    ],
)
def test_hours_of_the_week(now: datetime, is_open: bool, until: datetime) -> None:  # noqa: FBT001 - a table
    found = opening_at(a_queue(), now)
    assert (found.is_open, found.until) == (is_open, until)


def test_a_holiday_is_closed_and_an_exception_has_hours_of_its_own() -> None:
    exceptions = (
        ExceptionalDay(day=date(2026, 12, 24), spans=(Span(opens="09:00", closes="11:30"),)),
        ExceptionalDay(day=date(2026, 12, 25)),
    )
    queue = a_queue(exceptions=exceptions)
    assert opening_at(queue, oslo(2026, 12, 24, 10)).until == oslo(2026, 12, 24, 11, 30)
    assert opening_at(queue, oslo(2026, 12, 24, 12)).until == oslo(2026, 12, 28, 9)


def test_spans_that_touch_are_one() -> None:
    through_the_night = (Span(opens="00:00", closes="06:00"), Span(opens="22:00", closes="24:00"))
    queue = a_queue(hours=(through_the_night,) * 7)
    assert opening_at(queue, oslo(2026, 11, 24, 23)).until == oslo(2026, 11, 25, 6)


def test_always_open_has_no_end_and_never_open_no_beginning() -> None:
    always = a_queue(hours=((Span(opens="00:00", closes="24:00"),),) * 7)
    never = a_queue(hours=((),) * 7)
    now = oslo(2026, 11, 24, 12)
    assert (opening_at(always, now).is_open, opening_at(always, now).until) == (True, None)
    assert (opening_at(never, now).is_open, opening_at(never, now).until) == (False, None)


def test_the_switch_by_hand_goes_before_the_hours_until_it_ends() -> None:
    now = oslo(2026, 11, 23, 12)
    shut = a_queue(override=Override(opened=False, until=oslo(2026, 11, 23, 13)))
    assert opening_at(shut, now).is_open is False
    assert opening_at(shut, now).until == oslo(2026, 11, 23, 13)
    assert opening_at(shut, oslo(2026, 11, 23, 13)).is_open is True
    into_the_night = a_queue(override=Override(opened=False, until=oslo(2026, 11, 23, 18)))
    assert opening_at(into_the_night, now).until == oslo(2026, 11, 24, 9)
    for_good = a_queue(override=Override(opened=True))
    assert (opening_at(for_good, oslo(2026, 11, 22, 3)).is_open, opening_at(for_good, now).until) == (True, None)
    assert opening_at(a_queue(active=False), now).is_open is False


@given(
    minutes=st.integers(0, 500_000),
    zone=st.sampled_from(["Europe/Oslo", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
    weekday=st.lists(st.tuples(st.integers(0, 47), st.integers(1, 24)), max_size=3),
)
def test_a_state_holds_until_it_says_and_turns_there(minutes: int, zone: str, weekday: list[tuple[int, int]]) -> None:
    spans = tuple(Span(opens=_clock(half), closes=_clock(min(half + length, 48))) for half, length in weekday)
    queue = a_queue(time_zone=zone, hours=(spans,) * 7)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = opening_at(queue, now)
    if found.until is None:
        assert not spans or all((opens, closes) == (0, 24 * 60) for opens, closes in _minutes(spans)) or found.is_open
        return
    just_before = found.until - timedelta(seconds=1)
    if just_before >= now:
        assert opening_at(queue, just_before).is_open == found.is_open
    assert opening_at(queue, found.until).is_open != found.is_open
    inside = any(opens <= now < closes for opens, closes in open_spans(queue, now, days=3))
    assert inside == found.is_open


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02}:{half_hours % 2 * 30:02}"


def _minutes(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    return [tuple(int(one[:2]) * 60 + int(one[3:]) for one in (span.opens, span.closes)) for span in spans]  # type: ignore[misc]

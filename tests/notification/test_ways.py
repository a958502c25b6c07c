"""Quiet hours go by what the wall's clock shows; queues may differ."""

from datetime import UTC, datetime

import pytest

from services.notification.domain.ways import QueueWays, QuietHours, Wishes

NIGHT = QuietHours(on=True, begins="22:00", ends="07:00", time_zone="Europe/Oslo")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-01-14T20:59", False),  # 21:59 in Oslo
        ("2026-01-14T21:00", True),
        ("2026-01-15T05:59", True),
        ("2026-01-15T06:00", False),
        ("2026-07-15T19:59", False),  # in summer 21:59
        ("2026-07-15T20:00", True),
        ("2026-03-29T00:59", True),  # 01:59, an hour is left out after it
        ("2026-03-29T04:59", True),  # 06:59
        ("2026-03-29T05:00", False),  # 07:00
        ("2026-10-25T05:59", True),  # 06:59, after an hour that came twice
        ("2026-10-25T06:00", False),
    ],
)
def test_quiet_hours_follow_the_wall(moment: str, quiet: bool) -> None:  # noqa: FBT001 - a case
    assert NIGHT.hold(_at(moment)) is quiet


def test_an_hour_that_comes_twice_is_quiet_twice_and_one_that_is_left_out_never() -> None:
    hour = QuietHours(on=True, begins="02:00", ends="03:00", time_zone="Europe/Oslo")

    assert [hour.hold(_at(f"2026-10-25T0{hour_}:30")) for hour_ in range(3)] == [True, True, False]
    assert [hour.hold(_at(f"2026-03-29T0{hour_}:30")) for hour_ in range(3)] == [False, False, False]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday = QuietHours(on=True, begins="22:00", ends="07:00", days=frozenset({4}))

    assert friday.hold(_at("2026-01-16T23:00"))  # Friday
    assert friday.hold(_at("2026-01-17T06:00"))  # its morning is Saturday's
    assert not friday.hold(_at("2026-01-17T23:00"))
    assert not friday.hold(_at("2026-01-16T06:00"))


def test_the_same_time_twice_is_a_whole_day() -> None:
    sunday = QuietHours(on=True, begins="00:00", ends="00:00", days=frozenset({6}))

    assert sunday.hold(_at("2026-01-18T12:00"))
    assert not sunday.hold(_at("2026-01-19T00:00"))


def test_a_queue_may_differ() -> None:
    wishes = Wishes(queues={"qu_1": QueueWays(email=True, sound=False), "qu_2": QueueWays(off=True)})
    noon = _at("2026-01-14T12:00")

    assert wishes.ways("qu_0") == {"sound", "desktop", "push"}
    assert wishes.ways("qu_1") == {"desktop", "push", "email"}
    assert wishes.silence("qu_1", noon) is None
    assert wishes.silence("qu_2", noon) == "off"
    assert Wishes(quiet_hours=NIGHT).silence("qu_0", _at("2026-01-14T23:00")) == "quiet"

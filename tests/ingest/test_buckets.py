"""Token buckets, with a clock of the test's own."""

from services.ingest.domain import buckets
from services.ingest.domain.buckets import Buckets, Rate


def test_a_burst_then_the_rate() -> None:
    found = Buckets(Rate(per_second=2.0, burst=3))
    assert [found.take("a", 10.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert found.take("a", 10.4) > 0
    assert found.take("a", 10.5) == 0
    assert found.take("b", 10.5) == 0
    assert [found.take("a", 100.0) for _ in range(4)][-1] > 0  # no more than the burst is saved up


def test_more_at_once_than_a_burst_waits_for_a_full_one() -> None:
    found = Buckets(Rate(per_second=1.0, burst=3))
    assert found.take("a", 0.0, 2) == 0
    assert found.take("a", 0.0, 50) == 2
    assert found.take("a", 2.0, 50) == 0


def test_who_was_quiet_longest_is_forgotten() -> None:
    found = Buckets(Rate(per_second=1.0, burst=1))
    for number in range(buckets.MOST + 1):
        found.take(str(number), 0.0)
    assert found.take("2", 0.0) > 0
    assert found.take("0", 0.0) == 0

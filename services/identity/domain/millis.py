"""Times as whole milliseconds: what MongoDB keeps, and what is quickest to compare."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_millis(moment: datetime) -> int:
    """Return a time as milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """Return the time. Raises `OverflowError` for one that no calendar has."""
    return _EPOCH + timedelta(milliseconds=millis)

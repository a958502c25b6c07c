"""The time of a change."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time in whole milliseconds: MongoDB keeps no finer ones, and what is compared must be what is kept."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

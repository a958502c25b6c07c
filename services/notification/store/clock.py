"""The database's clock: due times and leases are the same for every process."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from shared.storage.mongo import Database

Clock = Callable[[], Awaitable[datetime]]
ASKED_EVERY_SECONDS = 1.0
"""In between, this process's own clock counts on: one that is set differently is noticed after as long."""


def clock_of(database: Database) -> Clock:
    """Return what knows the database's time, in UTC and whole milliseconds, without asking for it each time."""
    asked: tuple[float, datetime] | None = None

    async def now() -> datetime:
        nonlocal asked
        began = time.monotonic()
        if asked is None or began - asked[0] > ASKED_EVERY_SECONDS:
            answer = await database.command("hello", codec_options=database.codec_options)
            asked = (began + time.monotonic()) / 2, answer["localTime"]
        at, told = asked
        found = told + timedelta(seconds=time.monotonic() - at)
        return found.replace(microsecond=found.microsecond // 1000 * 1000)

    return now

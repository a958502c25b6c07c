"""The database's clock: due times and leases are the same for every process."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from shared.storage.mongo import Database

Clock = Callable[[], Awaitable[datetime]]


def clock_of(database: Database) -> Clock:
    """Return what asks the database for the time, in UTC and whole milliseconds."""

    async def now() -> datetime:
        answer = await database.command("hello", codec_options=database.codec_options)
        return answer["localTime"]

    return now

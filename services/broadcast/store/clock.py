"""The database's clock, as it last told: due times and leases are the same for every process."""

import time
from datetime import UTC, datetime, timedelta

from shared.storage.mongo import Database


class DatabaseClock:
    """Our own clock until the database was asked once. `now` costs nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._base = datetime.now(UTC)
        self._at = time.monotonic()

    def now(self) -> datetime:
        """Return the moment in UTC, in whole milliseconds as the database keeps them."""
        moment = self._base + timedelta(seconds=time.monotonic() - self._at)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    async def ask(self) -> None:
        """Set ourselves by the database. Raises `PyMongoError`."""
        before = time.monotonic()
        answer = await self._database.command("hello", codec_options=self._database.codec_options)
        self._at = (before + time.monotonic()) / 2
        self._base = answer["localTime"]

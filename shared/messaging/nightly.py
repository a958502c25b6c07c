"""Work that is done once a day, in the hour when least happens."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 300.0
SPREAD_SECONDS = 900.0
"""Processes of one service begin at different moments of the first quarter of an hour."""


def next_at(hour: int, now: datetime) -> datetime:
    """Return when it is this hour next, UTC: tomorrow, where it has begun already."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


async def each_night(name: str, hour: int, work: Callable[[], Awaitable[object]]) -> None:
    """Do the work each day at this hour, UTC, for ever. What fails is tried again until it is done."""
    while True:
        now = datetime.now(UTC)
        await asyncio.sleep((next_at(hour, now) - now).total_seconds() + random.uniform(0, SPREAD_SECONDS))  # noqa: S311 - to part ways
        while True:
            try:
                await work()
            except Exception:
                log.exception("nightly work failed; it is tried again", work=name)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                break

"""Work that reads, decides and writes in one transaction, again for as long as somebody else was faster."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.identity.store.stores import Stores
from shared.observability.metrics import RETRIES
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

T = TypeVar("T")
ATTEMPTS = 20
_PAUSE_SECONDS = 0.01


async def until_written(stores: Stores, work: Callable[[Session], Awaitable[T]]) -> T:
    """Run it. Raises `StaleError` where others were faster every time."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return await stores.in_transaction(work)
        except StaleError:
            RETRIES.labels("", "", "stale").inc()
            await asyncio.sleep(_PAUSE_SECONDS * (attempt + 1) * random.random())  # noqa: S311 - to part ways
    return await stores.in_transaction(work)

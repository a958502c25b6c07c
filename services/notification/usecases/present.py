"""Who has the console open: what this process's live streams say, kept as leases for all processes."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from pymongo.errors import PyMongoError

from services.notification.store.presence import Presence, User

log = structlog.get_logger(__name__)

RENEWED_EVERY_SECONDS = 10.0
GATHERED_SECONDS = 0.1
"""Many who come at once, after a restart, are one write."""
PAUSE_SECONDS = 1.0


class Present:
    """Follows who listens. `users` gives them, `changed` is set whenever they may be others."""

    def __init__(self, presence: Presence, users: Callable[[], set[User]], changed: asyncio.Event) -> None:
        self._presence = presence
        self._users = users
        self._changed = changed
        self._told: set[User] = set()

    async def run(self) -> None:
        """Keep the leases for as long as the service runs; at its end let them go at once."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        try:
            while True:
                self._changed.clear()
                try:
                    await self._tell()
                    if loop.time() - renewed >= RENEWED_EVERY_SECONDS:
                        await self._renew()
                        renewed = loop.time()
                except PyMongoError as error:
                    log.warning("presence waits for its database", error=type(error).__name__)
                    await asyncio.sleep(PAUSE_SECONDS)
                    self._changed.set()
                with suppress(TimeoutError):
                    wait = renewed + RENEWED_EVERY_SECONDS - loop.time()
                    await asyncio.wait_for(self._changed.wait(), max(GATHERED_SECONDS, wait))
                await asyncio.sleep(GATHERED_SECONDS)
        finally:
            self._told = set()
            with suppress(PyMongoError):
                await self._presence.leave()

    async def _tell(self) -> None:
        now = self._users()
        if came := now - self._told:
            await self._presence.come(came)
            self._told |= came
        if left := self._told - now:
            await self._presence.go(left)
            self._told -= left

    async def _renew(self) -> None:
        if self._told and await self._presence.renew() < len(self._told):
            await self._presence.come(self._told)  # the database forgot some: it was away for longer than they hold

"""One open stream: who listens, how far they were told, and what wakes them."""

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.web.access import Principal

if TYPE_CHECKING:
    from services.notification.usecases.feed import Feed

HEARTBEAT_SECONDS = 15.0


class Listener:
    """One open stream."""

    def __init__(self, principal: Principal, feed: "Feed") -> None:
        self.principal = principal
        self.feed = feed
        self.at = 0
        """The number up to which it was told, or passed over what is for others."""
        self.marked = 0
        """The number that the other end knows: what it would come back with."""
        self.broken = 0
        """The feed's own, when it was told so."""
        self.over = False
        self._tell = asyncio.Event()
        self._spoke_at = time.monotonic()

    def tell(self) -> None:
        """There may be news."""
        self._tell.set()

    def spoke(self) -> None:
        """Something was said just now."""
        self._spoke_at = time.monotonic()

    @property
    def patience(self) -> float:
        """For how many seconds more the stream may stay silent, whatever happens that is for others."""
        left = self._spoke_at + HEARTBEAT_SECONDS - time.monotonic()
        if self.principal.expires_at is not None:
            left = min(left, (self.principal.expires_at - datetime.now(UTC)).total_seconds() + 0.001)
        return max(left, 0.0)

    async def told(self, seconds: float) -> bool:
        """Wait until there may be news; False when that many seconds went by without."""
        try:
            async with asyncio.timeout(seconds):  # no task for each wait, as `wait_for` makes
                await self._tell.wait()
        except TimeoutError:
            return False
        self._tell.clear()
        return True

    def end(self) -> None:
        """Say goodbye, as soon as the stream gets to it."""
        self.over = True
        self._tell.set()

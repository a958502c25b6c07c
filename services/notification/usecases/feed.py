"""The newest changes of one workspace, read once for all who listen."""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import islice

import structlog
from pymongo.errors import PyMongoError

from services.notification.domain import lines
from services.notification.domain.changes import Numbered
from services.notification.store.live import Live

log = structlog.get_logger(__name__)

KEPT = 4096
"""How many changes are kept in memory. Who falls behind by more has to read the lists again."""
PAGE = 500
PAUSE_SECONDS = 0.5


def follow_on(found: Sequence[Numbered], n: int) -> bool:
    """Tell whether changes follow on a number and on one another, none missing."""
    return [numbered.n for numbered in found] == list(range(n + 1, n + 1 + len(found)))


class Feed:
    """Reads by number, when woken. `newest` counts up without a gap, unless the database lost something."""

    def __init__(self, live: Live, workspace_id: str, *, kept: int = KEPT) -> None:
        self._live = live
        self.workspace_id = workspace_id
        self.newest = 0
        self.broken = 0
        """How often numbers did not follow on one another: everybody has to read the lists again."""
        self.begun = asyncio.Event()
        self._ring: deque[lines.Line] = deque(maxlen=kept)
        self._woken = asyncio.Event()
        self._listeners: set[asyncio.Event] = set()
        self._task = asyncio.create_task(self._run(), name=f"feed {workspace_id}")

    def join(self, tell: asyncio.Event) -> None:
        self._listeners.add(tell)

    def leave(self, tell: asyncio.Event) -> bool:
        """Let a listener go; True when it was the last."""
        self._listeners.discard(tell)
        return not self._listeners

    def close(self) -> None:
        self._task.cancel()

    def wake(self, newest: int | None = None) -> None:
        """Look for changes, unless everything up to `newest` has been read."""
        if newest is None or newest > self.newest:
            self._woken.set()

    def after(self, n: int, limit: int) -> list[lines.Line] | None:
        """Return the lines after a number; None where they are not in memory any more."""
        behind = self.newest - n
        if behind > len(self._ring):
            return None
        begins = len(self._ring) - behind
        return list(islice(self._ring, begins, begins + limit))

    @property
    def oldest(self) -> int:
        """Return the number after which everything is in memory."""
        return self.newest - len(self._ring)

    async def _run(self) -> None:
        while True:
            try:
                if not self.begun.is_set():
                    self.newest = await self._live.newest(self.workspace_id)
                    self.begun.set()
                    self._tell()
                await self._woken.wait()
                self._woken.clear()
                await self._read()
            except PyMongoError as error:
                log.warning("a feed waits for its database", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                self._woken.set()

    async def _read(self) -> None:
        while True:
            found = await self._live.after(self.workspace_id, self.newest, PAGE)
            if not found:
                return
            if follow_on(found, self.newest):
                self._ring.extend(lines.line(numbered) for numbered in found)
                self.newest = found[-1].n
                self._tell()
            else:
                self._begin_again(found[-1].n)
            if len(found) < PAGE:
                return

    async def check(self) -> None:
        """See whether a change was missed, or the database begins anew: it may have been replaced."""
        had = self.newest
        newest = await self._live.newest(self.workspace_id)
        if newest < had:
            self._begin_again(newest)
        self.wake(newest)

    def _begin_again(self, newest: int) -> None:
        log.warning("numbers do not follow on one another", newest=newest, had=self.newest)
        self._ring.clear()
        self.newest = newest
        self.broken += 1
        self._tell()

    def _tell(self) -> None:
        for tell in self._listeners:
            tell.set()

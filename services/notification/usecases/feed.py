"""The newest changes of one workspace, read once for all who listen."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice

import structlog
from pymongo.errors import PyMongoError

from services.notification.domain import lines
from services.notification.domain.changes import Numbered
from services.notification.store.live import Live
from services.notification.usecases.listener import Listener
from services.notification.usecases.queue_book import sees_all

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

    def __init__(
        self, live: Live, workspace_id: str, told_of: Callable[[str | None], Iterable[str]], *, kept: int = KEPT
    ) -> None:
        self._live = live
        self._told_of = told_of
        """Whom the lines of a queue are for, besides those who see all."""
        self.workspace_id = workspace_id
        self.newest = 0
        self.broken = 0
        """How often numbers did not follow on one another: everybody has to read the lists again."""
        self.begun = asyncio.Event()
        self._ring: deque[lines.Line] = deque(maxlen=kept)
        self._woken = asyncio.Event()
        self._listeners: set[Listener] = set()
        self._see_all: set[Listener] = set()
        self._of_user: dict[str, set[Listener]] = {}
        self._passed_over = 0
        """How many lines came since everybody was woken."""
        self._task = asyncio.create_task(self._run(), name=f"feed {workspace_id}")

    def join(self, listener: Listener) -> None:
        self._listeners.add(listener)
        if sees_all(listener.principal):
            self._see_all.add(listener)
        self._of_user.setdefault(listener.principal.id, set()).add(listener)

    def leave(self, listener: Listener) -> bool:
        """Let a listener go; True when it was the last."""
        self._listeners.discard(listener)
        self._see_all.discard(listener)
        theirs = self._of_user[listener.principal.id]
        theirs.discard(listener)
        if not theirs:
            del self._of_user[listener.principal.id]
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
                news = [lines.line(numbered) for numbered in found]
                self._ring.extend(news)
                self.newest = found[-1].n
                self._tell_of(news)
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
        self._passed_over = 0
        for listener in self._listeners:
            listener.tell()

    def _tell_of(self, news: Sequence[lines.Line]) -> None:
        """Wake those whom lines may be for: of hundreds of agents, one queue's few. Who hears of it is asked by them.

        The others catch up when something is for them, and now and then, before it falls out of memory.
        """
        self._passed_over += len(news)
        if any(line.is_open for line in news) or self._passed_over > (self._ring.maxlen or KEPT) // 4:
            self._tell()
            return
        users = chain.from_iterable(line.to if line.to is not None else self._told_of(line.queue_id) for line in news)
        for listener in chain(self._see_all, *(self._of_user.get(user, ()) for user in set(users))):
            listener.tell()

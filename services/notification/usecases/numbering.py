"""Gives their numbers to changes that were committed without, and wakes who listens."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from services.notification.store.live import Live

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0
LEFT_ALONE = timedelta(seconds=1)
"""After so long whoever left a change is taken to be gone, and any process numbers it."""


class Numbering:
    """One at a time for each workspace in this process: what is committed meanwhile goes into the next transaction."""

    def __init__(self, live: Live, wake: Callable[[str, int], None]) -> None:
        self._live = live
        self._wake = wake
        self._wanted: dict[str, list[asyncio.Future[None]]] = {}
        """Workspaces in which something waits, and who waits for it."""
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def soon(self, workspace_id: str) -> None:
        """Have what waits in a workspace numbered. To be called after the commit; returns at once."""
        self._wanted.setdefault(workspace_id, [])
        if workspace_id not in self._tasks:
            name = f"numbering {workspace_id}"
            self._tasks[workspace_id] = asyncio.create_task(self._number(workspace_id), name=name)

    async def now(self, workspace_id: str) -> None:
        """Do so, and wait for it: who comes to listen after their own change has it behind them.

        Never raises: the change is committed. Where the database is away, its number comes later.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.soon(workspace_id)
        self._wanted[workspace_id].append(done)
        await done

    async def _number(self, workspace_id: str) -> None:
        waiting: list[asyncio.Future[None]] = []
        try:
            while workspace_id in self._wanted:
                waiting = self._wanted.pop(workspace_id)
                newest = await self._live.number(workspace_id)
                if newest is not None:
                    self._wake(workspace_id, newest)
                _let_go(waiting)
        except PyMongoError as error:
            log.warning("numbers wait for their database", error=type(error).__name__)
        finally:
            del self._tasks[workspace_id]
            _let_go(waiting + self._wanted.pop(workspace_id, []))

    async def sweep(self) -> None:
        """Have numbered, as long as the service runs, what processes left that died or lost the database."""
        try:
            while True:
                await asyncio.sleep(SWEEP_SECONDS)
                try:
                    for workspace_id in await self._live.forgotten(LEFT_ALONE):
                        self.soon(workspace_id)
                except PyMongoError as error:
                    log.warning("numbers wait for their database", error=type(error).__name__)
        finally:
            for task in list(self._tasks.values()):
                task.cancel()


def _let_go(waiting: Sequence[asyncio.Future[None]]) -> None:
    for done in waiting:
        if not done.done():
            done.set_result(None)

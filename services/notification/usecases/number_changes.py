"""Numbering what changed, so that every page can be told, and told again."""

import asyncio
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

from services.notification.domain.changes import Change, fold
from services.notification.store.live import Live
from shared.contracts.event import Event

AT_ONCE = 8


class NumberChanges:
    """Takes a batch of states: one transaction per workspace."""

    def __init__(self, live: Live, wake: Callable[[str, int], None]) -> None:
        self._live = live
        self._wake = wake
        self._room = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, events: Sequence[Event]) -> None:
        """Give a batch its numbers. The same batch a second time adds nothing."""
        done = await asyncio.gather(
            *(self._number(workspace_id, changes) for workspace_id, changes in fold(events).items()),
            return_exceptions=True,
        )
        for failed in done:
            if isinstance(failed, BaseException):
                raise failed  # one by itself: a group of errors would hide that the database is only away

    async def _number(self, workspace_id: str, changes: Sequence[Change]) -> None:
        turn = self._turns.setdefault(workspace_id, asyncio.Lock())  # clients and chat contacts come side by side
        async with turn, self._room:
            newest = await self._live.add(workspace_id, changes)
        if newest is not None:
            self._wake(workspace_id, newest)

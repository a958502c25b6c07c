"""Numbering what changed, so that every page can be told, and told again."""

import asyncio
from collections.abc import Callable, Sequence

from services.notification.domain.changes import Change, fold
from services.notification.store.chat_owners import ChatOwners
from services.notification.store.live import Live
from shared.contracts.event import Event
from shared.contracts.people import ChatContactStateV1
from shared.storage.erased import ErasedChats, is_erased

AT_ONCE = 8


class NumberChanges:
    """Takes a batch of states: one transaction per workspace."""

    def __init__(
        self, live: Live, owners: ChatOwners, numbering: Callable[[str], None], erased: ErasedChats | None = None
    ) -> None:
        self._live = live
        self._owners = owners
        self._numbering = numbering
        self._room = asyncio.Semaphore(AT_ONCE)
        self._erased = erased

    async def __call__(self, events: Sequence[Event]) -> None:
        """Give a batch its numbers, and keep whose chats are whose. The same batch a second time adds nothing."""
        await self._owners.keep(
            await self._not_erased([event for event in events if isinstance(event, ChatContactStateV1)])
        )
        done = await asyncio.gather(
            *(self._number(workspace_id, changes) for workspace_id, changes in fold(events).items()),
            return_exceptions=True,
        )
        for failed in done:
            if isinstance(failed, BaseException):
                raise failed  # one by itself: a group of errors would hide that the database is only away

    async def _not_erased(self, states: list[ChatContactStateV1]) -> list[ChatContactStateV1]:
        """Leave out states of before an erasure: whose chat it was is gone."""
        if self._erased is None or not states:
            return states
        erased = await self._erased.of({state.id for state in states})
        return [state for state in states if not is_erased(erased, state.id, state.time)] if erased else states

    async def _number(self, workspace_id: str, changes: Sequence[Change]) -> None:
        async with self._room:
            is_news = await self._live.put_news(workspace_id, changes)
        if is_news:
            self._numbering(workspace_id)

"""Who numbers a workspace's changes goes one after the other in a process: in the database they would only collide."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """One lock a workspace, for as long as somebody holds or awaits it."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, workspace_id: str) -> asyncio.Lock:
        return self._turns.setdefault(workspace_id, asyncio.Lock())

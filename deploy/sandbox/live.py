"""Tells open pages that something changed, so that they read it again."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager


class Live:
    """Fan-out of names of things that changed. A slow listener gets each name once, however often it changed."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self.stopping = asyncio.Event()
        """Set when the process stops: streams and withheld answers end with it."""

    def changed(self, *what: str) -> None:
        """Say what changed: `bots`, `requests/<bot>`, `chat/<bot>/<chat>`, `faults/<bot>`, `mail`."""
        for listener in self._listeners:
            listener.add(what)

    def stop(self) -> None:
        """End every stream."""
        self.stopping.set()
        for listener in self._listeners:
            listener.add(())

    async def changes(self, heartbeat: float) -> AsyncIterator[frozenset[str]]:
        """Yield what changed since the last time; an empty set every `heartbeat` seconds without any."""
        with self._listening() as listener:
            while not self.stopping.is_set():
                yield await listener.take(heartbeat)

    @contextmanager
    def _listening(self) -> Generator["_Listener", None, None]:
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self) -> None:
        self._names: set[str] = set()
        self._woken = asyncio.Event()

    def add(self, names: tuple[str, ...]) -> None:
        self._names.update(names)
        self._woken.set()

    async def take(self, longest: float) -> frozenset[str]:
        try:
            await asyncio.wait_for(self._woken.wait(), longest)
        except TimeoutError:
            return frozenset()
        self._woken.clear()
        names, self._names = frozenset(self._names), set()
        return names

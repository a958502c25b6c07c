"""Every visitor who listens in this process: their stream is woken by one watch of the database, and read by number."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from typing import Protocol

import structlog
from pymongo.errors import PyMongoError

from services.ingest.domain import visitor_stream
from services.ingest.store.visitor_lines import VisitorLines
from shared.contracts.ids import chat_contact_id
from shared.observability.metrics import STREAMS

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
"""After that long without news a stream also looks by itself, whatever the watch says."""
CHECK_SECONDS = 1.0
"""How often it is checked whether a site still takes those who listen."""
PAGE = 100
STREAMS_PER_DEVICE = 12
STREAMS_PER_ADDRESS = 200
_NOTHING_YET = object()


class TooManyStreamsError(Exception):
    """This device, or its address, holds as many streams as one may."""


class Says(Protocol):
    """What the site's queue says."""

    def mark(self) -> object:
        """Return what changes whenever it says something else; cheap, and asked every second."""
        ...

    def told(self) -> str:
        """Return what it says now, as JSON."""
        ...


class Listener:
    """One open stream. `may_listen` is asked again and again, and so is what the queue says."""

    def __init__(self, device: str, address: str, may_listen: Callable[[], bool], says: Says) -> None:
        self.device = device
        self.address = address
        self.may_listen = may_listen
        self.says = says
        self.mark: object = _NOTHING_YET
        self.told = asyncio.Event()

    async def is_told(self, seconds: float) -> bool:
        """Wait until there may be news; False when that many seconds went by without."""
        try:
            await asyncio.wait_for(self.told.wait(), seconds)
        except TimeoutError:
            return False
        return True


class VisitorHub:
    """All open streams of visitors."""

    def __init__(self, lines: VisitorLines, draining: asyncio.Event) -> None:
        self._lines = lines
        self._draining = draining
        self._listeners: dict[str, set[Listener]] = {}
        self._held: Counter[str] = Counter()

    def check_room(self, device: str, address: str) -> None:
        """Raise `TooManyStreamsError` where a device or an address holds too many already."""
        if self._held[device] >= STREAMS_PER_DEVICE or self._held[address] >= STREAMS_PER_ADDRESS:
            raise TooManyStreamsError

    async def listen(
        self, workspace_id: str, connection_id: str, listener: Listener, after: int | None
    ) -> AsyncGenerator[bytes]:
        """Give a stream's lines: what came after a number, or else from now on, until it has to end."""
        chat = chat_contact_id(workspace_id, connection_id, listener.device)
        with self._listening(chat, listener):
            try:
                newest = await self._lines.newest(workspace_id, chat)
                at = newest if after is None else min(after, newest)
                yield visitor_stream.ready(newest)
                while not self._has_ended(listener):
                    listener.told.clear()
                    mark = listener.says.mark()
                    if mark != listener.mark:
                        listener.mark = mark
                        yield visitor_stream.state(listener.says.told())
                    found = await self._lines.after(workspace_id, chat, at, PAGE)
                    if found:
                        at = found[-1].n
                        yield b"".join(
                            visitor_stream.message(one.n, one.id, one.at, one.text, one.buttons) for one in found
                        )
                    elif not await listener.is_told(HEARTBEAT_SECONDS):
                        yield visitor_stream.HEARTBEAT
                yield visitor_stream.BYE
            except PyMongoError as error:
                log.warning("a visitor's stream breaks off, the database is away", error=type(error).__name__)

    def _has_ended(self, listener: Listener) -> bool:
        return self._draining.is_set() or not listener.may_listen()

    @contextmanager
    def _listening(self, chat: str, listener: Listener) -> Generator[None]:
        self._listeners.setdefault(chat, set()).add(listener)
        holders = (listener.device, listener.address)
        self._held.update(holders)
        STREAMS.labels("visitor").inc()
        try:
            yield
        finally:
            STREAMS.labels("visitor").dec()
            self._held -= Counter(holders)  # a count of 0 is dropped
            there = self._listeners[chat]
            there.discard(listener)
            if not there:
                del self._listeners[chat]

    async def watch(self) -> None:
        """Wake streams when any process numbered a message. Runs for as long as the service does."""
        while True:
            try:
                async for chat in self._lines.watch():
                    self._wake(self._listeners if chat is None else [chat])
            except PyMongoError as error:
                log.warning("the watch of visitors' messages waits for its database", error=type(error).__name__)
            await asyncio.sleep(CHECK_SECONDS)

    def _wake(self, chats: "dict[str, set[Listener]] | list[str]") -> None:
        for chat in chats:
            for listener in self._listeners.get(chat, ()):
                listener.told.set()

    async def look_after(self) -> None:
        """Wake streams whose queue opens, closes or changes, and end those that may not listen any more."""
        while not self._draining.is_set():
            for listener in [one for there in self._listeners.values() for one in there]:
                if not listener.may_listen() or listener.says.mark() != listener.mark:
                    listener.told.set()
            try:
                await asyncio.wait_for(self._draining.wait(), CHECK_SECONDS)
            except TimeoutError:
                continue
        self._wake(self._listeners)
        await asyncio.Event().wait()  # nothing is left to do until the process ends

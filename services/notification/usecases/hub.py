"""Everybody who listens: who is told, and until when."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from pymongo.errors import PyMongoError

from services.notification.domain import lines
from services.notification.store.live import Live
from services.notification.usecases.feed import PAGE, Feed, follow_on
from services.notification.usecases.listener import Listener
from services.notification.usecases.queue_book import QueueBook
from shared.observability.metrics import STREAMS
from shared.web.access import AccessBook, Principal
from shared.web.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Generator

log = structlog.get_logger(__name__)

CHECK_SECONDS = 1.0
"""How often it is checked whether those who listen still may: a revoked key is out within 5 s."""
POLL_SECONDS = 5.0
RESUMED_AT_MOST = 5000
"""A line that missed more than this is told to read its lists again: that is less work for both."""
STREAMS_PER_CALLER = 64


class Hub:
    """All open streams of this process, and one feed for each workspace that somebody listens to."""

    def __init__(self, live: Live, access: AccessBook, queues: QueueBook, draining: asyncio.Event) -> None:
        self._live = live
        self._access = access
        self._queues = queues
        self._draining = draining
        self._feeds: dict[str, Feed] = {}
        self._listeners: set[Listener] = set()
        self._by_caller: Counter[str] = Counter()
        self.changed = asyncio.Event()
        """Set when somebody has come or gone."""

    def wake(self, workspace_id: str, newest: int) -> None:
        """There are changes up to a number."""
        feed = self._feeds.get(workspace_id)
        if feed is not None:
            feed.wake(newest)

    def users(self) -> set[tuple[str, str]]:
        """Return who holds a stream of this process open: (workspace, user)."""
        everybody = (listener.principal for listener in self._listeners)
        return {(one.workspace_id, one.id) for one in everybody if one.kind == "user"}

    def check_room(self, principal: Principal) -> None:
        """Raise a 429 problem where one caller holds too many streams already."""
        if self._by_caller[principal.id] >= STREAMS_PER_CALLER:
            raise ProblemError(
                429,
                "too-many-streams",
                f"You have {STREAMS_PER_CALLER} live streams open. Close some, or share one among your pages.",
                headers={"Retry-After": "30"},
            )

    async def listen(self, principal: Principal, after: int | None) -> AsyncGenerator[bytes]:
        """Give a stream's lines: what came after a number, or else from now on, until it has to end."""
        with self._listening(principal) as listener:
            try:
                if await self._has_begun(listener, after):
                    listener.at, listener.broken = listener.feed.newest, listener.feed.broken
                    listener.marked = listener.at
                    yield lines.ready(listener.at)
                    if after is not None:
                        async for line in self._missed(listener, after):
                            yield line
                    async for line in self._from_now_on(listener):
                        yield line
                yield lines.BYE
            except PyMongoError as error:
                log.warning("a stream breaks off, the database is away", error=type(error).__name__)

    async def _has_begun(self, listener: Listener, after: int | None) -> bool:
        """Wait until the feed has read as far as the caller has: another process may have been quicker with it."""
        feed = listener.feed
        while not self._has_ended(listener):
            if feed.begun.is_set():
                if after is None or after <= feed.newest:
                    return True
                newest = await self._live.newest(feed.workspace_id)
                if newest <= feed.newest:
                    return True
                feed.wake(newest)
            await listener.told(CHECK_SECONDS)
        return False

    async def _missed(self, listener: Listener, after: int) -> AsyncGenerator[bytes]:
        """Give what came after a number, up to what is in memory."""
        feed = listener.feed
        if not 0 <= feed.newest - after <= RESUMED_AT_MOST:
            yield lines.RESET
            return
        listener.at = after
        while listener.at < feed.oldest and not self._has_ended(listener):
            found = await self._live.after(feed.workspace_id, listener.at, PAGE)
            if not found or not follow_on(found, listener.at):
                listener.at = feed.newest
                yield lines.RESET  # it is not kept any more
                return
            listener.at = found[-1].n
            if heard := self._heard(listener, [lines.line(numbered) for numbered in found]):
                yield heard
        listener.marked = listener.at
        yield lines.mark(listener.at)  # the other end waits for what it knows to be there

    async def _from_now_on(self, listener: Listener) -> AsyncGenerator[bytes]:
        feed = listener.feed
        listener.spoke()
        while not self._has_ended(listener):
            said = b""
            if listener.at < feed.newest or listener.broken != feed.broken:
                said = self._news(listener)
            elif not await listener.told(listener.patience) and not self._has_ended(listener):
                said = self._news(listener) or self._heartbeat(listener)
            if said:
                yield said
                listener.spoke()

    def _news(self, listener: Listener) -> bytes:
        """Return what is to be said of the lines that came since; nothing where they are for others."""
        feed = listener.feed
        found = feed.after(listener.at, PAGE) if listener.broken == feed.broken else None
        listener.broken = feed.broken
        if found is None:  # who reads more slowly than memory forgets; nothing piles up for them
            listener.at = listener.marked = feed.newest
            return lines.RESET
        listener.at += len(found)
        return self._heard(listener, found)

    def _heard(self, listener: Listener, found: Sequence[lines.Line]) -> bytes:
        """Return what of some lines is for this listener. Whom a line is for is asked when it is told."""
        sees = self._queues.sees
        heard = [line for line in found if line.is_open or sees(listener.principal, line.queue_id, line.to)]
        if heard:
            listener.marked = heard[-1].n
        return b"".join(line.said for line in heard)

    def _heartbeat(self, listener: Listener) -> bytes:
        """Say something, so that the line is known to be there; and how far it is, so that coming back is cheap."""
        if listener.marked >= listener.at:
            return lines.HEARTBEAT
        listener.marked = listener.at
        return lines.mark(listener.at)

    def _has_ended(self, listener: Listener) -> bool:
        now = datetime.now(UTC)
        return listener.over or self._draining.is_set() or not self._access.still_holds(listener.principal, now)

    @contextmanager
    def _listening(self, principal: Principal) -> "Generator[Listener]":
        feed = self._feeds.get(principal.workspace_id)
        if feed is None:
            feed = self._feeds[principal.workspace_id] = Feed(self._live, principal.workspace_id, self._queues.told_of)
        listener = Listener(principal, feed)
        feed.join(listener)
        self._listeners.add(listener)
        self._by_caller[principal.id] += 1
        self.changed.set()
        STREAMS.labels("console").inc()
        try:
            yield listener
        finally:
            STREAMS.labels("console").dec()
            self.changed.set()
            self._by_caller -= Counter([principal.id])  # a count of 0 is dropped
            self._listeners.discard(listener)
            if feed.leave(listener) and self._feeds.pop(feed.workspace_id, None):
                feed.close()

    async def watch(self) -> None:
        """Wake feeds when any process numbered something. Runs for as long as the service does."""
        while True:
            try:
                async for told in self._live.watch():
                    if told is None:
                        await self.check_feeds()
                    else:
                        self.wake(*told)
            except PyMongoError as error:
                log.warning("the watch waits for its database", error=type(error).__name__)
            await asyncio.sleep(CHECK_SECONDS)

    async def look_after(self) -> None:
        """End streams whose time is over, and look by ourselves now and then, whatever the watch says."""
        looked_at = time.monotonic()
        while not self._draining.is_set():
            now = datetime.now(UTC)
            for listener in self._listeners:
                if not self._access.still_holds(listener.principal, now):
                    listener.end()
            if time.monotonic() - looked_at > POLL_SECONDS:
                looked_at = time.monotonic()
                await self.check_feeds()
            try:
                await asyncio.wait_for(self._draining.wait(), CHECK_SECONDS)
            except TimeoutError:
                continue
        for listener in self._listeners:
            listener.end()

    async def check_feeds(self) -> None:
        for feed in list(self._feeds.values()):
            try:
                await feed.check()
            except PyMongoError as error:
                log.warning("a feed waits for its database", error=type(error).__name__)

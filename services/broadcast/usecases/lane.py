"""The sending of one connection, by the process that leases it."""

import asyncio
import math
import time
from collections.abc import Sequence

import structlog
from pymongo.errors import PyMongoError

from services.broadcast.channels.sender import ChannelSender
from services.broadcast.domain.delivery import FINAL, Delivery
from services.broadcast.domain.outcomes import NotStarted, Outcome
from services.broadcast.domain.pace import Pace
from services.broadcast.store.leases import Lease
from services.broadcast.store.ledger import Result
from services.broadcast.usecases.requests import Parts, Requests

log = structlog.get_logger(__name__)

LOAD_ROWS = 400
FEW_CHATS = 100
"""Of chats whose rows are loaded: below it more are loaded, before there is nothing left to start."""
MOST_CHATS = 2000
"""Of chats whose rows are loaded and may not start yet."""
SHORTEST_SECONDS = 0.001
CLOSED_SECONDS = 0.1
"""How soon to look again where a tail is stale or the lease is short."""


class Lane:
    """Claims rows as places become free, requests them, and hands on what came of it."""

    def __init__(self, lease: Lease, channel: ChannelSender, in_flight: int, parts: Parts) -> None:
        self.lease = lease
        self._channel = channel
        self._parts = parts
        self._pace = Pace(channel.limits, in_flight)
        self._pace.pause(time.monotonic() + lease.wait)
        self._wake = asyncio.Event()
        self._news = True
        """Whether there may be rows that are not loaded."""
        self._left_out: set[str] = set()
        """Chats that may have rows that are not loaded, since some of theirs were loaded before."""
        self._untidy = True
        """Whether rows may be claimed of which we do not know: of the former holder, or by a claim that got lost."""
        self._requests = Requests(self._pace, channel, parts, lease, self._recorded)
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self.busy_at = time.monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits, nothing is in flight, and no limit remembers anything."""
        return self._pace.is_empty and not self._news

    @property
    def quiet_for(self) -> float:
        """Return for how many seconds no request has started; an hour at most."""
        return min(3600.0, time.monotonic() - self._pace.last_start)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"lane {self.lease.connection_id}")

    def wake(self) -> None:
        """Say that there may be new rows."""
        self._news = True
        self._wake.set()

    def tidy(self) -> None:
        """Have the claims looked through: a claim whose answer was lost may have been made after all."""
        self._untidy = True
        self._wake.set()

    def lose(self) -> None:
        """Start nothing more: somebody else holds the lease."""
        self.lease.holds_until = -math.inf

    async def stop(self) -> None:
        """Start nothing more, and wait until what is in flight is answered and written."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self._requests.answered()
        await self._parts.results.written()

    async def _run(self) -> None:
        """Send until told to stop. Errors of the database are waited out."""
        pause = 0.1
        while not self._stopping:
            self._wake.clear()
            try:
                wait = await self._step()
                pause = 0.1
            except PyMongoError as error:
                log.warning("a sender waits for the database", error=type(error).__name__)
                wait, pause = pause, min(pause * 2, 2.0)
            except Exception:
                log.exception("a sender stumbled; it goes on", connection_id=self.lease.connection_id)
                self._untidy = True
                wait, pause = pause, min(pause * 2, 2.0)
            if wait > 0:
                await self._sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), None if math.isinf(seconds) else seconds)
        except TimeoutError:
            return

    async def _step(self) -> float:
        """Start what may be started now; return the seconds until it makes sense to look again."""
        if self._untidy:
            self._untidy = False
            await self._tidy()
        if self._news and self._pace.chats_waiting < FEW_CHATS:
            await self._load()
        now = time.monotonic()
        if not self._requests.may_start(now):
            return CLOSED_SECONDS if self._pace.chats_waiting else math.inf
        rows = self._pace.take(now)
        if not rows and self._news and self._pace.chats_waiting < MOST_CHATS and self._pace.has_room(now):
            await self._load()  # all that is loaded is held up; others may not be
            return 0.0
        if rows:
            self.busy_at = now
            if self._pace.chats_known > MOST_CHATS:
                self._pace.forget_idle(now)
            await self._claim(rows)
            return 0.0
        return max(SHORTEST_SECONDS, self._pace.next_at(now) - now)

    async def _tidy(self) -> None:
        """Settle claims of which nobody will ever hear.

        What a former holder had in flight may have been sent, and no answer can say so now: unknown. What was claimed
        under our own fence and is not in flight was never requested: planned again.
        """
        lease = self.lease
        try:
            ended = await self._parts.ledger.end_older(lease.connection_id, lease.fence)
            found = await self._parts.ledger.put_back(lease.connection_id, lease.fence, self._pace.in_flight)
        except PyMongoError:
            self._untidy = True
            raise
        self._news = self._news or found > 0
        if ended:
            log.warning("in flight when their sender ended", connection_id=lease.connection_id, unknown=len(ended))
            self._parts.report(ended)

    async def _load(self) -> None:
        """Load rows of chats of which none wait here: in each chat the order is that of the ledger."""
        self._news = False
        without = self._pace.waiting_chats
        try:
            rows = await self._parts.ledger.waiting(self.lease.connection_id, without=without, limit=LOAD_ROWS)
        except PyMongoError:
            self._news = True
            raise
        self._left_out.update(without)
        self._news = self._news or len(rows) == LOAD_ROWS
        now, moment = time.monotonic(), self._parts.clock.now()
        self._pace.load((now + max(0.0, (row.due_at - moment).total_seconds()), row) for row in rows)

    async def _claim(self, rows: Sequence[Delivery]) -> None:
        lease = self.lease
        try:
            claimed = await self._parts.ledger.claim([row.id for row in rows], lease.fence)
        except PyMongoError:
            self._untidy = True
            for row in rows:
                self._pace.not_started()
                self._pace.give_back(row, 0.0)
            raise
        for row in rows:
            if row.id in claimed:
                row.status, row.fence = "sending", lease.fence
                self._requests.start(row)
            else:  # somebody settled it meanwhile
                self._pace.not_started()
                self._let_go(row)

    def _recorded(self, result: Result, outcome: Outcome) -> None:
        """Let go of a row, or put it back in its place, once the ledger says so."""
        row = result.row
        if result.change.status in FINAL:
            self._let_go(row)
        else:
            row.fence = None
            soonest = CLOSED_SECONDS if isinstance(outcome, NotStarted) else 0.0
            self._pace.give_back(row, time.monotonic() + max(result.change.due_in, soonest))
        self._wake.set()

    def _let_go(self, row: Delivery) -> None:
        self._pace.finish(row)
        if row.chat_contact_id in self._left_out and not self._pace.waits(row.chat_contact_id):
            self._left_out.discard(row.chat_contact_id)
            self._news = True

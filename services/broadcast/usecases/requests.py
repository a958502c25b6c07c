"""One request after the other, or many at once: the last look before each, and what its outcome means for the rest."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from pymongo.errors import PyMongoError

from services.broadcast.channels.sender import ChannelSender, SendingAccount
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Forbidden, Limited, NotReached, NotStarted, Outcome, Unknown
from services.broadcast.domain.pace import Pace
from services.broadcast.domain.settle import back_off
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.leases import Lease, Leases
from services.broadcast.store.ledger import Ledger, Result
from services.broadcast.usecases.gate import Gate
from services.broadcast.usecases.record_results import RecordResults

log = structlog.get_logger(__name__)

CROSSING_SECONDS = 0.1
"""Added to a `Retry-After`: the provider counts from when it answered, by a clock of its own."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What every connection's sending in a process shares."""

    ledger: Ledger
    leases: Leases
    clock: DatabaseClock
    gate: Gate
    results: RecordResults
    report: Callable[[Sequence[Delivery]], None]


class Requests:
    """The requests of one connection that are under way. `recorded` is called when a result is in the ledger."""

    def __init__(
        self,
        pace: Pace,
        channel: ChannelSender,
        parts: Parts,
        lease: Lease,
        recorded: Callable[[Result, Outcome], None],
    ) -> None:
        self._pace = pace
        self._channel = channel
        self._parts = parts
        self._lease = lease
        self._recorded = recorded
        self._unreached = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, row: Delivery) -> None:
        """Request a row that was claimed."""
        task = asyncio.create_task(self._request(row))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def answered(self) -> None:
        """Wait until none is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def may_start(self, now: float) -> bool:
        """Tell whether a request may start: it must end within the lease, and upon what we know to be fresh."""
        return (
            self._lease.left(now) > self._channel.timeout
            and self._parts.gate.is_open()
            and self._parts.gate.account(self._lease.connection_id) is not None
        )

    async def _request(self, row: Delivery) -> None:
        try:
            outcome = await self._outcome(row)
        except Exception as error:
            log.exception("a request went wrong on our side", delivery_id=row.id)
            outcome = Unknown(f"an error of ours: {type(error).__name__}")
        now = time.monotonic()
        if isinstance(outcome, Limited) and not outcome.chat_alone:
            self._pace.pause(now + outcome.retry_after + CROSSING_SECONDS)
            await self._keep_pause(outcome.retry_after)
        elif isinstance(outcome, NotReached):
            if not self._pace.is_paused(now):  # one step for all that were under way together
                self._pace.pause(now + back_off(self._unreached) / 2)
                self._unreached += 1
        elif not isinstance(outcome, NotStarted):
            self._unreached = 0
        self._parts.results.take(row, outcome, self._recorded)

    async def _outcome(self, row: Delivery) -> Outcome:
        """Look once more, and make the request. There is no wait between the look and the start."""
        now = time.monotonic()
        account = self._parts.gate.account(row.connection_id)
        refusal = account if isinstance(account, Forbidden) else self._parts.gate.refusal(row)
        may_start = not self._pace.is_paused(now) and self.may_start(now)
        if refusal is not None or not isinstance(account, SendingAccount) or not may_start:
            self._pace.not_started()
            return NotStarted() if refusal is None else refusal
        self._pace.started(row, now)
        return await self._channel.send(account, row)

    async def _keep_pause(self, seconds: float) -> None:
        """Keep a 429 for whoever holds this connection next, before its row is let go."""
        try:
            await self._parts.leases.pause(self._lease, seconds)
        except PyMongoError as error:
            log.warning("a pause is kept by this process alone", error=type(error).__name__)

"""Escalation: what is due is done by whichever process is first, once, until somebody looks or the lead is told."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from services.notification.domain.changes import about_request
from services.notification.domain.escalation import Advance, Pace, advance, next_due
from services.notification.domain.queue import Queue
from services.notification.store.clock import Clock
from services.notification.store.live import Live
from services.notification.store.queues import Queues
from services.notification.store.requests import Requests
from services.notification.store.timers import Timer, Timers
from services.notification.usecases.circles import Circles
from services.notification.usecases.tell_step import Done, TellSteps
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction

log = structlog.get_logger(__name__)

BATCH = 200
POLL_SECONDS = 0.5
MEND_EVERY_SECONDS = 10.0


def pace_of(queue: Queue) -> Pace:
    """Return how a queue escalates."""
    return Pace(timedelta(seconds=queue.escalate_after_seconds), queue.colleagues_asked)


class Escalate:
    """Claims timers in batches; the steps of one workspace's are one transaction."""

    def __init__(
        self,
        *,
        client: Client,
        clock: Clock,
        timers: Timers,
        queues: Queues,
        circles: Circles,
        tell: TellSteps,
        live: Live,
        requests: Requests,
        numbering: Callable[[str], None],
        told: Callable[[], None],
    ) -> None:
        self._client = client
        self._clock = clock
        self._timers = timers
        self._queues = queues
        self._circles = circles
        self._tell = tell
        self._live = live
        self._requests = requests
        self._numbering = numbering
        self._told = told
        """Called when emails or pushes may wait."""

    async def run(self) -> None:
        """Do what falls due, for as long as the service runs."""
        mended = 0.0
        while True:
            try:
                if (now := asyncio.get_running_loop().time()) - mended > MEND_EVERY_SECONDS:
                    await self._timers.mend()
                    mended = now
                while await self.once() == BATCH:
                    pass
            except PyMongoError as error:
                log.warning("escalation waits for its database", error=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def once(self) -> int:
        """Do what is due now; returns how many forms that were."""
        claimed = await self._timers.claim(BATCH)
        by_workspace: dict[str, list[Timer]] = {}
        for timer in claimed:
            by_workspace.setdefault(timer.workspace_id, []).append(timer)
        for workspace_id, timers in by_workspace.items():
            await self._do(workspace_id, timers)
        return len(claimed)

    async def _do(self, workspace_id: str, timers: Sequence[Timer]) -> None:
        queues = await self._queues.or_unknown(workspace_id, {timer.queue_id for timer in timers})
        now = await self._clock()
        standing = await self._circles.standing(workspace_id, [queue.state for queue in queues.values()], now)

        async def work(session: Session) -> None:
            held = await self._timers.held(timers, session)
            ours = [timer for timer in timers if timer.request_id in held]
            if not ours:
                return
            emailed = await self._tell.emails.emailed(workspace_id, [timer.request_id for timer in ours], session)
            advances: list[tuple[Timer, Queue, Advance]] = []
            for timer in ours:
                queue = queues[timer.queue_id]
                circle = standing.circle(queue.state, emailed.get(timer.request_id, ()))
                advances.append((timer, queue, advance(timer.progress, pace_of(queue), circle)))
            await self._timers.go_on(
                [
                    (timer, found.progress, None if found.is_over else next_due(timer.due_at, now, pace_of(queue)))
                    for timer, queue, found in advances
                ],
                now,
                session,
            )
            lines = await self._tell.write(workspace_id, _done(advances), now, session)
            told = await self._requests.tell_again(workspace_id, [timer.request_id for timer in ours], session)
            lines += [about_request(id_, rev, queue_id) for id_, (rev, queue_id) in told.items()]
            await self._live.put(workspace_id, lines, session)

        await in_transaction(self._client, work)
        self._told()
        self._numbering(workspace_id)


def _done(advances: Sequence[tuple[Timer, Queue, Advance]]) -> list[Done]:
    return [
        Done(timer.request_id, timer.queue_id, number, step)
        for timer, _, found in advances
        for number, step in enumerate(found.steps, start=timer.progress.steps + 1)
    ]

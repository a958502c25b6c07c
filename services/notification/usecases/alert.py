"""The two ends of an escalation: a form comes in, and somebody looks. Both are parts of others' transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notification.domain.escalation import at_intake
from services.notification.domain.queue import Queue
from services.notification.store.steps import Steps
from services.notification.store.timers import NewTimer, Timers
from services.notification.usecases.attention import NewForm
from services.notification.usecases.circles import Circles, Standing
from services.notification.usecases.escalate import pace_of
from services.notification.usecases.tell_step import Done, TellSteps
from shared.storage.mongo import Session


@dataclass(frozen=True, slots=True)
class Ready:
    """What was read before the transaction, for it to stay short."""

    workspace_id: str
    queues: Mapping[str, Queue]
    standing: Standing
    now: datetime


class Alert:
    """Begins and ends escalations."""

    def __init__(self, *, timers: Timers, circles: Circles, tell: TellSteps, steps: Steps) -> None:
        self._steps = steps
        self._timers = timers
        self._circles = circles
        self._tell = tell

    async def prepare(self, workspace_id: str, queues: Mapping[str, Queue], now: datetime) -> Ready:
        """Read how it stands with everybody whom forms in these queues concern."""
        standing = await self._circles.standing(workspace_id, [queue.state for queue in queues.values()], now)
        return Ready(workspace_id, queues, standing, now)

    async def begin(self, ready: Ready, forms: Sequence[NewForm], session: Session) -> bool:
        """Tell the members of new forms, and wind up their timers, in the transaction that takes them in.

        The forms' own live lines are the caller's. Returns whether emails or pushes wait to go out.
        """
        known = [(form, ready.queues[form.queue_id]) for form in forms]
        await self._timers.start(
            ready.workspace_id,
            [
                NewTimer(form.request_id, form.queue_id, form.at, ready.now + pace_of(queue).after)
                for form, queue in known
            ],
            ready.now,
            session,
        )
        done = [
            Done(form.request_id, form.queue_id, 0, at_intake(ready.standing.circle(queue.state).members))
            for form, queue in known
        ]
        await self._tell.write(ready.workspace_id, done, ready.now, session)
        return any(one.step.by("email") or one.step.by("push") for one in done)

    async def end(self, workspace_id: str, request_ids: Sequence[str], now: datetime, session: Session) -> None:
        """Let nothing more go out, in the transaction that notes that somebody looked."""
        await self._timers.stop(workspace_id, request_ids, session)
        await self._tell.stop(workspace_id, request_ids, now, session)

    async def next_of(self, workspace_id: str, request_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        """Return how many steps are done and when the next is due, of those whose escalation goes on."""
        return await self._timers.next_of(workspace_id, request_ids)

    async def steps_of(self, workspace_id: str, request_id: str) -> Sequence[Mapping[str, Any]]:
        """Return a request's steps in their order: at, kind, reached, skipped, and what became of their emails."""
        emails: dict[str, list[dict[str, str | None]]] = {}
        for email in await self._tell.emails.of_request(workspace_id, request_id):
            told = {"user_id": email.user_id, "status": email.status, "reason": email.reason}
            emails.setdefault(email.why, []).append(told)
        return [
            {**step, "emails": emails.get(step["kind"], [])} for step in await self._steps.of(workspace_id, request_id)
        ]

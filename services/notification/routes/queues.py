"""Queues: opening hours, forms, members."""

from collections.abc import Awaitable, Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from fastapi import APIRouter

from services.notification.domain.queue import Queue
from services.notification.routes.queue_shapes import (
    MemberList,
    MemberOut,
    OverrideIn,
    QueueChange,
    QueueIn,
    QueueList,
    QueueNow,
    QueueNowInFull,
    QueueOut,
    SpanAt,
    queue_out,
)
from services.notification.store.queues import MOST, Queues
from services.notification.usecases.manage_queues import (
    BadQueueError,
    DeletedQueueError,
    FedElsewhereError,
    ManageQueues,
    NewerQueueError,
    NoSuchQueueError,
    TooManyQueuesError,
)
from shared.contracts.opening import open_spans, opening_at
from shared.contracts.queues import Override
from shared.storage.transactions import StaleError
from shared.web.access import AccessBook, Principal, ReadsQueues, WritesQueues
from shared.web.problems import FieldError, ProblemError, not_found

Online = Callable[[str, Sequence[str]], Awaitable[Collection[str]]]
"""Given a workspace and users, returns those who have a live stream open somewhere."""
SHOWN_DAYS = 14


def _problem(error: Exception) -> ProblemError:
    match error:
        case NoSuchQueueError():
            return not_found("queue")
        case DeletedQueueError():
            return ProblemError(409, "queue-deleted", "This queue was deleted. Make a new one.")
        case BadQueueError():
            found = [FieldError(field=fault.field, message=fault.message) for fault in error.faults]
            return ProblemError(422, "invalid", "; ".join(f"{f.field}: {f.message}" for f in found[:3]), errors=found)
        case FedElsewhereError():
            words = f"This connection feeds the queue {error.other.state.name} already. Take it out there first."
            return ProblemError(
                409,
                "feeds-another-queue",
                words,
                errors=[FieldError(field=error.field, message=words)],
                more={"queue": {"id": error.other.id, "name": error.other.state.name}},
            )
        case TooManyQueuesError():
            return ProblemError(409, "too-many-queues", f"There are {MOST} queues already. Delete one first.")
        case _:
            return ProblemError(
                409, "changed-meanwhile", "Somebody changed this queue at the same moment. Do it once more."
            )


_REFUSED = (NoSuchQueueError, DeletedQueueError, BadQueueError, FedElsewhereError, TooManyQueuesError, StaleError)


@contextmanager
def told() -> Generator[None]:
    """Answer what a use case refuses with a problem."""
    try:
        yield
    except _REFUSED as error:
        raise _problem(error) from error


class QueuesShown:
    """Reads queues, and shows them to who asks."""

    def __init__(self, queues: Queues, origin: str) -> None:
        self._queues = queues
        self._origin = origin

    async def one(self, who: Principal, queue_id: str) -> Queue:
        """Return a queue of the caller's workspace. Raises a 404 problem."""
        found = await self._queues.one(who.workspace_id, queue_id)
        if found is None:
            raise not_found("queue")
        return found

    async def all(self, who: Principal) -> list[QueueOut]:
        return [self.shown(queue, who) for queue in await self._queues.of(who.workspace_id)]

    def shown(self, queue: Queue, who: Principal) -> QueueOut:
        return queue_out(queue, _now(queue), who.id, self._origin)


def queue_routes(manage: ManageQueues, queues: QueuesShown) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["queues"])
    shown = queues.shown

    @routes.get("/queues")
    async def list_queues(who: ReadsQueues) -> QueueList:
        """List the workspace's queues, the oldest first."""
        items = await queues.all(who)
        return QueueList(items=items, total=len(items))

    @routes.post("/queues", status_code=201)
    async def add_queue(who: WritesQueues, asked: QueueIn) -> QueueOut:
        """Make a queue. What is wrong is told at each field; a connection feeds one queue at most."""
        with told():
            return shown(await manage.add(who.workspace_id, asked.draft()), who)

    @routes.get("/queues/{queue_id}")
    async def get_queue(who: ReadsQueues, queue_id: str) -> QueueOut:
        """Show one queue, deleted or not."""
        return shown(await queues.one(who, queue_id), who)

    @routes.patch("/queues/{queue_id}")
    async def change_queue(who: WritesQueues, queue_id: str, asked: QueueChange) -> QueueOut:
        """Change a queue. Where somebody was faster, 409 shows the queue as it is now, under `newer`."""
        try:
            with told():
                return shown(await manage.change(who.workspace_id, queue_id, asked.rev, asked.settings()), who)
        except NewerQueueError as error:
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed this queue since you read it. Look at `newer`, and send your change with its rev.",
                more={"newer": shown(error.newer, who).model_dump(mode="json")},
            ) from error

    @routes.delete("/queues/{queue_id}", status_code=204)
    async def delete_queue(who: WritesQueues, queue_id: str) -> None:
        """Delete a queue: its connections are free again, and what was left in it stays in the log."""
        with told():
            await manage.delete(who.workspace_id, queue_id)

    return routes


def opening_routes(manage: ManageQueues, queues: QueuesShown, access: AccessBook, online: Online) -> APIRouter:
    """Make the routes that say who is there: the queue, and its members."""
    routes = APIRouter(tags=["queues"])
    shown = queues.shown

    @routes.put("/queues/{queue_id}/override")
    async def switch_queue(who: WritesQueues, queue_id: str, asked: OverrideIn) -> QueueOut:
        """Open or close a queue by hand, whatever its hours say."""
        with told():
            override = Override(opened=asked.opened, until=asked.until)
            return shown(await manage.override(who.workspace_id, queue_id, override), who)

    @routes.delete("/queues/{queue_id}/override")
    async def leave_queue_to_its_hours(who: WritesQueues, queue_id: str) -> QueueOut:
        """Take the switch by hand away: the hours say when it is open."""
        with told():
            return shown(await manage.override(who.workspace_id, queue_id, None), who)

    @routes.get("/queues/{queue_id}/now")
    async def queue_now(who: ReadsQueues, queue_id: str) -> QueueNowInFull:
        """Tell whether a queue is open, until when, and when it is open in the next two weeks."""
        queue = await queues.one(who, queue_id)
        spans = open_spans(queue.state, datetime.now(UTC), days=SHOWN_DAYS) if queue.state.active else ()
        return QueueNowInFull(
            **_now(queue).model_dump(),
            time_zone=queue.state.time_zone,
            override=queue.state.override,
            spans=[SpanAt(opens=opens, closes=closes) for opens, closes in spans],
        )

    @routes.get("/queues/{queue_id}/members")
    async def list_members(who: ReadsQueues, queue_id: str) -> MemberList:
        """List the members of a queue who may act, and who of them is online."""
        queue = await queues.one(who, queue_id)
        found = [access.user(who.workspace_id, id_) for id_ in queue.state.members]
        acting = [user for user in found if user is not None and user.active]
        there = await online(who.workspace_id, [user.id for user in acting])
        items = [MemberOut(id=user.id, name=user.name, online=user.id in there) for user in acting]
        return MemberList(items=items, total=len(items))

    return routes


def _now(queue: Queue) -> QueueNow:
    opening = opening_at(queue.state, datetime.now(UTC))
    return QueueNow(is_open=opening.is_open, until=opening.until)

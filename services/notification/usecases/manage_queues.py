"""Making, changing and deleting queues: checked, saved, told of in one transaction, and published."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.notification.domain.changes import about_queue
from services.notification.domain.queue import Queue, QueueDraft, deleted, new_queue, with_draft, with_override
from services.notification.domain.queue_check import Fault, Known, faults, too_large
from services.notification.store.live import Live
from services.notification.store.queues import MOST, Queues
from services.notification.usecases.connection_book import ConnectionBook
from services.notification.usecases.queue_book import QueueBook
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.contracts.queues import Override
from shared.contracts.scopes import ROLE_SCOPES
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction, is_duplicate
from shared.web.access import AccessBook

log = structlog.get_logger(__name__)


class NoSuchQueueError(Exception):
    """There is none, or it is another workspace's."""


class DeletedQueueError(Exception):
    """The queue was deleted, and changes no more."""


class NewerQueueError(Exception):
    """Somebody changed the queue since the caller read it."""

    def __init__(self, newer: Queue) -> None:
        super().__init__(newer.id)
        self.newer = newer


class BadQueueError(Exception):
    """Something about it is wrong; `faults` says all of it."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = found


class FedElsewhereError(Exception):
    """A connection feeds another queue already."""

    def __init__(self, field: str, other: Queue) -> None:
        super().__init__(other.id)
        self.field = field
        self.other = other


class TooManyQueuesError(Exception):
    """The workspace has as many queues as there may be."""


class ManageQueues:
    """Everything that an admin does with queues."""

    def __init__(
        self,
        *,
        client: Client,
        queues: Queues,
        live: Live,
        outbox: Outbox,
        book: QueueBook,
        connections: ConnectionBook,
        access: AccessBook,
        numbering: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._queues = queues
        self._live = live
        self._outbox = outbox
        self._book = book
        self._connections = connections
        self._access = access
        self._numbering = numbering

    async def add(self, workspace_id: str, draft: QueueDraft) -> Queue:
        """Make a queue. Raises `BadQueueError`, `FedElsewhereError`, `TooManyQueuesError`."""
        self._check(workspace_id, draft, None)
        if len(await self._queues.of(workspace_id)) >= MOST:
            raise TooManyQueuesError
        queue = new_queue(new_id("q"), workspace_id, f"f_{secrets.token_hex(12)}", draft, _now())
        await self._write(queue, new=True)
        return queue

    async def change(self, workspace_id: str, queue_id: str, rev: int, wanted: dict[str, Any]) -> Queue:
        """Change what is named of a queue. Raises as `add` does, `NewerQueueError` and `DeletedQueueError`."""
        there = await self._acting(workspace_id, queue_id)
        if there.rev != rev:
            raise NewerQueueError(there)
        draft = replace(there.draft, **wanted)
        self._check(workspace_id, draft, there)
        changed = with_draft(there, draft, _now())
        try:
            await self._write(changed)
        except StaleError:
            raise NewerQueueError(await self._one(workspace_id, queue_id)) from None
        return changed

    async def override(self, workspace_id: str, queue_id: str, override: Override | None) -> Queue:
        """Switch a queue by hand, or leave it to its hours again. Raises `DeletedQueueError`."""
        there = await self._acting(workspace_id, queue_id)
        now = _now()
        if override is not None and override.until is not None and override.until <= now:
            raise BadQueueError([Fault("until", "This is over already; leave it out to switch until you set it back.")])
        changed = with_override(there, override, now)
        if there.state.override != override:
            await self._write(changed)
            return changed
        return there

    async def delete(self, workspace_id: str, queue_id: str) -> None:
        """Delete a queue; doing so again changes nothing. What was left in it stays in the log."""
        there = await self._one(workspace_id, queue_id)
        if there.state.active:
            await self._write(deleted(there, _now()))

    async def _acting(self, workspace_id: str, queue_id: str) -> Queue:
        there = await self._one(workspace_id, queue_id)
        if not there.state.active:
            raise DeletedQueueError
        return there

    async def _one(self, workspace_id: str, queue_id: str) -> Queue:
        found = await self._queues.one(workspace_id, queue_id)
        if found is None:
            raise NoSuchQueueError
        return found

    def _check(self, workspace_id: str, draft: QueueDraft, there: Queue | None) -> None:
        """Raise `BadQueueError` for what is wrong. Whom or what the queue has already it may keep."""
        users = {u.id for u in self._access.users_of(workspace_id) if "requests:read" in ROLE_SCOPES[u.role]}
        connections = set(self._connections.ids_of(workspace_id))
        if there is not None:
            users |= {*there.state.members, *filter(None, [there.state.lead])}
            connections |= set(there.state.connection_ids)
        found = faults(draft, Known(connections, users))
        if not found and too_large(new_queue("q", workspace_id, "f", draft, _now()).state.model_dump_json()):
            found = [Fault("form", "All words of this queue together are too long; shorten them.")]
        if found:
            raise BadQueueError(found)

    async def _write(self, queue: Queue, *, new: bool = False) -> None:
        keys = {topics.QUEUE: [queue.id]}
        workspace_id = queue.state.workspace_id

        async def work(session: Session) -> ObjectId:
            if new:
                await self._queues.add(queue, session)
            else:
                await self._queues.save(queue, session)
            await self._live.put(workspace_id, [about_queue(queue.id, queue.rev)], session)
            return await self._outbox.note(keys, session)

        try:
            row = await in_transaction(self._client, work)
        except PyMongoError as error:
            if is_duplicate(error) and (taken := await self._taken(queue)):
                raise taken from error
            raise
        self._book.learn(queue.state)
        await self._numbering(workspace_id)
        try:
            await self._outbox.publish(row, keys, {topics.QUEUE: [queue.state]})
        except (BrokerAwayError, KafkaError) as error:  # it is committed: to say otherwise would be wrong
            log.warning("the outbox will publish it later", queue_id=queue.id, error=type(error).__name__)

    async def _taken(self, queue: Queue) -> FedElsewhereError | None:
        """Say which other queue one of the connections feeds."""
        ids = queue.state.connection_ids
        for other in await self._queues.fed_by(queue.state.workspace_id, ids):
            if other.id != queue.id:
                n = next(n for n, id_ in enumerate(ids) if id_ in other.state.connection_ids)
                return FedElsewhereError(f"connection_ids.{n}", other)
        return None


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

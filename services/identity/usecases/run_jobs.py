"""Jobs are worked on: any process may, one at a time holds the lease of a job, and whoever comes next goes on.

Each transaction changes at most 500 clients, and saves the job's place with the outbox's row: after a crash nobody is
changed twice and nobody is left out. What was changed is published while the next ones are written, and never more
than one transaction's worth waits: the broker away holds a job up, not the hot path.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import OperationFailure, PyMongoError

from services.identity.domain.client import Client
from services.identity.domain.jobs import FAULTS_KEPT, Fault, Job
from services.identity.domain.millis import to_millis
from services.identity.store.client_lists import ClientLists
from services.identity.store.jobs import LeaseLostError
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.actions.step import CannotGoOnError, Step
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts import topics
from shared.contracts.topics import Topic
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

log = structlog.get_logger(__name__)

LEASE_SECONDS = 10.0
SLICE_SECONDS = 2.0
"""So long one job is worked on before another one that waits has its turn."""
IDLE_SECONDS = 1.0
PAUSE_SECONDS = 1.0
"""After something that passes by itself."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The next clients of a job, and the place that is reached with them."""

    clients: Sequence[Client]
    place: str
    faults: tuple[Fault, ...] = ()
    """Of ids that lead to nobody."""

    @property
    def seen(self) -> int:
        return len(self.clients) + len(self.faults)


@dataclass(frozen=True, slots=True)
class _Written:
    job: Job
    """As it is saved."""
    changed: Sequence[Client]
    row: ObjectId | None
    keys: Mapping[Topic, Sequence[str]]


class RunJobs:
    """Works on whatever jobs there are."""

    def __init__(
        self,
        stores: Stores,
        outbox: Outbox,
        steps: Mapping[str, Step],
        clock: Callable[[], datetime] = now_in_millis,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._stores = stores
        self._outbox = outbox
        self._steps = steps
        self._clock = clock
        self._lists = ClientLists(stores.clients, stores.crowds)
        self._owner = secrets.token_hex(8)
        self._lease_seconds = lease_seconds
        self._publishing: asyncio.Task[None] | None = None
        self.wanted = asyncio.Event()
        """Set where somebody made a job in this process: nobody need wait for the next look."""

    async def run(self) -> None:
        """Work for ever."""
        while True:
            self.wanted.clear()
            try:
                idle = not await self.take_one()
            except (PyMongoError, StaleError) as error:
                log.warning("jobs wait", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if idle:
                try:
                    await asyncio.wait_for(self.wanted.wait(), IDLE_SECONDS)
                except TimeoutError:
                    continue

    async def take_one(self) -> bool:
        """Work on one job for a while; False where there is none to work on."""
        job = await self._stores.jobs.take(self._owner, self._lease_seconds)
        if job is None:
            return False
        try:
            await self._work(job)
        except LeaseLostError:
            log.info("a job is somebody else's now", job=job.id)
        except CannotGoOnError as error:
            await self._stores.jobs.end(job, "failed", self._clock(), str(error))
        except (PyMongoError, StaleError):
            await self._stores.jobs.release(job)
            raise
        except Exception:
            log.exception("a job failed", job=job.id, kind=job.kind)
            await self._stores.jobs.end(job, "failed", self._clock(), "ours")
        finally:
            await self._published()
        return True

    async def _work(self, job: Job) -> None:
        step, until, size = self._steps[job.kind], time.monotonic() + SLICE_SECONDS, self._steps[job.kind].at_once
        while time.monotonic() < until:
            job = await self._stores.jobs.renew(job, self._lease_seconds)
            if job.cancel and job.may_cancel:
                await self._stores.jobs.end(job, "cancelled", self._clock())
                return
            try:
                written = await self._stores.in_transaction(partial(self._change, job, step, size))
            except StaleError:
                size //= 2
            except OperationFailure as error:
                if not error.has_error_label("TransientTransactionError"):
                    raise
                size //= 2
            else:
                if written is None:
                    await self._end(job, step)
                    return
                size = min(step.at_once, size * 2)
                await self._published()
                if written.row is not None:
                    self._publishing = asyncio.create_task(self._tell(written))
            if size == 0:
                size = 1
                await self._pass_over(job)
        await self._published()
        await self._stores.jobs.release(job)

    async def _change(self, job: Job, step: Step, size: int, session: Session) -> _Written | None:
        """Do it to the next ones, as they are in one snapshot; None where nobody is left.

        Whoever changed one of them meanwhile has the database refuse all of it, and it is done again.
        """
        part = await self._next(job, size, session)
        if part is None:
            return None
        outcome = await step(job, part.clients, session)
        keys: dict[Topic, Sequence[str]] = {topic: list(ids) for topic, ids in outcome.also.items()}
        if outcome.changed:
            keys[topics.CLIENT] = [*(client.id for client in outcome.changed), *keys.get(topics.CLIENT, ())]
        row = await self._outbox.note(keys, session) if keys else None
        faults = (*part.faults, *outcome.faults)
        after = replace(
            job,
            place=part.place,
            seen=job.seen + part.seen,
            changed=job.changed + (len(outcome.changed) if outcome.affected is None else outcome.affected),
            faulty=job.faulty + len(faults),
            faults=(*job.faults, *faults)[:FAULTS_KEPT],
        )
        await self._stores.jobs.advance(after, self._lease_seconds, session)
        return _Written(after, outcome.changed, row, keys)

    async def _next(self, job: Job, size: int, session: Session | None) -> _Part | None:
        if job.scope.ids is not None:
            return await self._next_ids(job, job.scope.ids, size, session)
        assert job.scope.asked is not None  # noqa: S101 - a scope is one of the two
        place = job.place or f"{to_millis(job.as_of)}/"
        chunk = await self._lists.chunk(job.workspace_id, job.scope.asked, place, size, session)
        if not chunk.clients:
            return None
        last = chunk.clients[-1]
        return _Part(chunk.clients, f"{to_millis(last.created_at)}/{last.id}")

    async def _next_ids(self, job: Job, ids: Sequence[str], size: int, session: Session | None) -> _Part | None:
        start = int(job.place or 0)
        wanted = ids[start : start + size]
        if not wanted:
            return None
        found = await self._stores.clients.of(job.workspace_id, wanted, session)
        there = {client.id for client in found}
        faults = [await self._absent(job, id_) for id_ in wanted if id_ not in there]
        return _Part(found, str(start + len(wanted)), tuple(faults))

    async def _absent(self, job: Job, id_: str) -> Fault:
        survivor = await self._stores.merges.survivor_of(job.workspace_id, id_)
        return Fault(id_, "gone") if survivor is None else Fault(id_, "merged", survivor)

    async def _pass_over(self, job: Job) -> None:
        """Leave out the next one, which others kept changing through all attempts, and say so."""

        async def work(session: Session) -> None:
            part = await self._next(job, 1, session)
            if part is None:
                return
            busy = [Fault(client.id, "busy") for client in part.clients]
            faults = (*job.faults, *part.faults, *busy)[:FAULTS_KEPT]
            after = replace(job, place=part.place, seen=job.seen + 1, faulty=job.faulty + 1, faults=faults)
            await self._stores.jobs.advance(after, self._lease_seconds, session)

        await self._stores.in_transaction(work)

    async def _end(self, job: Job, step: Step) -> None:
        await self._published()
        if not await step.is_complete(job):
            await self._stores.jobs.begin_again(job, self._clock())
            await self._stores.jobs.release(job)
            return

        async def work(session: Session) -> None:
            await step.finish(job, session)
            await self._stores.jobs.end(job, "done", self._clock(), session=session)

        await self._stores.in_transaction(work)

    async def _tell(self, written: _Written) -> None:
        """Publish; where the broker is away, wait for it. Should this process end, the sweeper publishes the row."""
        assert written.row is not None  # noqa: S101 - the caller looked
        known = {topics.CLIENT: [client_state(client) for client in written.changed]}
        while True:
            try:
                await self._outbox.publish(written.row, written.keys, known=known)
            except (KafkaError, BrokerAwayError, PyMongoError):
                await asyncio.sleep(PAUSE_SECONDS)
                known = {}
            else:
                return

    async def _published(self) -> None:
        if self._publishing is not None:
            await self._publishing
            self._publishing = None

"""Deleting clients, and blacklisting them: each brings its chats with it, so that fewer are done at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.identity.domain.client import Client
from services.identity.domain.jobs import Job
from services.identity.usecases.actions.step import Outcome
from services.identity.usecases.delete_clients import DeleteClients
from services.identity.usecases.refuse import Refuse
from shared.storage.mongo import Session


class _OfClients:
    """What is over with the last client."""

    async def finish(self, job: Job, session: Session) -> None:
        del job, session

    async def is_complete(self, job: Job) -> bool:
        del job
        return True


@dataclass(frozen=True, slots=True)
class Delete(_OfClients):
    """Deletes clients, as one is deleted by itself."""

    delete: DeleteClients
    at_once: int = 100

    async def __call__(self, job: Job, clients: Sequence[Client], session: Session) -> Outcome:
        if not clients:
            return Outcome()
        keys = await self.delete.within(job.workspace_id, clients, session)
        return Outcome(also=keys, affected=len(clients))


@dataclass(frozen=True, slots=True)
class Blacklist(_OfClients):
    """Blacklists emails, phones and chats of clients. Every sender is told before the job's place is saved.

    It is done in transactions of its own, which may be done again: what is refused already stays as it was.
    """

    refuse: Refuse
    at_once: int = 50

    async def __call__(self, job: Job, clients: Sequence[Client], session: Session) -> Outcome:
        del session
        ids = [client.id for client in clients]
        done = await self.refuse.of_clients(job.workspace_id, ids, job.params["reason"], job.made_by) if ids else 0
        return Outcome(affected=done)

"""Tagging and untagging, groups and segments; and what is left of a label that was deleted or merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.identity.domain.client import Client
from services.identity.domain.jobs import Fault, Job
from services.identity.domain.labels import OF_ONE, LabelKind, held, with_all
from services.identity.store.stores import Stores
from services.identity.usecases.actions.step import AT_ONCE, CannotGoOnError, Outcome
from shared.storage.mongo import Session


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Relabel:
    """Gives clients a label, or takes one from them. `label` and `into` are read from the job's params."""

    stores: Stores
    clock: Clock
    kind: LabelKind
    adds: str | None = None
    """Which of the params names the label that they get."""
    removes: str | None = None
    """Which of the params names the label that they lose."""
    ends: bool = False
    """The label goes for good: whoever gets it meanwhile loses it again."""
    at_once: int = AT_ONCE

    async def __call__(self, job: Job, clients: Sequence[Client], session: Session) -> Outcome:
        add = job.params[self.adds] if self.adds else None
        remove = job.params[self.removes] if self.removes else None
        if add and add not in await self.stores.labels_by_hand(self.kind, job.workspace_id, [add], session):
            raise CannotGoOnError("gone")
        now = self.clock()
        pairs: list[tuple[Client, Client]] = []
        faults: list[Fault] = []
        for before in clients:
            there = held(before, self.kind)
            wanted = relabelled(there, add, remove)
            if wanted == there:
                continue
            if len(wanted) > max(OF_ONE[self.kind], len(there)):
                faults.append(Fault(before.id, "too_many"))
                continue
            pairs.append((before, with_all(before, self.kind, wanted, now)))
        await self.stores.clients.relabel(self.kind, pairs, session)
        return Outcome([after for _, after in pairs], faults)

    async def finish(self, job: Job, session: Session) -> None:
        if self.ends and self.removes:
            labels = self.stores.labels(self.kind)
            await labels.forget(job.workspace_id, job.params[self.removes], session)

    async def is_complete(self, job: Job) -> bool:
        if not self.ends or not self.removes:
            return True
        return not await self.stores.clients.anybody_has(job.workspace_id, self.kind, job.params[self.removes])


def relabelled(there: tuple[str, ...], add: str | None, remove: str | None) -> tuple[str, ...]:
    """Return the labels that somebody has then. Who has neither the one that goes nor is to get one stays as they are.

    Where one label takes the place of another, it takes its place among the others, too.
    """
    if add and remove:
        return tuple(dict.fromkeys(add if one == remove else one for one in there))
    if add:
        return there if add in there else (*there, add)
    return tuple(one for one in there if one != remove)

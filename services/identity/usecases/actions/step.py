"""What an action is to a job: a step, done to some clients inside the transaction that saves the job's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.identity.domain.client import Client
from services.identity.domain.jobs import Fault, Job
from shared.contracts.topics import Topic
from shared.storage.mongo import Session


class CannotGoOnError(Exception):
    """The job ends here as failed; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step did."""

    changed: Sequence[Client] = ()
    """As they are now: their states are published."""
    faults: Sequence[Fault] = ()
    also: Mapping[Topic, Sequence[str]] = field(default_factory=dict[Topic, Sequence[str]])
    """What else is to be published, by its ids; clients that are gone among them, which get a tombstone."""
    affected: int | None = None
    """How many clients were changed; the number of `changed` where that is all."""


AT_ONCE = 500
"""Clients in one transaction, where an action does not take fewer."""


class Step(Protocol):
    """One row of the table of actions (table.py)."""

    @property
    def at_once(self) -> int:
        """Return how many clients one transaction may take; fewer where each brings others with it."""
        ...

    async def __call__(self, job: Job, clients: Sequence[Client], session: Session) -> Outcome:
        """Do it to all of them, or say of whom not. It may run again: only what it writes in the session counts.

        Raises `StaleError` where somebody changed one meanwhile, and `CannotGoOnError`.
        """
        ...

    async def finish(self, job: Job, session: Session) -> None:
        """Do what is left once everybody was reached."""
        ...

    async def is_complete(self, job: Job) -> bool:
        """Tell whether nobody is left; False has the job walk once more."""
        ...

"""Bulk work: one action on many clients, done in the background and shown as it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from services.identity.domain.filter import Filter

JobStatus = Literal["waiting", "running", "done", "cancelled", "failed"]
OPEN: tuple[JobStatus, ...] = ("waiting", "running")
MAX_IDS = 1_000
"""Of people chosen one by one; more than that are meant by a filter."""
FAULTS_KEPT = 100

FaultReason = Literal["gone", "merged", "too_many", "busy"]
"""`gone`: there is no such client any more. `merged`: it lives on as another one. `too_many`: it has as many of these
as one may have. `busy`: others kept changing it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A client on whom the action was not done."""

    client_id: str
    reason: FaultReason
    survivor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """On whom: these ids, or whoever a filter lets through of those that were there at its start."""

    ids: tuple[str, ...] | None = None
    asked: Filter | None = None
    """As it was when the job was made, its segments by rule resolved: later changes of a rule do not change the job."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of bulk work, and how far it is."""

    id: str
    workspace_id: str
    kind: str
    """What is done: a row of the table of actions."""
    params: Mapping[str, str]
    scope: Scope
    made_by: str
    made_at: datetime
    as_of: datetime
    """Clients that were made later are not touched."""
    total: int
    total_is_exact: bool
    status: JobStatus = "waiting"
    place: str | None = None
    """Where the walk goes on: after this client of a filter, or at this number of the ids."""
    seen: int = 0
    changed: int = 0
    faulty: int = 0
    faults: tuple[Fault, ...] = ()
    """The first of them."""
    cancel: bool = False
    """Somebody asked for it to stop."""
    reason: str | None = None
    """Why it failed."""
    fence: int = 0
    """Of the lease under which it is worked on: whoever comes back late with a lower one changes nothing."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the labels were called when it was made, for whoever reads of it later."""

    @property
    def may_cancel(self) -> bool:
        """A label that is being deleted or merged is hidden already: to stop halfway would leave it on some people."""
        return self.status in OPEN and self.kind not in TO_THE_END


TO_THE_END = frozenset({"delete_tag", "delete_group", "delete_segment", "merge_tags"})
"""Actions that a label's end is made of."""

"""What intake and the log need of those who tell agents: an escalation begins with a form, and ends once it is seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.notification.domain.queue import Queue
from shared.storage.mongo import Session


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form that is being taken in."""

    request_id: str
    queue_id: str
    at: datetime


class Attention(Protocol):
    """Both ends of escalations, each inside the transaction of who calls."""

    async def prepare(self, workspace_id: str, queues: Mapping[str, Queue], now: datetime) -> Any:  # noqa: ANN401 - theirs
        """Read what `begin` needs, before the transaction."""
        ...

    async def begin(self, ready: Any, forms: Sequence[Any], session: Session) -> bool:  # noqa: ANN401 - theirs
        """Tell of new forms, in the transaction that takes them in; their live lines are the caller's.

        Returns whether emails or pushes wait to go out.
        """
        ...

    async def end(self, workspace_id: str, request_ids: Sequence[str], now: datetime, session: Session) -> None:
        """Let nothing more go out, in the transaction that notes that somebody looked."""
        ...


class Escalations(Protocol):
    """How far escalations are, and what they did: for the log."""

    async def next_of(self, workspace_id: str, request_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        """Return how many steps are done and when the next is due, of those whose escalation goes on."""
        ...

    async def steps_of(self, workspace_id: str, request_id: str) -> Sequence[Mapping[str, Any]]:
        """Return a request's steps in their order: at, kind, reached, skipped."""
        ...


class NobodyIsTold:
    """Where nothing escalates: a process whose alerts stand elsewhere, and tests of the log alone."""

    async def prepare(self, workspace_id: str, queues: Mapping[str, Queue], now: datetime) -> None:
        del workspace_id, queues, now

    async def begin(self, ready: Any, forms: Sequence[NewForm], session: Session) -> bool:  # noqa: ANN401
        del ready, forms, session
        return False

    async def end(self, workspace_id: str, request_ids: Sequence[str], now: datetime, session: Session) -> None:
        del workspace_id, request_ids, now, session

    async def next_of(self, workspace_id: str, request_ids: Sequence[str]) -> dict[str, tuple[int, datetime]]:
        del workspace_id, request_ids
        return {}

    async def steps_of(self, workspace_id: str, request_id: str) -> Sequence[Mapping[str, Any]]:
        del workspace_id, request_id
        return ()

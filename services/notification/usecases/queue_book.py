"""All queues, as this process knows them from `queue.v1`: who sees which, without asking the database."""

from collections.abc import Sequence

from shared.contracts.event import Event
from shared.contracts.queues import QueueStateV1
from shared.web.access import Principal

_NOBODY: frozenset[str] = frozenset()


class QueueBook:
    """The newest state of each queue, deleted ones too: their requests stay in the log."""

    def __init__(self) -> None:
        self._states: dict[str, QueueStateV1] = {}
        self._members: dict[str, frozenset[str]] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an older rev changes nothing."""
        if not isinstance(event, QueueStateV1):
            return
        there = self._states.get(event.id)
        if there is None or event.rev > there.rev:
            self._states[event.id] = event
            self._members[event.id] = frozenset(event.members)

    def one(self, workspace_id: str, queue_id: str) -> QueueStateV1 | None:
        """Return a queue of a workspace, active or not."""
        found = self._states.get(queue_id)
        return found if found is not None and found.workspace_id == workspace_id else None

    def sees(self, principal: Principal, queue_id: str | None, to: Sequence[str] | None = None) -> bool:
        """Tell whether somebody is told of what happens in a queue; `to` names users, and then no others are."""
        if "requests:read" not in principal.scopes:
            return False
        if to is not None:
            return principal.kind == "user" and principal.id in to
        if sees_all(principal):
            return True
        return queue_id is not None and principal.id in self._members.get(queue_id, _NOBODY)

    def seen_by(self, principal: Principal) -> list[str] | None:
        """Return the queues whose requests somebody sees; None where it is all, those that nobody knows too."""
        if sees_all(principal):
            return None
        return [
            state.id
            for state in self._states.values()
            if state.workspace_id == principal.workspace_id and principal.id in self._members[state.id]
        ]


def sees_all(principal: Principal) -> bool:
    """Tell whether somebody sees the requests of all queues: admins, and programs that may read requests at all."""
    return principal.kind == "api_key" or principal.role == "admin"

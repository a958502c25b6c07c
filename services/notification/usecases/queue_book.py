"""All queues, as this process knows them from `queue.v1`: who sees which, without asking the database."""

from collections.abc import Iterable, Sequence

from shared.contracts.event import Event
from shared.contracts.queues import QueueStateV1
from shared.web.access import Principal

_NOBODY: frozenset[str] = frozenset()


class QueueBook:
    """The newest state of each queue, deleted ones too: their requests stay in the log."""

    def __init__(self) -> None:
        self._states: dict[str, QueueStateV1] = {}
        self._members: dict[str, frozenset[str]] = {}
        """And leads: they are told when nobody else has looked, and then have to see it."""
        self._learned: dict[str, QueueStateV1] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an older rev changes nothing."""
        if not isinstance(event, QueueStateV1):
            return
        learned = self._learned.get(event.id)
        if learned is not None and event.rev >= learned.rev:
            del self._learned[event.id]  # the topic has told it, or what came after it
        there = self._states.get(event.id)
        if there is None or event.rev > there.rev:
            self._states[event.id] = event
            self._members[event.id] = frozenset((*event.members, *((event.lead,) if event.lead else ())))

    def learn(self, state: QueueStateV1) -> None:
        """Take in what this process changed itself, and has still to publish: it holds from here on."""
        self.take(state)
        self._learned[state.id] = state

    def forget(self, key: str) -> None:
        """Drop a queue that is gone: its workspace was."""
        self._states.pop(key, None)
        self._members.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each queue's workspace, key, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.model_dump_json()

    def fresh(self) -> "QueueBook":
        return QueueBook()

    def adopt(self, other: "QueueBook") -> None:
        """Hold what the other holds, and what we changed and no topic told yet."""
        self._states, self._members = other._states, other._members  # noqa: SLF001 - a book, too
        for state in list(self._learned.values()):
            self.learn(state)

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

    def told_of(self, queue_id: str | None) -> frozenset[str]:
        """Return whom lines of a queue are for, besides those who see the lines of all."""
        return self._members.get(queue_id, _NOBODY) if queue_id is not None else _NOBODY

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

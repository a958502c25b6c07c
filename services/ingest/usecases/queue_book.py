"""The queues that this process knows: kept current from `queue.v1`, and when each opens and closes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from shared.contracts.event import Event
from shared.contracts.opening import Opening, opening_at
from shared.contracts.queues import QueueStateV1

log = structlog.get_logger(__name__)


class QueueBook:
    """Answers without asking anybody. How it stands with a queue is reckoned once, until that turns."""

    def __init__(self) -> None:
        self._states: dict[str, QueueStateV1] = {}
        self._of_connection: dict[str, str] = {}
        self._by_key: dict[str, str] = {}
        self._openings: dict[str, Opening] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an older rev changes nothing."""
        if not isinstance(event, QueueStateV1):
            return
        there = self._states.get(event.id)
        if there is not None and event.rev <= there.rev:
            return
        if not _has_a_clock(event):
            log.warning("a queue's time zone is not known here: it is left as it was", queue_id=event.id)
            return
        if there is not None:
            self._drop(there)
        self._states[event.id] = event
        self._openings.pop(event.id, None)
        if event.active:
            self._of_connection.update(dict.fromkeys(event.connection_ids, event.id))
            self._by_key[event.form_key] = event.id

    def forget(self, key: str) -> None:
        """Drop a queue that is gone."""
        gone = self._states.pop(key, None)
        self._openings.pop(key, None)
        if gone is not None:
            self._drop(gone)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each queue's workspace, key, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.kept()

    def fresh(self) -> "QueueBook":
        return QueueBook()

    def adopt(self, other: "QueueBook") -> None:
        """Hold what the other holds. How it stands with each is reckoned anew."""
        self._states, self._of_connection, self._by_key = other._states, other._of_connection, other._by_key  # noqa: SLF001 - a book, too
        self._openings = {}

    def _drop(self, old: QueueStateV1) -> None:
        """Forget what led to a queue; a connection may lead to another one already."""
        for connection_id in old.connection_ids:
            if self._of_connection.get(connection_id) == old.id:
                del self._of_connection[connection_id]
        if self._by_key.get(old.form_key) == old.id:
            del self._by_key[old.form_key]

    def queue(self, workspace_id: str, queue_id: str) -> QueueStateV1 | None:
        """Return a queue that takes forms, by its id."""
        found = self._states.get(queue_id)
        return found if found is not None and found.active and found.workspace_id == workspace_id else None

    def of_connection(self, workspace_id: str, connection_id: str) -> QueueStateV1 | None:
        """Return the queue that a connection feeds."""
        return self.queue(workspace_id, self._of_connection.get(connection_id, ""))

    def by_form_key(self, form_key: str) -> QueueStateV1 | None:
        """Return the queue whose form has this public address."""
        found = self._states.get(self._by_key.get(form_key, ""))
        return found if found is not None and found.active else None

    def opening(self, queue: QueueStateV1, now: datetime | None = None) -> Opening:
        """Say whether a queue is open. At another moment than now nothing is kept of the answer."""
        if now is not None:
            return opening_at(queue, now)
        now = datetime.now(UTC)
        kept = self._openings.get(queue.id)
        if kept is None or (kept.until is not None and kept.until <= now):
            kept = self._openings[queue.id] = opening_at(queue, now)
        return kept


def _has_a_clock(queue: QueueStateV1) -> bool:
    try:
        ZoneInfo(queue.time_zone)
    except (ValueError, OSError, LookupError):
        return False
    return True

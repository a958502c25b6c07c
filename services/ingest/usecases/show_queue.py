"""Show visitors of a website what its queue says, in their language."""

from datetime import UTC, datetime

from services.ingest.domain.queue_shown import SiteState, shown
from services.ingest.usecases.queue_book import QueueBook


class ShowQueue:
    """Answers from memory."""

    def __init__(self, queues: QueueBook) -> None:
        self._queues = queues

    def now(self, workspace_id: str, connection_id: str, language: str | None) -> SiteState:
        """Say what the queue says that a connection feeds."""
        return self.of(workspace_id, connection_id, language).state()

    def of(self, workspace_id: str, connection_id: str, language: str | None) -> "SiteSays":
        """Return what can be asked for it again and again."""
        return SiteSays(self._queues, workspace_id, connection_id, language)


class SiteSays:
    """What one site's queue says to one visitor."""

    def __init__(self, queues: QueueBook, workspace_id: str, connection_id: str, language: str | None) -> None:
        self._queues = queues
        self._workspace_id = workspace_id
        self._connection_id = connection_id
        self._language = language

    def mark(self) -> object:
        """Return what changes with what is said."""
        queue = self._queues.of_connection(self._workspace_id, self._connection_id)
        return None if queue is None else (queue.id, queue.rev, self._queues.opening(queue))

    def state(self) -> SiteState:
        """Say what it says now."""
        queue = self._queues.of_connection(self._workspace_id, self._connection_id)
        opening = None if queue is None else self._queues.opening(queue)
        return shown(queue, opening, datetime.now(UTC), self._language)

    def told(self) -> str:
        """Say the same as JSON."""
        return self.state().model_dump_json()

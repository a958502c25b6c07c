"""What notification publishes of its own states, and from where."""

from services.notification.store.queues import Queues
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Database


def make_outbox(owned: Database, publisher: Publisher) -> Outbox:
    """Make notification's outbox."""
    return Outbox("notification", owned["outbox"], publisher, {topics.QUEUE: Queues(owned)})

"""What ingest publishes of its own states, and from where."""

from services.ingest.store.connections import Connections
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Database


def make_outbox(owned: Database, publisher: Publisher) -> Outbox:
    """Make ingest's outbox."""
    return Outbox("ingest", owned["outbox"], publisher, {topics.CONNECTION: Connections(owned)})

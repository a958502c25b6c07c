"""What the console publishes of its own states, and from where."""

from services.console.store.access_states import AccessStates
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Database


def make_outbox(owned: Database, publisher: Publisher) -> Outbox:
    """Make the console's outbox."""
    return Outbox("console", owned["outbox"], publisher, {topics.ACCESS: AccessStates(owned)})

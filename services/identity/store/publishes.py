"""What identity publishes of its own states, and from where: as `kith digest` asks every service."""

from services.identity.store import stores
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Database


def make_outbox(owned: Database, publisher: Publisher) -> Outbox:
    """Make identity's outbox."""
    return stores.make_outbox(stores.Stores(owned.client, owned), publisher)

"""What became of our messages, as far as it says something of the person: they are gone, or a campaign wrote."""

from collections.abc import Callable, Sequence
from datetime import datetime

from services.identity.domain.activity import newest_sent
from services.identity.domain.recognise import Recognised
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import KeepContacts, now_in_millis
from shared.contracts import topics
from shared.contracts.sending import DeliveryUpdatedV1
from shared.messaging.outbox import Outbox
from shared.observability.metrics import DEDUPLICATED


class NoteDeliveries:
    """Handles a batch of `delivery.v1`."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._keep = KeepContacts(stores, outbox, clock)

    async def __call__(self, events: Sequence[DeliveryUpdatedV1]) -> None:
        """Note who cannot be reached any more, and whom a campaign wrote to. Idempotent."""
        await self._stores.activities.note_sent(newest_sent(events))
        refused = [event for event in events if event.reason in {"blocked", "deactivated"}]
        await self._keep(refused, _count)


def _count(recognised: Recognised) -> None:
    if recognised.without_effect:
        DEDUPLICATED.labels(topics.DELIVERY.name).inc(len(recognised.without_effect))

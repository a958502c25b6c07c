"""Somebody shared where they are: their profile shows it, with its date."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.shared_place import is_newer, place_in
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.contracts.chat import MessageReceivedV1
from shared.messaging.outbox import Outbox
from shared.storage.mongo import Session


class KeepLocation:
    """Writes a shared place to the client of the chat. Who has no client yet shares it again once they have one."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, event: MessageReceivedV1) -> None:
        """Keep the place; the same event again, or an older one, changes nothing."""
        place = place_in(event)
        if place is None:
            return

        async def work(session: Session) -> tuple[Client, ObjectId] | None:
            stored = await self._stores.chat_contacts.read([event.chat_contact_id], session)
            chat = stored.get(event.chat_contact_id)
            client_id = chat.client_id if chat else None
            client = await self._stores.clients.get(event.workspace_id, client_id, session) if client_id else None
            if client is None or not is_newer(place, client.location):
                return None
            after = replace(client, location=place).changed(self._clock())
            await self._stores.clients.write(after, session)
            return after, await self._outbox.note({topics.CLIENT: [after.id]}, session)

        done = await until_written(self._stores, work)
        if done is not None:
            client, row = done
            await self._outbox.publish(row, {topics.CLIENT: [client.id]}, known={topics.CLIENT: [client_state(client)]})

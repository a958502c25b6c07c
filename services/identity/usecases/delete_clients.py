"""Clients are deleted. Their chats stay, unregistered, until new evidence; what is refused stays (0116)."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.parting import parted
from services.identity.domain.refusing import refusable
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session

AT_ONCE = 100
"""In one transaction, with all of their chats."""


class DeleteClients:
    """Deletes clients by their ids: one, or a chunk of a long work. Who is gone already is passed over."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, workspace_id: str, ids: Sequence[str]) -> int:
        """Return how many there were. Where the broker is away, `client.v1` is told as soon as it is back."""
        deleted = 0
        for start in range(0, len(ids), AT_ONCE):
            deleted += await self._some(workspace_id, ids[start : start + AT_ONCE])
        return deleted

    async def _some(self, workspace_id: str, ids: Sequence[str]) -> int:
        async def work(session: Session) -> tuple[int, dict[topics.Topic, list[str]], ObjectId] | None:
            clients = await self._stores.clients.of(workspace_id, ids, session)
            if not clients:
                return None
            keys = await self.within(workspace_id, clients, session)
            return len(clients), keys, await self._outbox.note(keys, session)

        written = await until_written(self._stores, work)
        if written is None:
            return 0
        deleted, keys, row = written
        try:
            await self._outbox.publish(row, keys)
        except (KafkaError, BrokerAwayError):
            return deleted  # the sweeper tells of it
        return deleted

    async def within(
        self, workspace_id: str, clients: Sequence[Client], session: Session
    ) -> dict[topics.Topic, list[str]]:
        """Delete these, as they were read in this session; returns what is to be told. Raises `StaleError`."""
        now = self._clock()
        for client in clients:
            await self._stores.clients.remove(client, session)
        stands_for = await self._stores.merges.stands_for(workspace_id, [client.id for client in clients], session)
        everybody = [id_ for ids in stands_for.values() for id_ in ids]
        await self._stores.merges.forget(workspace_id, everybody, session)
        await self._stores.suggestions.close(workspace_id, everybody, session)
        await self._stores.activities.forget(workspace_id, everybody, session)
        chats = await self._stores.chat_contacts.of(
            workspace_id, [id_ for client in clients for id_ in client.chat_contact_ids], session
        )
        await self._stores.chat_contacts.write(
            [parted(chat, now) for chat in chats], {chat.id: chat for chat in chats}, session
        )
        await hide_refused(self._stores, workspace_id, clients, session)
        keys = {topics.CLIENT: [client.id for client in clients], topics.CHAT_CONTACT: [chat.id for chat in chats]}
        return {topic: some for topic, some in keys.items() if some}


async def hide_refused(stores: Stores, workspace_id: str, clients: Sequence[Client], session: Session) -> None:
    """Keep refusals of values that nobody holds any more as their keyed hashes alone."""
    hashed = stores.refusals.hashed(workspace_id)
    held = refusable(holding for client in clients for holding in client.holdings)
    kept = await stores.refusals.of_values(workspace_id, held, session)
    alone = [
        hashed(kind, value)
        for kind, value in sorted(held)
        if hashed(kind, value) in kept and not await stores.clients.holding(workspace_id, kind, value, "", 1, session)
    ]
    await stores.refusals.hide(workspace_id, alone, session)

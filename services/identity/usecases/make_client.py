"""A user makes a client by hand: somebody the business knows, who has not written yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client, Holding
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError


@dataclass(frozen=True, slots=True)
class NewClient:
    """What the business says of somebody: stated, neither claimed by them nor verified."""

    name: str
    surname: str | None
    email: str | None
    """In lower case."""
    phone: str | None
    """E.164."""
    contact_key: str | None
    source: Channel | None


class ContactKeyTakenError(Exception):
    """Another client has this contact key; `client_id` says which."""

    def __init__(self, client_id: str) -> None:
        super().__init__(client_id)
        self.client_id = client_id


class MakeClient:
    """Stores a new client. Several may be stated to have one phone; none of them is registered by that."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, workspace_id: str, new: NewClient) -> Client:
        """Make the client. Raises `ContactKeyTakenError`."""
        now, id_ = self._clock(), new_id("cl")
        holdings = [Holding("email", new.email, "stated", now, id_)] if new.email else []
        holdings += [Holding("phone", new.phone, "stated", now, id_)] if new.phone else []
        client = Client(
            id=id_,
            workspace_id=workspace_id,
            name=new.name,
            surname=new.surname,
            contact_key=new.contact_key,
            origin=new.source,
            holdings=tuple(holdings),
            created_at=now,
            changed_at=now,
            rev=1,
        )
        keys = {topics.CLIENT: [id_]}

        async def work(session: Session) -> ObjectId:
            await self._stores.clients.write(client, session)
            return await self._outbox.note(keys, session)

        try:
            row = await self._stores.in_transaction(work)
        except StaleError:
            taken = new.contact_key and await self._stores.clients.has_contact_key(workspace_id, new.contact_key)
            if not taken:
                raise
            raise ContactKeyTakenError(taken) from None
        await self._tell(row, client)
        return client

    async def _tell(self, row: ObjectId, client: Client) -> None:
        """Publish at once; where the broker is away the sweeper does, and making the client did succeed."""
        try:
            await self._outbox.publish(row, {topics.CLIENT: [client.id]}, known={topics.CLIENT: [client_state(client)]})
        except (KafkaError, BrokerAwayError):
            return

"""A user makes a client by hand: somebody the business knows, who has not written yet."""

from collections.abc import Callable
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.client_editing import ClientEdit, Saying, edited
from services.identity.domain.profile import ProfileSource
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.check_statement import CheckStatement
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError


class MakeClient:
    """Stores a new client. Several may be stated to have one phone; none of them is registered by that."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._check = CheckStatement(stores)
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(self, workspace_id: str, given: ClientEdit, source: ProfileSource = "by_hand") -> Client:
        """Make the client; its name must be given. Raises what `CheckStatement` raises."""
        now, id_ = self._clock(), new_id("cl")
        nobody = Client(id_, workspace_id, "", created_at=now, changed_at=now)
        keys = {topics.CLIENT: [id_]}

        async def work(session: Session) -> tuple[Client, ObjectId]:
            edit = await self._check(workspace_id, given, id_, session)
            client = edited(nobody, edit, Saying(id_, source, now)).changed(now)
            await self._stores.clients.write(client, session)
            return client, await self._outbox.note(keys, session)

        try:
            client, row = await self._stores.in_transaction(work)
        except StaleError:  # somebody took its contact key in that moment: now that is seen
            client, row = await self._stores.in_transaction(work)
        await self._tell(row, client)
        return await self._reach.after_edit(client)

    async def _tell(self, row: ObjectId, client: Client) -> None:
        """Publish at once; where the broker is away the sweeper does, and making the client did succeed."""
        try:
            await self._outbox.publish(row, {topics.CLIENT: [client.id]}, known={topics.CLIENT: [client_state(client)]})
        except (KafkaError, BrokerAwayError):
            return

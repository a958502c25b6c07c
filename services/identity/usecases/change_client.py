"""The business changes what it knows of a client. Whoever wrote meanwhile is noticed, and nothing of theirs lost."""

from collections.abc import Callable
from dataclasses import dataclass
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
from services.identity.usecases.label_client import ClientChangedError
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session

_VALUES = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True)
class _Written:
    client: Client
    row: ObjectId | None


class ChangeClient:
    """Stores an edit and publishes the client."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._check = CheckStatement(stores)
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(
        self,
        workspace_id: str,
        id_: str,
        edit: ClientEdit,
        expected_rev: int | None = None,
        source: ProfileSource = "by_hand",
    ) -> Client:
        """Return the client as it is then.

        Raises `ClientChangedError`, what `CheckStatement` raises, `UnknownClientError`, `AbsorbedClientError`.
        """
        said = Saying(new_id("ed"), source, self._clock())

        async def work(session: Session) -> _Written:
            before = await self._stores.clients.get(workspace_id, id_, session)
            if before is None:
                raise UnknownClientError(id_)
            if expected_rev is not None and before.rev != expected_rev:
                raise ClientChangedError(before)
            after = edited(before, await self._check(workspace_id, edit, id_, session), said)
            if after == before:
                return _Written(before, None)
            after = after.changed(said.at)
            await self._stores.clients.write(after, session)
            return _Written(after, await self._outbox.note({topics.CLIENT: [id_]}, session))

        try:
            written = await until_written(self._stores, work)
        except UnknownClientError:
            survivor = await self._stores.merges.survivor_of(workspace_id, id_)
            if survivor is None:
                raise
            raise AbsorbedClientError(survivor) from None
        await self._tell(written)
        return await self._reach.after_edit(written.client) if _VALUES & edit.keys() else written.client

    async def _tell(self, written: _Written) -> None:
        """Publish at once; where the broker is away the sweeper does. An edit forbids nothing, so nobody need wait."""
        if written.row is None:
            return
        client = written.client
        try:
            await self._outbox.publish(
                written.row, {topics.CLIENT: [client.id]}, known={topics.CLIENT: [client_state(client)]}
            )
        except (KafkaError, BrokerAwayError):
            return

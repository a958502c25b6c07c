"""A user tags a client, or puts it into groups and segments: all of one kind at once.

So two who do it one after the other see what they change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.labels import LabelKind, held, with_all
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session


class UnknownLabelsError(Exception):
    """Tags, groups or segments that this workspace does not have."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(", ".join(ids))
        self.ids = ids


class ClientChangedError(Exception):
    """Somebody changed the client since the caller read it; `current` is how it stands."""

    def __init__(self, current: Client) -> None:
        super().__init__(current.id)
        self.current = current


@dataclass(frozen=True, slots=True)
class _Written:
    client: Client
    row: ObjectId | None


class LabelClient:
    """Sets a client's tags, groups or segments and publishes the client."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(
        self, workspace_id: str, id_: str, kind: LabelKind, labels: Sequence[str], expected_rev: int | None = None
    ) -> Client:
        """Return the client as it is then. Raises the errors above, `UnknownClientError`, `AbsorbedClientError`."""
        wanted = tuple(dict.fromkeys(labels))

        async def work(session: Session) -> _Written:
            before = await self._stores.clients.get(workspace_id, id_, session)
            if before is None:
                raise UnknownClientError(id_)
            if expected_rev is not None and before.rev != expected_rev:
                raise ClientChangedError(before)
            there = await self._stores.labels_by_hand(kind, workspace_id, wanted, session)
            if unknown := [label for label in wanted if label not in there]:
                raise UnknownLabelsError(unknown)
            if held(before, kind) == wanted:
                return _Written(before, None)
            after = with_all(before, kind, wanted, self._clock())
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
        return written.client

    async def _tell(self, written: _Written) -> None:
        """Publish at once; where the broker is away the sweeper does. Labels forbid nothing, so nobody need wait."""
        if written.row is None:
            return
        client = written.client
        try:
            await self._outbox.publish(
                written.row, {topics.CLIENT: [client.id]}, known={topics.CLIENT: [client_state(client)]}
            )
        except (KafkaError, BrokerAwayError):
            return

"""A person is erased: everything that identity keeps of them, then, at its word, everything that other services keep.

One transaction removes the client with all that hangs on it, notes which chats were erased (what happened in them until
then never comes back), and opens the erasure. What can be interrupted goes on in the background until each service has
answered: docs/decisions/0121.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.people import ChatContact
from services.identity.store.erasures import Erasure, Removed
from services.identity.store.personal import values_of
from services.identity.store.stores import Stores
from services.identity.usecases.delete_clients import hide_refused
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from shared.contracts import topics
from shared.contracts.chat import ChatRef
from shared.contracts.erasure import ErasedChat, ErasureRequestedV1
from shared.contracts.ids import derived_id, new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

log = structlog.get_logger(__name__)

ATTEMPTS = 20
ASK_AGAIN = timedelta(seconds=30)
LOOK_SECONDS = 5.0
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class AboutToErase:
    """What an erasure would remove here. `confirm` goes into the request that does it; it holds for this rev alone."""

    confirm: str
    client: Client
    client_ids: Sequence[str]
    chat_contacts: int


class ConfirmError(Exception):
    """It has to be asked twice; `about` says what would be removed."""

    def __init__(self, about: AboutToErase) -> None:
        super().__init__(about.client.id)
        self.about = about


class ErasePerson:
    """Erases, and sees to it that everybody does."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._publisher = outbox.publisher
        self._clock = clock

    async def __call__(self, workspace_id: str, client_id: str, by: str, confirm: str | None) -> Erasure:
        """Erase. Raises `UnknownClientError`, `AbsorbedClientError`, and `ConfirmError` until it is confirmed."""
        id_ = new_id("er")
        for attempt in range(ATTEMPTS):
            about = await self._about(workspace_id, client_id)
            if confirm != about.confirm:
                raise ConfirmError(about)
            try:
                erasure, row = await self._stores.in_transaction(partial(self._erase, id_, about, by))
                break
            except StaleError:  # somebody changed the client: then it has to be confirmed anew
                if attempt == ATTEMPTS - 1:
                    raise
        else:
            raise AssertionError("unreachable: the last attempt returns or raises")
        with suppress(KafkaError, BrokerAwayError):  # else the sweeper tells, and `run` asks
            await self._outbox.publish(row, _keys(erasure))
        await self._go_on(erasure)
        return await self._stores.erasures.get(workspace_id, erasure.id) or erasure

    async def run(self) -> None:
        """Go on with what was interrupted, and ask again those who have not answered."""
        while True:
            await self.go_on()
            await asyncio.sleep(LOOK_SECONDS)

    async def go_on(self, older_than: timedelta = ASK_AGAIN) -> None:
        for erasure in await self._stores.erasures.unfinished(self._clock() - older_than, AT_ONCE):
            await self._go_on(erasure)

    async def _go_on(self, erasure: Erasure) -> None:
        if not erasure.swept:
            more = await self._stores.personal.sweep(erasure.workspace_id, erasure.client_ids, erasure.values)
            await self._stores.erasures.note_swept(erasure, more)
        await self._stores.erasures.note_asked(erasure, self._clock())
        asked = ErasureRequestedV1(
            id=erasure.id,
            time=erasure.at,
            workspace_id=erasure.workspace_id,
            client_ids=erasure.client_ids,
            chats=erasure.chats,
        )
        with suppress(KafkaError, BrokerAwayError):
            await self._publisher.publish(topics.ERASURE, [asked])

    async def _about(self, workspace_id: str, client_id: str) -> AboutToErase:
        client = await self._stores.clients.get(workspace_id, client_id)
        if client is None:
            survivor = await self._stores.merges.survivor_of(workspace_id, client_id)
            if survivor is not None:
                raise AbsorbedClientError(survivor)
            raise UnknownClientError(client_id)
        ids = await self._stores.personal.stands_for(workspace_id, client_id)
        confirm = derived_id("erase", client.id, str(client.rev))
        return AboutToErase(confirm, client, ids, len(client.chat_contact_ids))

    async def _erase(self, id_: str, about: AboutToErase, by: str, session: Session) -> tuple[Erasure, ObjectId]:
        client, now = about.client, self._clock()
        contacts = await self._stores.chat_contacts.read(client.chat_contact_ids, session)
        chats = list(contacts.values())
        await self._stores.clients.remove(client, session)
        await hide_refused(self._stores, client.workspace_id, [client], session)
        await self._stores.erased.add(client.workspace_id, list(contacts), now, session)
        await self._stores.erased_switches.keep(chats, session)
        removed = await self._stores.personal.remove(client.workspace_id, about.client_ids, list(contacts), session)
        counts: Mapping[str, int] = {"clients": len(about.client_ids), **removed}
        erasure = Erasure(
            id=id_,
            workspace_id=client.workspace_id,
            client_id=client.id,
            client_ids=tuple(about.client_ids),
            by=by,
            at=now,
            chats=tuple(_erased(one) for one in chats),
            own=Removed(now, counts),
            values=tuple(values_of(client)),
        )
        await self._stores.erasures.add(erasure, session)
        return erasure, await self._outbox.note(_keys(erasure), session)


def _erased(contact: ChatContact) -> ErasedChat:
    chat = ChatRef(channel=contact.channel, connection_id=contact.connection_id, contact_id=contact.contact_id)
    return ErasedChat(id=contact.id, chat=chat)


def _keys(erasure: Erasure) -> dict[topics.Topic, list[str]]:
    """Return what gets a tombstone. What was forbidden stays on `permission.v1`: it names nobody."""
    found = {topics.CLIENT: list(erasure.client_ids), topics.CHAT_CONTACT: [one.id for one in erasure.chats]}
    return {topic: ids for topic, ids in found.items() if ids}

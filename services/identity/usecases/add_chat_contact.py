"""A user adds a chat contact by hand: somebody who may be written to, but has not written yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.people import ChatContact
from services.identity.store.connections import Connection
from services.identity.store.stores import Stores
from services.identity.usecases.change_chat_contact import NotToldError
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts import topics
from shared.contracts.ids import chat_contact_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError


@dataclass(frozen=True, slots=True)
class NewChatContact:
    """What the business says of somebody on one of its connections."""

    contact_id: str
    """As the channel itself writes it (domain/contact_ids.py)."""
    name: str | None
    external_code: str | None
    language: str | None
    proactive: bool
    reactive: bool


class AlreadyThereError(Exception):
    """The connection knows this contact id already; `current` is who that is."""

    def __init__(self, current: ChatContact) -> None:
        super().__init__(current.id)
        self.current = current


class AddChatContact:
    """Stores a new chat contact, and tells the senders what is forbidden before it returns.

    The id follows from the connection and the contact id: asked twice there is still one, and whoever writes later
    is the same.
    """

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, connection: Connection, new: NewChatContact) -> ChatContact:
        """Add them. Raises `AlreadyThereError`, and `NotToldError` where a switch is off and the broker away."""
        contact = _contact(connection, new, self._clock())
        keys: dict[topics.Topic, list[str]] = {}
        if contact.switches_rev is not None:
            keys[topics.PERMISSION] = [contact.id]
        keys[topics.CHAT_CONTACT] = [contact.id]

        async def work(session: Session) -> ObjectId:
            there = await self._stores.chat_contacts.get(contact.workspace_id, contact.id, session)
            if there is not None:
                raise AlreadyThereError(there)
            await self._stores.chat_contacts.write([contact], {}, session)
            return await self._outbox.note(keys, session)

        try:
            row = await self._stores.in_transaction(work)
        except StaleError:  # they wrote, or somebody else added them, in that moment
            there = await self._stores.chat_contacts.get(contact.workspace_id, contact.id)
            if there is None:
                raise
            raise AlreadyThereError(there) from None
        await self._tell(row, keys)
        return contact

    async def _tell(self, row: ObjectId, keys: Mapping[topics.Topic, list[str]]) -> None:
        """Publish at once. What is no refusal may wait for the sweeper: adding did succeed."""
        try:
            await self._outbox.publish(row, keys)
        except (KafkaError, BrokerAwayError) as error:
            if topics.PERMISSION in keys:
                raise NotToldError from error


def _contact(connection: Connection, new: NewChatContact, now: datetime) -> ChatContact:
    return ChatContact(
        id=chat_contact_id(connection.workspace_id, connection.id, new.contact_id),
        workspace_id=connection.workspace_id,
        channel=connection.channel,
        connection_id=connection.id,
        contact_id=new.contact_id,
        created_at=now,
        changed_at=now,
        rev=1,
        set_name=new.name,
        set_language=new.language,
        external_code=new.external_code,
        proactive=new.proactive,
        reactive=new.reactive,
        switches_rev=1 if _is_told(connection, new) else None,
    )


def _is_told(connection: Connection, new: NewChatContact) -> bool:
    """Tell whether senders and ingest hear of the switches: where one is off, and of a phone on WhatsApp.

    Whoever has that phone may write under a user id first, and is the same: ingest knows it by this
    (docs/decisions/0136).
    """
    is_a_phone = connection.channel == "whatsapp" and new.contact_id.isdecimal()
    return is_a_phone or not (new.proactive and new.reactive)

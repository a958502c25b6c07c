"""What identity publishes: the full state of a chat contact and of a client."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import ChatContact, Mark
from services.identity.store.chat_contacts import ChatContacts
from services.identity.store.client_documents import client_from
from services.identity.store.clients import Clients
from services.identity.store.documents import chat_contact_from
from shared.contracts.event import StateEvent
from shared.contracts.people import (
    ChatContactStateV1,
    ClientStateV1,
    Contactable,
    MessageMark,
    RefusalMark,
    SubscriptionMark,
)
from shared.storage.mongo import Collection, Document
from shared.storage.walk import by_id

M = TypeVar("M", bound=BaseModel)


def _made(model: type[M], **fields: object) -> M:
    """Make a model of fields that hold already, all of them: `model_construct` takes ten times as long."""
    made = model.__new__(model)
    object.__setattr__(made, "__dict__", fields)
    object.__setattr__(made, "__pydantic_fields_set__", set(fields))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def chat_contact_state(contact: ChatContact) -> ChatContactStateV1:
    """Return the full state of a chat contact, made of what was validated when it came in."""
    return _made(
        ChatContactStateV1,
        type="chat-contact.state.v1",
        id=contact.id,
        time=contact.changed_at,
        workspace_id=contact.workspace_id,
        rev=contact.rev,
        channel=contact.channel,
        connection_id=contact.connection_id,
        contact_id=contact.contact_id,
        name=contact.name,
        username=contact.username,
        language=contact.language,
        address=contact.address,
        external_code=contact.external_code,
        proactive=contact.proactive,
        reactive=contact.reactive,
        blocked=contact.blocked,
        registered=contact.registered,
        client_id=contact.client_id,
        first_message=_mark(contact.first_message),
        last_message=_mark(contact.last_message),
        created_at=contact.created_at,
    )


def _mark(mark: Mark | None) -> MessageMark | None:
    return None if mark is None else _made(MessageMark, id=mark.id, at=mark.at, text=mark.text)


def client_state(client: Client) -> ClientStateV1:
    """Return the full state of a client, made of what was validated when it came in."""
    return _made(
        ClientStateV1,
        type="client.state.v1",
        id=client.id,
        time=client.changed_at,
        workspace_id=client.workspace_id,
        rev=client.rev,
        name=client.name,
        surname=client.surname,
        email=_contactable(client.shown("email")),
        phone=_contactable(client.shown("phone")),
        contact_key=client.contact_key,
        origin=client.origin,
        tags=client.tags,
        registered=client.registered,
        chat_contact_ids=client.chat_contact_ids,
        language=client.language,
        time_zone=client.time_zone,
        groups=client.groups,
        segments=client.segments,
        fields=dict(client.fields),
        subscriptions=tuple(
            SubscriptionMark(category_id=one.category_id, subscribed=one.subscribed) for one in client.subscriptions
        ),
        refusals=tuple(
            RefusalMark(kind=one.kind, value=one.value, what=one.what, at=one.at, reason=one.reason)
            for one in client.refusals
        ),
        created_at=client.created_at,
    )


def _contactable(holding: Holding | None) -> Contactable | None:
    return None if holding is None else _made(Contactable, value=holding.value, strength=holding.strength)


async def revs_of(collection: Collection, ids: Sequence[str], field: str) -> Mapping[str, int]:
    """Return a rev by id, of those that exist."""
    found = await collection.find({"_id": {"$in": list(ids)}}, {field: 1}).to_list(None)
    return {document["_id"]: document.get(field) or 0 for document in found}


async def total_of(collection: Collection, ids: Sequence[str], field: str) -> tuple[int, int]:
    """Return how many have a rev, and the sum of the revs."""
    stages: list[Document] = [
        {"$match": {"_id": {"$in": list(ids)}, field: {"$gt": 0}}},
        {"$group": {"_id": None, "count": {"$sum": 1}, "revs": {"$sum": f"${field}"}}},
    ]
    found = await collection.aggregate(stages).to_list(None)
    return (found[0]["count"], found[0]["revs"]) if found else (0, 0)


async def walk_revs(collection: Collection, field: str) -> AsyncIterator[tuple[str, int]]:
    """Give the id and the rev of all that have one."""
    async for document in by_id(collection, {field: True}, {field: {"$gt": 0}}):
        yield document["_id"], document[field]


class ChatContactStates:
    """The source of `chat-contact.v1`."""

    def __init__(self, contacts: ChatContacts) -> None:
        self._collection = contacts.collection

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        found = await self._collection.find({"_id": {"$in": list(ids)}}).to_list(None)
        return [chat_contact_state(chat_contact_from(document)) for document in found]

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        return await total_of(self._collection, ids, "rev")

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return await revs_of(self._collection, ids, "rev")

    def key_of(self, id_: str) -> str:
        return id_

    def walk(self) -> AsyncIterator[tuple[str, int]]:
        return walk_revs(self._collection, "rev")

    def id_of(self, key: str) -> str | None:
        return key


class ClientStates:
    """The source of `client.v1`. An absorbed client is gone, and its key gets a tombstone."""

    def __init__(self, clients: Clients) -> None:
        self._collection = clients.collection

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        found = await self._collection.find({"_id": {"$in": list(ids)}}).to_list(None)
        return [client_state(client_from(document)) for document in found]

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        return await total_of(self._collection, ids, "rev")

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return await revs_of(self._collection, ids, "rev")

    def key_of(self, id_: str) -> str:
        return id_

    def walk(self) -> AsyncIterator[tuple[str, int]]:
        return walk_revs(self._collection, "rev")

    def id_of(self, key: str) -> str | None:
        return key

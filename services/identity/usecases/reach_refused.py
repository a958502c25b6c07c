"""Refusals of values reach whoever holds them: what may be sent to their chats, and what their profile shows (0115)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.people import ChatContact
from services.identity.domain.profile import RefusedKind
from services.identity.domain.refusing import Subject, reached, reaching, refusable, shown_on, values_of
from services.identity.store.permissions import refused_id
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session

Keys = Mapping[topics.Topic, list[str]]


@dataclass(frozen=True, slots=True)
class _Around:
    """Clients with all of their chats, and what is refused of their values."""

    clients: Sequence[Client]
    contacts: Sequence[ChatContact]
    subjects: Mapping[str, Subject]

    def client_of(self, contact: ChatContact) -> Client | None:
        return next((client for client in self.clients if client.id == contact.client_id), None)


class ReachRefused:
    """Call it after every commit that gave a client or a chat contact a value, or a chat contact a client.

    Whoever refuses a value looks for its holders after *their* commit: so whichever comes second finds the other, and
    nothing needs to lock. It changes nothing where nothing is refused, and costs one read then.
    """

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(
        self,
        workspace_id: str,
        client_ids: Iterable[str],
        chat_contact_ids: Iterable[str] = (),
        merge_id: str | None = None,
    ) -> Mapping[str, Client]:
        """Reach them, and return the clients whose profile shows something else now, by id.

        `merge_id` is the merge that brought them together, if one did.
        """
        clients, contacts = tuple(client_ids), tuple(chat_contact_ids)

        async def work(session: Session) -> tuple[Keys, Mapping[str, Client], ObjectId] | None:
            around = await self._around(workspace_id, clients, contacts, session)
            subjects, changed = await self._write(workspace_id, around, merge_id, session)
            keys = {topics.PERMISSION: [refused_id(one.id) for one in subjects], topics.CLIENT: list(changed)}
            keys = {topic: ids for topic, ids in keys.items() if ids}
            return (keys, changed, await self._outbox.note(keys, session)) if keys else None

        around = await self._around(workspace_id, clients, contacts, None)
        if not around.subjects and not any(client.refusals for client in around.clients):
            return {}
        written = await until_written(self._stores, work)
        if written is None:
            return {}
        keys, changed, row = written
        await self._outbox.publish(row, keys)
        return changed

    async def after_edit(self, client: Client) -> Client:
        """Reach a client that was edited or made, and return it as it is then.

        Where the broker is away, the sweeper tells of it: the edit itself did succeed.
        """
        with suppress(KafkaError, BrokerAwayError):
            changed = await self(client.workspace_id, [client.id])
            return changed.get(client.id, client)
        return await self._stores.clients.get(client.workspace_id, client.id) or client

    async def after_linking(self, clients: Sequence[Client], contacts: Sequence[ChatContact]) -> None:
        """Reach those that were just written. Their values are in hand, so that one read tells of nothing refused."""
        if not contacts and not clients:
            return
        workspace_id = (*clients, *contacts)[0].workspace_id
        found = await self._stores.refusals.of_values(workspace_id, _values(clients, contacts))
        if found or any(client.refusals for client in clients):
            await self(workspace_id, [one.id for one in clients], [one.id for one in contacts])

    async def _around(
        self, workspace_id: str, client_ids: Sequence[str], chat_contact_ids: Sequence[str], session: Session | None
    ) -> _Around:
        named = await self._stores.chat_contacts.of(workspace_id, chat_contact_ids, session) if chat_contact_ids else []
        ids = {*client_ids, *(contact.client_id for contact in named if contact.client_id)}
        clients = await self._stores.clients.of(workspace_id, ids, session)
        others = {id_ for client in clients for id_ in client.chat_contact_ids} - {contact.id for contact in named}
        contacts = [*named, *(await self._stores.chat_contacts.of(workspace_id, others, session) if others else ())]
        subjects = await self._stores.refusals.of_values(workspace_id, _values(clients, contacts), session)
        return _Around(clients, contacts, subjects)

    async def _write(
        self, workspace_id: str, around: _Around, merge_id: str | None, session: Session
    ) -> tuple[Sequence[Subject], Mapping[str, Client]]:
        """Write what is news, and return it."""
        hashed, now = self._stores.refusals.hashed(workspace_id), self._clock()
        through = {
            contact.id: [
                replace(one, merge_id=merge_id)
                for one in reaching(contact, around.client_of(contact), around.subjects, hashed)
            ]
            for contact in around.contacts
        }
        there = await self._stores.refusals.of(workspace_id, [id_ for id_, by in through.items() if by], session)
        changed: list[Subject] = []
        for id_, by in through.items():
            subject = there.get(id_) or Subject(id_, workspace_id, "chat_contact", now)
            after = reached(subject, by, now)
            if after is not subject:
                changed.append(after)
        for kind, value in _values(around.clients, around.contacts):
            hidden = around.subjects.get(hashed(kind, value))
            if hidden is not None and hidden.said and hidden.value is None:
                changed.append(replace(hidden, value=value).changed(now))  # somebody holds it again
        await self._stores.refusals.write(changed, session)
        clients: dict[str, Client] = {}
        for client in around.clients:
            shown = shown_on(client, around.subjects, hashed)
            if shown != client.refusals:
                clients[client.id] = replace(client, refusals=shown).changed(now)
                await self._stores.clients.write(clients[client.id], session)
        return changed, clients


def _values(clients: Iterable[Client], contacts: Iterable[ChatContact]) -> set[tuple[RefusedKind, str]]:
    found = {value for contact in contacts for value in values_of(contact, None)}
    for client in clients:
        found |= refusable(client.holdings)
    return found

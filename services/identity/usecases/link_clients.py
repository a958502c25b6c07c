"""Evidence of who somebody is: each in a small transaction of its own, because clients are shared by many chats."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.decisions import Apart, Decision
from services.identity.domain.evidence import evidence_of
from services.identity.domain.linking import decide, welcome
from services.identity.domain.merging import Merge
from services.identity.domain.parting import is_old
from services.identity.domain.people import ChatContact
from services.identity.domain.recognise import fold
from services.identity.store.states import chat_contact_state, client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.contracts.chat import DetailsProvidedV1, SignedInV1
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.observability.metrics import LINKED
from shared.storage.erased import is_erased
from shared.storage.mongo import Session


@dataclass(frozen=True, slots=True)
class _Done:
    decision: Decision
    contacts: Sequence[ChatContact]
    """Those that were written."""
    row: ObjectId


class LinkClients:
    """Decides whose a chat contact is. A race is decided by an index: then it reads again, and decides again."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def take(self, event: DetailsProvidedV1 | SignedInV1) -> None:
        """Take in what somebody gave, or who signed in. The same event again changes nothing."""
        given = evidence_of(event)
        new_client_id = new_id("cl")

        async def work(session: Session) -> _Done | None:
            stored = await self._stores.chat_contacts.read([event.chat_contact_id], session)
            if not stored and is_erased(
                await self._stores.erased.of([event.chat_contact_id], session), event.chat_contact_id, event.time
            ):
                return None
            chat = stored.get(event.chat_contact_id) or fold(None, event)
            if chat is None or any(evidence.event_id == event.id for evidence in chat.evidence):
                return None
            if is_old(chat, event.time):
                return None
            clients = await self._stores.clients.holders(event.workspace_id, given, session)
            own, siblings = await self._own(chat, session)
            around = {client.id: client for client in (*clients, *own)}
            apart = await self._apart(event.workspace_id, around, session)
            decision = decide(chat, given, around.values(), siblings.values(), new_client_id, self._clock(), apart)
            return await self._save(decision, stored | siblings, session)

        await self._settle(work)

    async def welcome(self, id_: str) -> None:
        """Make a client of somebody who wrote, where the connection's first message does that."""
        new_client_id = new_id("cl")

        async def work(session: Session) -> _Done | None:
            stored = await self._stores.chat_contacts.read([id_], session)
            chat = stored.get(id_)
            if chat is None or not chat.is_visitor or chat.parted_at is not None:
                return None
            return await self._save(welcome(chat, new_client_id, self._clock()), stored, session)

        await self._settle(work)

    async def _own(self, chat: ChatContact, session: Session) -> tuple[Sequence[Client], dict[str, ChatContact]]:
        """Return the chat contact's client, and that client's other chat contacts."""
        own = await self._stores.clients.get(chat.workspace_id, chat.client_id, session) if chat.client_id else None
        if own is None:
            return (), {}
        others = [id_ for id_ in own.chat_contact_ids if id_ != chat.id]
        return (own,), await self._stores.chat_contacts.read(others, session)

    async def _apart(self, workspace_id: str, clients: Iterable[str], session: Session) -> Apart:
        """Return which of these clients a person said are two; one alone needs no look."""
        ids = sorted(set(clients))
        if len(ids) < 2:  # noqa: PLR2004 - a pair
            return frozenset()
        stands_for = await self._stores.merges.stands_for(workspace_id, ids, session)
        return await self._stores.apart.among(workspace_id, stands_for, session)

    async def _save(self, decision: Decision, known: Mapping[str, ChatContact], session: Session) -> _Done | None:
        """Write what was decided: what lets go of a value first, then what takes it up."""
        touched = (decision.chat, *decision.moved)
        contacts = [c for c in touched if c.id not in known or c.rev != known[c.id].rev]
        if not contacts and not decision.clients and not decision.doubts:
            return None
        if decision.merge is not None:
            await self._stores.clients.remove(decision.merge.absorbed, session)
            await self._stores.merges.add(decision.merge, session)
            await self._settled(decision.merge, session)
        for client in decision.clients:
            await self._stores.clients.write(client, session)
        await self._stores.chat_contacts.write(contacts, known, session)
        if decision.doubts:
            await self._stores.suggestions.add(decision.chat, decision.doubts, session)
        row = await self._outbox.note(_keys(decision, contacts), session)
        return _Done(decision, contacts, row)

    async def _settled(self, merge: Merge, session: Session) -> None:
        """Nothing need be judged any more between two who are one now."""
        workspace_id, two = merge.before.workspace_id, (merge.before.id, merge.absorbed.id)
        stands_for = await self._stores.merges.stands_for(workspace_id, two, session)
        # the merge stands already, so the survivor stands for both
        await self._stores.suggestions.settle(workspace_id, stands_for[two[0]], stands_for[two[0]], "merged", session)

    async def _settle(self, work: Callable[[Session], Awaitable[_Done | None]]) -> None:
        done = await until_written(self._stores, work)
        if done is None:
            return
        link = done.decision.new_link
        if link is not None:
            LINKED.labels(link.how, link.strength or "none").inc()
        known = {
            topics.CLIENT: [client_state(client) for client in done.decision.clients],
            topics.CHAT_CONTACT: [chat_contact_state(contact) for contact in done.contacts],
        }
        await self._outbox.publish(done.row, _keys(done.decision, done.contacts), known=known)
        merged = done.decision.merge
        if merged is not None:
            await self._reach(merged.before.workspace_id, [merged.survivor_id], merge_id=merged.id)
        else:
            await self._reach.after_linking(done.decision.clients, done.contacts)


def _keys(decision: Decision, contacts: Sequence[ChatContact]) -> dict[topics.Topic, list[str]]:
    """Return what changed. An absorbed client is among it: its key gets a tombstone."""
    clients = [client.id for client in decision.clients]
    if decision.merge is not None:
        clients.append(decision.merge.absorbed.id)
    return {topics.CLIENT: clients, topics.CHAT_CONTACT: [contact.id for contact in contacts]}

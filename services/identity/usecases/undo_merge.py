"""A merge is taken back: both are who they were, but for what happened since (docs/decisions/0117)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.merging import Merge
from services.identity.domain.people import ChatContact
from services.identity.domain.refusing import Subject, let_go, reaching, values_of
from services.identity.domain.undoing import Elsewhere, Parted, ids_around, keys_around, undo
from services.identity.store.merges import KeptMerge
from services.identity.store.permissions import refused_id
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.refuse import telling_senders
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.storage.mongo import Session


class UnknownMergeError(Exception):
    """There is none with this id in this workspace."""


class AlreadyUndoneError(Exception):
    """It was taken back before."""


class PeopleGoneError(Exception):
    """The people of this merge were deleted, and with them what would be needed to take it back."""


class NotNewestError(Exception):
    """Another merge came after it, and is to be undone first; `newest_id` is that one's."""

    def __init__(self, newest_id: str) -> None:
        super().__init__(newest_id)
        self.newest_id = newest_id


@dataclass(frozen=True, slots=True)
class _Undone:
    parted: Parted
    keys: dict[topics.Topic, list[str]]
    row: ObjectId


class UndoMerge:
    """Undoes a merge, by hand or by evidence, and keeps the two apart from then on."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(self, workspace_id: str, id_: str, by: str) -> Parted:
        """Undo it. Raises the errors above, and `NotToldError`."""

        async def work(session: Session) -> _Undone:
            kept, merge, survivor = await self._newest(workspace_id, id_, session)
            contacts = await self._stores.chat_contacts.of(workspace_id, survivor.chat_contact_ids, session)
            held = await self._stores.clients.held_by_others(
                workspace_id, ids_around(merge), keys_around(merge), survivor.id, session
            )
            now = self._clock()
            parted = undo(merge, survivor, contacts, Elsewhere(*held), now)
            await self._stores.clients.write(parted.survivor, session)  # lets go of values before they come back
            await self._stores.clients.write(parted.absorbed, session, back=True)
            await self._stores.chat_contacts.write(parted.chats, {one.id: one for one in contacts}, session)
            await self._stores.merges.mark_undone(kept, workspace_id, now, by, session)
            await self._stores.apart.add(workspace_id, survivor.id, merge.absorbed.id, now, by, session)
            released = await self._release(workspace_id, merge, parted, contacts, session)
            keys = {
                topics.PERMISSION: [refused_id(one.id) for one in released],
                topics.CLIENT: [survivor.id, merge.absorbed.id],
                topics.CHAT_CONTACT: [one.id for one in parted.chats],
            }
            keys = {topic: ids for topic, ids in keys.items() if ids}
            return _Undone(parted, keys, await self._outbox.note(keys, session))

        undone = await until_written(self._stores, work)
        with telling_senders():
            await self._outbox.publish(undone.row, undone.keys)
            await self._reach(workspace_id, [undone.parted.survivor.id, undone.parted.absorbed.id])
        return undone.parted

    async def _newest(self, workspace_id: str, id_: str, session: Session) -> tuple[KeptMerge, Merge, Client]:
        """Return the merge and its survivor, if it may be undone."""
        kept = await self._stores.merges.get(workspace_id, id_, session)
        if kept is None:
            raise UnknownMergeError(id_)
        if not kept.stands:
            raise AlreadyUndoneError(id_)
        survivor = await self._stores.clients.get(workspace_id, kept.survivor_id, session)
        if survivor is None:
            ended = await self._stores.merges.of_absorbed(workspace_id, kept.survivor_id, session)
            later = next((one for one in ended if one.stands), None)
            raise NotNewestError(later.id) if later is not None and later.merge is not None else PeopleGoneError(id_)
        newest = next(one for one in await self._stores.merges.into(workspace_id, [survivor.id], session) if one.stands)
        if newest.id != id_:
            raise NotNewestError(newest.id)
        if kept.merge is None:
            raise PeopleGoneError(id_)
        return kept, kept.merge, survivor

    async def _release(
        self, workspace_id: str, merge: Merge, parted: Parted, contacts: Sequence[ChatContact], session: Session
    ) -> list[Subject]:
        """Let go of refusals that this merge brought to chats, and that nothing else holds there.

        Whatever was refused while they were one was said of both, and stays with both.
        """
        refusals, now = self._stores.refusals, self._clock()
        moved = {one.id: one for one in parted.chats}
        subjects = await refusals.of(workspace_id, [contact.id for contact in contacts], session)
        released: list[Subject] = []
        for contact in contacts:
            subject = subjects.get(contact.id)
            if subject is None or not any(one.merge_id == merge.id for one in subject.through):
                continue
            owner = parted.absorbed if contact.id in moved else parted.survivor
            values = await refusals.of_values(workspace_id, values_of(contact, owner), session)
            through = reaching(contact, owner, values, refusals.hashed(workspace_id))
            still = {(one.subject_id, one.what) for one in through}
            after = let_go(
                subject,
                lambda one, still=still: one.merge_id == merge.id and (one.subject_id, one.what) not in still,
                now,
            )
            if after is not subject:
                released.append(after)
        await refusals.write(released, session)
        return released

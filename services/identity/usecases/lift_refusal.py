"""A refusal is taken back, by a person who says why; what the person refused themselves is theirs to take back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bson import ObjectId

from services.identity.domain.people import ChatContact
from services.identity.domain.profile import RefusedAs
from services.identity.domain.refusing import Subject, Through, let_go, lifted, reaching, values_of
from services.identity.store.permissions import refused_id
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.refuse import AT_ONCE, pages, telling_senders
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.storage.mongo import Session


class UnknownRefusalError(Exception):
    """Nothing of this id is refused in this workspace."""


class RefusedThroughError(Exception):
    """The chat contact is refused because of values that it, or its client, holds: these are to be lifted instead."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        super().__init__(", ".join(subject.id for subject in subjects))
        self.subjects = subjects


class LiftRefusal:
    """Lifts a refusal, lets go of everybody it reached, and tells the senders."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(
        self, workspace_id: str, id_: str, what: RefusedAs, reason: str, by: str, *, own: bool = False
    ) -> Subject:
        """Lift it. `own`: the person takes it back themselves.

        Raises `UnknownRefusalError`, `RefusedThroughError`, `NotStaffsToLiftError`, `NotToldError`. Asked again after
        it was cut off, it does what is left.
        """

        async def work(session: Session) -> tuple[Subject, ObjectId]:
            before = (await self._stores.refusals.of(workspace_id, [id_], session)).get(id_)
            if before is None:
                raise UnknownRefusalError(id_)
            if before.kind == "chat_contact" and (holding := await self._holding(workspace_id, id_, what, session)):
                raise RefusedThroughError(holding)
            after = lifted(before, what, reason, by, self._clock(), own=own)
            if after is not before:
                await self._stores.refusals.write([after], session)
            return after, await self._outbox.note({topics.PERMISSION: [refused_id(id_)]}, session)

        with telling_senders():
            subject, row = await until_written(self._stores, work)
            await self._outbox.publish(row, {topics.PERMISSION: [refused_id(id_)]})
            if subject.kind != "chat_contact":
                await self._let_go(subject, what)
        return subject

    async def _holding(self, workspace_id: str, id_: str, what: RefusedAs, session: Session) -> list[Subject]:
        """Return what refuses a chat contact through values that are its own, or its client's, as of now."""
        contact = await self._stores.chat_contacts.get(workspace_id, id_, session)
        if contact is None:
            return []
        subjects, through = await self._through(contact, session)
        return [subjects[one.subject_id] for one in through if one.what == what]

    async def _through(self, contact: ChatContact, session: Session) -> tuple[dict[str, Subject], list[Through]]:
        refusals, workspace_id = self._stores.refusals, contact.workspace_id
        owner = contact.client_id
        client = await self._stores.clients.get(workspace_id, owner, session) if owner else None
        subjects = await refusals.of_values(workspace_id, values_of(contact, client), session)
        return subjects, reaching(contact, client, subjects, refusals.hashed(workspace_id))

    async def _let_go(self, subject: Subject, what: RefusedAs) -> None:
        """Release the chats that a value's refusal reached, and take it off the profiles that show it."""
        workspace_id = subject.workspace_id

        async def work(ids: Sequence[str], session: Session) -> tuple[list[str], ObjectId] | None:
            found = await self._stores.refusals.of(workspace_id, ids, session)
            now = self._clock()
            after = [
                let_go(one, lambda by: (by.subject_id, by.what) == (subject.id, what), now) for one in found.values()
            ]
            changed = [one for one in after if one is not found[one.id]]
            if not changed:
                return None
            await self._stores.refusals.write(changed, session)
            keys = [refused_id(one.id) for one in changed]
            return keys, await self._outbox.note({topics.PERMISSION: keys}, session)

        async for ids in pages(
            lambda after: self._stores.refusals.reached_by(workspace_id, subject.id, after, AT_ONCE)
        ):
            written = await until_written(self._stores, lambda session, ids=ids: work(ids, session))
            if written is not None:
                keys, row = written
                await self._outbox.publish(row, {topics.PERMISSION: keys})
        kind, value = subject.kind, subject.value
        if kind != "chat_contact" and value is not None:
            async for clients in pages(
                lambda after: self._stores.clients.holding(workspace_id, kind, value, after, AT_ONCE)
            ):
                await self._reach(workspace_id, clients)

"""A person merges two clients: they see first which value wins, may choose, and are told what speaks against it."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.merging import Merge
from services.identity.domain.merging_by_hand import (
    Choices,
    Row,
    Warned,
    compared,
    may_choose,
    merged_by_hand,
    warnings,
)
from services.identity.domain.people import Evidence
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.label_client import ClientChangedError
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.refuse import telling_senders
from services.identity.usecases.show_client import UnknownClientError
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session


class SameClientError(Exception):
    """Both are one client already."""


class UnknownChoiceError(Exception):
    """A field that cannot be chosen; the message names it."""


class SpeaksAgainstError(Exception):
    """Something says that these are two people; a person who merges them all the same has to say so."""

    def __init__(self, said: Sequence[Warned]) -> None:
        super().__init__(", ".join(said))
        self.warnings = said


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be merged, and how."""

    survivor_id: str
    other_id: str
    choices: Choices
    by: str
    accepts: Collection[Warned] = ()
    """What was said against it, and is accepted."""
    revs: tuple[int | None, int | None] = (None, None)
    """Those that the caller saw, if it insists."""
    evidence: Evidence | None = None
    suggestion_id: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Two clients, and what they would be as one."""

    survivor: Client
    other: Client
    after: Client
    rows: Sequence[Row]
    warnings: Sequence[Warned]


class MergeClients:
    """Shows what a merge would come to, and makes it."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def preview(self, workspace_id: str, wanted: Wanted) -> Preview:
        """Show it; nothing is written. Raises `UnknownClientError`, `SameClientError`, `UnknownChoiceError`."""
        return (await self._decide(workspace_id, wanted, "", None))[1]

    async def __call__(self, workspace_id: str, wanted: Wanted) -> Merge:
        """Merge them. Raises what `preview` does, `ClientChangedError`, `SpeaksAgainstError`, `NotToldError`."""
        id_ = new_id("mg")

        async def work(session: Session) -> tuple[Merge, dict[topics.Topic, list[str]], ObjectId]:
            merge, preview = await self._decide(workspace_id, wanted, id_, session)
            for client, rev in zip((preview.survivor, preview.other), wanted.revs, strict=True):
                if rev is not None and client.rev != rev:
                    raise ClientChangedError(client)
            unsaid: list[Warned] = [one for one in preview.warnings if one not in wanted.accepts]
            if unsaid:
                raise SpeaksAgainstError(unsaid)
            keys = await self._write(workspace_id, merge, wanted, session)
            return merge, keys, await self._outbox.note(keys, session)

        merge, keys, row = await until_written(self._stores, work)
        with suppress(KafkaError, BrokerAwayError):  # the sweeper tells of the merge; of what is forbidden, see below
            await self._outbox.publish(row, keys)
        with telling_senders():
            await self._reach(workspace_id, [merge.survivor_id], merge_id=merge.id)
        return merge

    async def _decide(
        self, workspace_id: str, wanted: Wanted, id_: str, session: Session | None
    ) -> tuple[Merge, Preview]:
        if wanted.survivor_id == wanted.other_id:
            raise SameClientError
        both = [
            await self._stores.clients.get(workspace_id, one, session) for one in (wanted.survivor_id, wanted.other_id)
        ]
        survivor, other = both
        if survivor is None:
            raise UnknownClientError(wanted.survivor_id)
        if other is None:
            raise UnknownClientError(wanted.other_id)
        if unknown := set(wanted.choices) - may_choose(survivor, other):
            raise UnknownChoiceError(", ".join(sorted(unknown)))
        contacts = await self._stores.chat_contacts.of(workspace_id, other.chat_contact_ids, session)
        stands_for = await self._stores.merges.stands_for(workspace_id, [survivor.id, other.id], session)
        merge = merged_by_hand(
            survivor,
            other,
            wanted.choices,
            self._clock(),
            id_=id_,
            by=wanted.by,
            evidence=wanted.evidence,
            links={contact.id: contact.link for contact in contacts},
        )
        said = warnings(survivor, other, apart=bool(await self._stores.apart.among(workspace_id, stands_for, session)))
        return merge, Preview(survivor, other, merge.after, compared(survivor, other, merge.after), said)

    async def _write(
        self, workspace_id: str, merge: Merge, wanted: Wanted, session: Session
    ) -> dict[topics.Topic, list[str]]:
        """Write it: the other client goes first, because its values may be held by one alone."""
        await self._stores.clients.remove(merge.absorbed, session)
        await self._stores.clients.write(merge.after, session)
        await self._stores.merges.add(merge, session)
        contacts = await self._stores.chat_contacts.of(workspace_id, merge.absorbed.chat_contact_ids, session)
        moved = [contact.with_news({"client_id": merge.survivor_id}).changed(merge.at) for contact in contacts]
        await self._stores.chat_contacts.write(moved, {contact.id: contact for contact in contacts}, session)
        if wanted.suggestion_id is not None:
            await self._stores.suggestions.judge(workspace_id, wanted.suggestion_id, "accepted", session)
        stands_for = await self._stores.merges.stands_for(workspace_id, [merge.survivor_id], session)
        everybody = stands_for[merge.survivor_id]
        await self._stores.suggestions.settle(workspace_id, everybody, everybody, "merged", session)
        keys = {
            topics.CLIENT: [merge.survivor_id, merge.absorbed.id],
            topics.CHAT_CONTACT: [contact.id for contact in moved],
        }
        return {topic: ids for topic, ids in keys.items() if ids}

"""What identity says on `permission.v1`: a chat contact's two switches, and what is refused."""

from collections.abc import AsyncIterator, Mapping, Sequence

from services.identity.domain.people import ChatContact
from services.identity.domain.refusing import Subject
from services.identity.store.chat_contacts import ChatContacts
from services.identity.store.documents import chat_contact_from
from services.identity.store.refusals import Refusals, subject_from
from services.identity.store.states import revs_of, total_of, walk_revs
from shared.contracts.event import StateEvent
from shared.contracts.people import PermissionStateV1

_REFUSED = "/blacklist"


def switches_state(contact: ChatContact) -> PermissionStateV1 | None:
    """Return what the switches say; None where neither ever moved: a million untouched ones add nothing."""
    if contact.switches_rev is None:
        return None
    return PermissionStateV1(
        id=f"{contact.id}/switches",
        time=contact.changed_at,
        workspace_id=contact.workspace_id,
        rev=contact.switches_rev,
        chat_contact_id=contact.id,
        fact="switches",
        proactive=contact.proactive,
        reactive=contact.reactive,
    )


def refused_state(subject: Subject) -> PermissionStateV1:
    """Return what is refused of an address or a chat contact; after it was lifted, that all is allowed."""
    return PermissionStateV1(
        id=refused_id(subject.id),
        time=subject.at,
        workspace_id=subject.workspace_id,
        rev=subject.rev,
        chat_contact_id=subject.id,
        fact="blacklist",
        proactive=subject.proactive,
        reactive=subject.reactive,
    )


def refused_id(subject_id: str) -> str:
    """Return how a subject's refusal is named in an outbox row, and keyed on the topic."""
    return f"{subject_id}{_REFUSED}"


class SwitchStates:
    """The switches. Ids are those of chat contacts."""

    def __init__(self, contacts: ChatContacts) -> None:
        self._collection = contacts.collection

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        found = await self._collection.find({"_id": {"$in": list(ids)}, "switches_rev": {"$ne": None}}).to_list(None)
        states = (switches_state(chat_contact_from(document)) for document in found)
        return [state for state in states if state is not None]

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        return await total_of(self._collection, ids, "switches_rev")

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        found = await revs_of(self._collection, ids, "switches_rev")
        return {self.key_of(id_): rev for id_, rev in found.items()}

    def key_of(self, id_: str) -> str:
        return f"{id_}/switches"

    def walk(self) -> AsyncIterator[tuple[str, int]]:
        return walk_revs(self._collection, "switches_rev")


class RefusedStates:
    """The refusals. Ids are those that `refused_id` makes."""

    def __init__(self, refusals: Refusals) -> None:
        self._collection = refusals.collection

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        found = await self._collection.find({"_id": {"$in": _subjects(ids)}}).to_list(None)
        return [refused_state(subject_from(document)) for document in found]

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        return await total_of(self._collection, _subjects(ids), "rev")

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        found = await revs_of(self._collection, _subjects(ids), "rev")
        return {refused_id(id_): rev for id_, rev in found.items()}

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        async for id_, rev in walk_revs(self._collection, "rev"):
            yield refused_id(id_), rev


class PermissionStates:
    """The source of identity's own facts on `permission.v1`: both kinds, told apart by their ids."""

    def __init__(self, switches: SwitchStates, refused: RefusedStates) -> None:
        self._switches = switches
        self._refused = refused

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        switches, refused = _parted(ids)
        found = list(await self._switches.states(switches)) if switches else []
        return found + list(await self._refused.states(refused)) if refused else found

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        switches, refused = _parted(ids)
        count, revs = await self._switches.total(switches) if switches else (0, 0)
        more, their_revs = await self._refused.total(refused) if refused else (0, 0)
        return count + more, revs + their_revs

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        switches, refused = _parted(ids)
        found = dict(await self._switches.revs(switches)) if switches else {}
        return found | dict(await self._refused.revs(refused)) if refused else found

    def key_of(self, id_: str) -> str:
        return id_ if id_.endswith(_REFUSED) else self._switches.key_of(id_)

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        async for one in self._switches.walk():
            yield one
        async for one in self._refused.walk():
            yield one

    def id_of(self, key: str) -> str | None:
        """Give none: other services' facts stand beside ours, and a refusal outlives its chat contact."""
        del key


def _parted(ids: Sequence[str]) -> tuple[list[str], list[str]]:
    refused = [id_ for id_ in ids if id_.endswith(_REFUSED)]
    return [id_ for id_ in ids if not id_.endswith(_REFUSED)], refused


def _subjects(ids: Sequence[str]) -> list[str]:
    return [id_.removesuffix(_REFUSED) for id_ in ids]

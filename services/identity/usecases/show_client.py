"""One client whole: its channels, why each is linked, and what was said besides."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.identity.domain.client import Client
from services.identity.domain.definitions import AdditionalField, Category
from services.identity.domain.labels import LabelKind
from services.identity.domain.people import ChatContact, Evidence
from services.identity.domain.segments import expanded
from services.identity.domain.tags import Tag
from services.identity.store.stores import Stores


class UnknownClientError(Exception):
    """There is none with this id in this workspace."""


class AbsorbedClientError(Exception):
    """This client turned out to be another one; `survivor_id` says which."""

    def __init__(self, survivor_id: str) -> None:
        super().__init__(survivor_id)
        self.survivor_id = survivor_id


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that was given in one of the client's chats, and that its profile does not show."""

    evidence: Evidence
    chat_contact_id: str


@dataclass(frozen=True, slots=True)
class WholeClient:
    """A client with all that is known through its channels."""

    client: Client
    chat_contacts: Sequence[ChatContact]
    claims: Sequence[Claim]
    tags: Mapping[str, Tag]
    """By id."""
    groups: Mapping[str, str]
    """Names by id."""
    segments: Mapping[str, str]
    """Those kept by hand."""
    by_rule: Mapping[str, str]
    """Segments whose rule lets this client through."""
    fields: Sequence[AdditionalField]
    """Every one that the workspace defines, in its order."""
    categories: Sequence[Category]


class ShowClient:
    """Reads one client, and the chat contacts of many."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, workspace_id: str, id_: str) -> WholeClient:
        """Return it whole. Raises `UnknownClientError`, `AbsorbedClientError`."""
        client = await self._stores.clients.get(workspace_id, id_)
        if client is None:
            survivor = await self.survivor_of(workspace_id, id_)
            if survivor is None:
                raise UnknownClientError(id_)
            raise AbsorbedClientError(survivor)
        contacts = await self._stores.chat_contacts.of(workspace_id, client.chat_contact_ids)
        return WholeClient(
            client=client,
            chat_contacts=contacts,
            claims=_claims(client, contacts),
            tags=await self._stores.tags.of(workspace_id, client.tags),
            groups=await self._names("group", workspace_id, client.groups),
            segments=await self._names("segment", workspace_id, client.segments),
            by_rule=await self._by_rule(client),
            fields=await self._stores.fields.all(workspace_id),
            categories=await self._stores.categories.all(workspace_id),
        )

    async def _names(self, kind: LabelKind, workspace_id: str, ids: Sequence[str]) -> dict[str, str]:
        found = await self._stores.labels_by_hand(kind, workspace_id, ids)
        return {id_: label.name for id_, label in found.items()}

    async def survivor_of(self, workspace_id: str, id_: str) -> str | None:
        """Return who a merged client is now; None where it never was one, or they are gone."""
        survivor = await self._stores.merges.survivor_of(workspace_id, id_)
        if survivor is None or await self._stores.clients.get(workspace_id, survivor) is None:
            return None
        return survivor

    async def _by_rule(self, client: Client) -> dict[str, str]:
        segments = await self._stores.segments.by_rule(client.workspace_id)
        rules = {one.id: one.rule for one in segments if one.rule is not None}
        return {one.id: one.name for one in segments if one.rule and expanded(one.rule, rules).matches(client)}

    async def chat_contacts_of(self, workspace_id: str, clients: Iterable[Client]) -> Mapping[str, list[ChatContact]]:
        """Return the chat contacts of each client, by the client's id, in one read."""
        listed = list(clients)
        ids = [id_ for client in listed for id_ in client.chat_contact_ids]
        found = {contact.id: contact for contact in await self._stores.chat_contacts.of(workspace_id, ids)}
        return {c.id: [found[id_] for id_ in c.chat_contact_ids if id_ in found] for c in listed}

    async def tags_of(self, workspace_id: str, clients: Iterable[Client]) -> Mapping[str, Tag]:
        """Return every tag of the clients by id, in one read; none where nobody has any."""
        return await self._stores.tags.of(workspace_id, [tag for client in clients for tag in client.tags])

    async def names_of(
        self, workspace_id: str, clients: Sequence[Client]
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the names of their contact groups, and of their segments, by id."""
        groups = sorted({id_ for client in clients for id_ in client.groups})
        segments = sorted({id_ for client in clients for id_ in client.segments})
        return await asyncio.gather(
            self._names("group", workspace_id, groups), self._names("segment", workspace_id, segments)
        )


def _claims(client: Client, contacts: Sequence[ChatContact]) -> list[Claim]:
    shown = {(h.kind, h.value) for h in (client.shown("email"), client.shown("phone")) if h is not None}
    shown |= {(h.kind, h.value) for h in client.holdings if h.kind == "site"}
    found = [
        Claim(evidence, contact.id)
        for contact in contacts
        for evidence in contact.evidence
        if (evidence.kind, evidence.value) not in shown
    ]
    return sorted(found, key=lambda claim: claim.evidence.at, reverse=True)

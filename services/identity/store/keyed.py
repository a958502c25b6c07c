"""Clients by what a business knows them by, many in one read, and written many in one bulk."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pymongo import InsertOne, ReplaceOne
from pymongo.errors import PyMongoError

from services.identity.domain.client import Client
from services.identity.domain.facets import value_facet
from services.identity.domain.known_people import Coded
from services.identity.domain.people import Kind
from services.identity.store.client_documents import client_from, client_to
from services.identity.store.clients import STATED_HOLDERS
from services.identity.store.migrate import BY_CODE, BY_FACET, ONE_CONTACT_KEY, ONE_HOLDER
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate

Value = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for."""

    contact_keys: frozenset[str] = frozenset()
    told_apart_by: frozenset[Value] = frozenset()
    """Values whose holders are looked for, however well they hold them."""
    values: frozenset[Value] = frozenset()
    """Values of which only who alone may hold them is looked for."""
    codes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """Who has it."""

    clients: list[Client]
    coded: list[Coded]


class Keyed:
    """Reads and writes over the clients and the chat contacts. Every method takes the workspace."""

    def __init__(self, clients: Collection, chat_contacts: Collection) -> None:
        self._clients = clients
        self._chat_contacts = chat_contacts

    async def read(self, workspace_id: str, wanted: Wanted, session: Session | None = None) -> Found:
        """Return everybody who has one of these; of a value stated of many, as many as tell that it is of many."""
        found: dict[str, Document] = {}
        coded = await self._coded(workspace_id, wanted.codes, session) if wanted.codes else []
        ids = wanted.ids | {one.client_id for one in coded if one.client_id is not None}
        alone = {f"{kind}:{value}" for kind, value in wanted.values | wanted.told_apart_by}
        for name, values, index in (
            ("_id", ids, None),
            ("contact_key", wanted.contact_keys, ONE_CONTACT_KEY),
            ("ids", alone, ONE_HOLDER),
        ):
            if values:
                where = {"workspace_id": workspace_id, name: {"$in": sorted(values)}}
                await self._into(found, where, index, 0, session)
        facets = sorted(value_facet(kind, value) for kind, value in wanted.told_apart_by)
        if facets:
            await self._stated(workspace_id, facets, found, session)
        return Found([client_from(document) for document in found.values()], coded)

    async def write(self, changed: Sequence[Client], session: Session) -> None:
        """Write clients whose revs were raised by one. Raises `StaleError` where one of them changed."""
        inserts = [InsertOne(client_to(client)) for client in changed if client.rev == 1]
        replaces = [
            ReplaceOne(
                {"_id": client.id, "workspace_id": client.workspace_id, "rev": client.rev - 1}, client_to(client)
            )
            for client in changed
            if client.rev > 1
        ]
        try:
            done = await self._clients.bulk_write([*replaces, *inserts], ordered=False, session=session)
        except PyMongoError as error:
            if is_duplicate(error):
                raise StaleError("somebody else holds the same value or contact key") from error
            raise
        if done.matched_count != len(replaces):
            raise StaleError("somebody changed one of these clients")

    async def touch(self, workspace_id: str, ids: AbstractSet[str], session: Session) -> None:
        """Meet whoever deletes or merges one of these in the same moment. Raises `StaleError` where one is gone.

        No rev is raised: nothing that is told of them changes.
        """
        done = await self._clients.update_many(
            {"_id": {"$in": sorted(ids)}, "workspace_id": workspace_id}, {"$inc": {"touched": 1}}, session=session
        )
        if done.matched_count != len(ids):
            raise StaleError("one of these clients is gone")

    async def _stated(
        self, workspace_id: str, facets: Sequence[str], found: dict[str, Document], session: Session | None
    ) -> None:
        """Read who has these facets. Where one of them is had by very many, each is looked at by itself."""
        most = 4 * len(facets) + STATED_HOLDERS
        where = {"workspace_id": workspace_id, "facets": {"$in": list(facets)}}
        if await self._into(found, where, BY_FACET, most, session) < most:
            return
        for facet in facets:
            await self._into(found, {"workspace_id": workspace_id, "facets": facet}, BY_FACET, STATED_HOLDERS, session)

    async def _into(
        self, found: dict[str, Document], where: Document, index: str | None, most: int, session: Session | None
    ) -> int:
        asked = self._clients.find(where, session=session, max_time_ms=QUERY_MILLISECONDS).limit(most)
        documents = await (asked.hint(index) if index else asked).to_list(None)
        found.update({document["_id"]: document for document in documents})
        return len(documents)

    async def _coded(self, workspace_id: str, codes: Iterable[str], session: Session | None) -> list[Coded]:
        where = {"workspace_id": workspace_id, "external_code": {"$in": sorted(codes)}}
        asked = self._chat_contacts.find(
            where, {"external_code": 1, "client_id": 1}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        found = await asked.hint(BY_CODE).limit(CODED_KEPT).to_list(None)
        return [Coded(document["external_code"], document.get("client_id")) for document in found]


CODED_KEPT = 5_000
"""Chat contacts of one read. A code is a label: nothing keeps many from having the same."""

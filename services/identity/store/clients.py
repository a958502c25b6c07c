"""Clients, one document each. The index `one_holder` makes (workspace, value) unique over all that hold it."""

from collections.abc import Iterable, Sequence

from pymongo import DeleteOne, InsertOne, ReplaceOne
from pymongo.errors import PyMongoError

from services.identity.domain.client import Client
from services.identity.domain.facets import value_facet
from services.identity.domain.labels import LabelKind, label_facet
from services.identity.domain.people import Evidence, Kind
from services.identity.store.client_documents import client_from, client_to, relabellings
from services.identity.store.migrate import BY_FACET, ONE_CONTACT_KEY, ONE_HOLDER
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate

STATED_HOLDERS = 50
"""Of one value that the business states of many (a switchboard's phone), so many are looked at."""


class Clients:
    """The collection. Every method takes the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def get(self, workspace_id: str, id_: str, session: Session | None = None) -> Client | None:
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else client_from(found)

    async def of(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> list[Client]:
        """Read those that exist, newest first."""
        found = self.collection.find(
            {"_id": {"$in": list(ids)}, "workspace_id": workspace_id}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        clients = [client_from(document) for document in await found.to_list(None)]
        return sorted(clients, key=lambda client: (-client.created_at.timestamp(), client.id))

    async def holders(self, workspace_id: str, given: Sequence[Evidence], session: Session) -> list[Client]:
        """Return who holds one of the values, however well. The one who alone may hold it is always among them."""
        ids = sorted({f"{evidence.kind}:{evidence.value}" for evidence in given})
        facets = sorted({value_facet(evidence.kind, evidence.value) for evidence in given})
        alone = self.collection.find({"workspace_id": workspace_id, "ids": {"$in": ids}}, session=session)
        found = {document["_id"]: document for document in await alone.to_list(None)}
        for facet in facets:
            stated = self.collection.find({"workspace_id": workspace_id, "facets": facet}, session=session)
            for document in await stated.hint(BY_FACET).limit(STATED_HOLDERS).to_list(STATED_HOLDERS):
                found[document["_id"]] = document
        return [client_from(document) for document in found.values()]

    async def holding(
        self, workspace_id: str, kind: Kind, value: str, after: str, limit: int, session: Session | None = None
    ) -> list[str]:
        """Return ids of all who hold a value, however well, ids rising."""
        where = {"workspace_id": workspace_id, "facets": value_facet(kind, value), "_id": {"$gt": after}}
        found = self.collection.find(where, {"_id": 1}, session=session, max_time_ms=QUERY_MILLISECONDS)
        return [one["_id"] for one in await found.hint(BY_FACET).sort("_id", 1).limit(limit).to_list(limit)]

    async def write(self, client: Client, session: Session | None = None, *, back: bool = False) -> None:
        """Write one whose rev was raised by one; `back` says that it was gone meanwhile.

        Raises `StaleError` where it changed, or somebody holds its value.
        """
        document = client_to(client)
        try:
            if client.rev == 1 or back:
                await self.collection.insert_one(document, session=session)
                return
            done = await self.collection.replace_one(
                {"_id": client.id, "workspace_id": client.workspace_id, "rev": client.rev - 1},
                document,
                session=session,
            )
        except PyMongoError as error:
            if is_duplicate(error):
                raise StaleError("somebody else holds the same value or contact key") from error
            raise
        if done.matched_count != 1:
            raise StaleError("somebody changed this client")

    async def write_all(
        self, made: Sequence[Client], changed: Sequence[Client], removed: Sequence[Client], session: Session
    ) -> None:
        """Write many in one bulk: new ones, those whose rev was raised by one, and those to delete as they were read.

        Raises `StaleError` where one changed meanwhile, or somebody holds its value: then nothing is to be committed.
        """
        writes: list[InsertOne[Document] | ReplaceOne[Document] | DeleteOne] = [
            *(InsertOne(client_to(client)) for client in made),
            *(ReplaceOne({"_id": client.id, "rev": client.rev - 1}, client_to(client)) for client in changed),
            *(DeleteOne({"_id": client.id, "rev": client.rev}) for client in removed),
        ]
        if not writes:
            return
        try:
            done = await self.collection.bulk_write(writes, ordered=False, session=session)
        except PyMongoError as error:
            if is_duplicate(error):
                raise StaleError("somebody else holds the same value or contact key") from error
            raise
        if done.inserted_count + done.matched_count + done.deleted_count != len(writes):
            raise StaleError("somebody changed one of these clients")

    async def named_by(
        self, workspace_id: str, facets: Sequence[str], contact_keys: Sequence[str], session: Session | None = None
    ) -> list[Client]:
        """Return who has one of these facets or contact keys, each once; indexes `by_facet`, `one_contact_key`."""
        found: dict[str, Document] = {}
        if facets:
            by_facet = self.collection.find(
                {"workspace_id": workspace_id, "facets": {"$in": list(facets)}}, session=session
            )
            found |= {document["_id"]: document for document in await by_facet.hint(BY_FACET).to_list(None)}
        if contact_keys:
            keys = {"$in": list(contact_keys), "$gt": ""}
            by_key = self.collection.find({"workspace_id": workspace_id, "contact_key": keys}, session=session)
            found |= {document["_id"]: document for document in await by_key.hint(ONE_CONTACT_KEY).to_list(None)}
        return [client_from(document) for document in found.values()]

    async def read(self, workspace_id: str, ids: Iterable[str], session: Session) -> dict[str, Client]:
        """Read those that exist, by id."""
        found = self.collection.find({"_id": {"$in": list(ids)}, "workspace_id": workspace_id}, session=session)
        return {document["_id"]: client_from(document) for document in await found.to_list(None)}

    async def relabel(self, kind: LabelKind, pairs: Sequence[tuple[Client, Client]], session: Session) -> None:
        """Write what some clients have of one kind of label, each as it was read in this session and as it is to be.

        The snapshot guards them: one that somebody changed meanwhile ends the transaction with a write conflict.
        """
        if not pairs:
            return
        done = await self.collection.bulk_write(relabellings(kind, pairs), ordered=False, session=session)
        if done.matched_count != len(pairs):
            raise StaleError("a client is gone")

    async def anybody_has(self, workspace_id: str, kind: LabelKind, id_: str) -> bool:
        """Tell whether somebody has a label."""
        found = await self.collection.find_one(
            {"workspace_id": workspace_id, "facets": label_facet(kind, id_)},
            {"_id": 1},
            hint=BY_FACET,
            max_time_ms=QUERY_MILLISECONDS,
        )
        return found is not None

    async def remove(self, client: Client, session: Session) -> None:
        """Delete one as it was read. Raises `StaleError` where it changed since."""
        done = await self.collection.delete_one(
            {"_id": client.id, "workspace_id": client.workspace_id, "rev": client.rev}, session=session
        )
        if done.deleted_count != 1:
            raise StaleError("somebody changed this client")

    async def held_by_others(
        self, workspace_id: str, ids: Iterable[str], contact_keys: Iterable[str], besides: str, session: Session
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return which of these values and keys, that one alone may hold, somebody other than `besides` holds."""
        wanted, keys = sorted(set(ids)), sorted(set(contact_keys))
        others: Document = {"workspace_id": workspace_id, "_id": {"$ne": besides}}
        held = self.collection.find({**others, "ids": {"$in": wanted}}, {"ids": 1}, session=session)
        named = self.collection.find({**others, "contact_key": {"$in": keys}}, {"contact_key": 1}, session=session)
        found = {id_ for document in (await held.to_list(None) if wanted else ()) for id_ in document["ids"]}
        there = {document["contact_key"] for document in (await named.to_list(None) if keys else ())}
        return frozenset(found & set(wanted)), frozenset(there)

    async def has_contact_key(self, workspace_id: str, contact_key: str, session: Session | None = None) -> str | None:
        """Return the id of the client that has this key of the business's."""
        found = await self.collection.find_one(
            {"workspace_id": workspace_id, "contact_key": contact_key},
            {"_id": 1},
            session=session,
            max_time_ms=QUERY_MILLISECONDS,
        )
        return None if found is None else found["_id"]

    async def has_verified(
        self, workspace_id: str, kind: Kind, value: str, session: Session | None = None
    ) -> str | None:
        """Return the id of the client that has proved this value."""
        found = await self.collection.find_one(
            {
                "workspace_id": workspace_id,
                "ids": f"{kind}:{value}",
                "holdings": {"$elemMatch": {"kind": kind, "value": value, "strength": "verified"}},
            },
            {"_id": 1},
            session=session,
            max_time_ms=QUERY_MILLISECONDS,
            hint=ONE_HOLDER,
        )
        return None if found is None else found["_id"]

"""Chat contacts, one document each; `_id` follows from (workspace, connection, contact id), which makes them unique."""

from collections.abc import Iterable, Mapping, Sequence

from bson.codec_options import CodecOptions
from pymongo import InsertOne, UpdateOne
from pymongo.errors import PyMongoError

from services.identity.domain.people import ChatContact
from services.identity.store.documents import chat_contact_changes, chat_contact_from, chat_contact_to
from services.identity.store.migrate import BY_CONTACT_ID, BY_EVIDENCE
from shared.contracts.chat import Channel
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate


class ChatContacts:
    """The collection. An id that is derived stands for its workspace; every other read names the workspace."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection.with_options(CodecOptions(tz_aware=False))

    async def read(self, ids: Iterable[str], session: Session | None = None) -> dict[str, ChatContact]:
        """Read those that exist, by derived ids."""
        wanted = list(ids)
        found = await self.collection.find({"_id": {"$in": wanted}}, session=session).to_list(None) if wanted else []
        return {document["_id"]: chat_contact_from(document) for document in found}

    async def write(self, changed: Sequence[ChatContact], before: Mapping[str, ChatContact], session: Session) -> None:
        """Write all in one bulk, in the transaction that read them. Raises `StaleError` where one is gone.

        The snapshot guards them: a document that somebody changed since it was read ends the transaction with a write
        conflict. A filter by rev besides would be planned anew for each document, and take twice as long (0020).
        """
        operations: list[UpdateOne | InsertOne[Document]] = []
        for contact in changed:
            read = before.get(contact.id)
            if read is None:
                operations.append(InsertOne(chat_contact_to(contact)))
            else:
                operations.append(UpdateOne({"_id": contact.id}, chat_contact_changes(read, contact)))
        if not operations:
            return
        try:
            done = await self.collection.bulk_write(operations, ordered=False, session=session)
        except PyMongoError as error:
            if is_duplicate(error):
                raise StaleError("somebody made the same chat contact") from error
            raise
        if done.matched_count + done.inserted_count != len(operations):
            raise StaleError("a chat contact is gone")

    async def get(self, workspace_id: str, id_: str, session: Session | None = None) -> ChatContact | None:
        """Read one of a workspace."""
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else chat_contact_from(found)

    async def of(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> list[ChatContact]:
        """Read those of a workspace that exist, newest first."""
        found = self.collection.find(
            {"_id": {"$in": list(ids)}, "workspace_id": workspace_id}, session=session, max_time_ms=QUERY_MILLISECONDS
        )
        contacts = [chat_contact_from(document) for document in await found.to_list(None)]
        return sorted(contacts, key=lambda contact: (-contact.newest.timestamp(), contact.id))

    async def who_gave(self, workspace_id: str, value: str, after: str, limit: int) -> list[str]:
        """Return ids of the chat contacts in which a phone or an email was given, ids rising."""
        where = {"workspace_id": workspace_id, "evidence.value": value, "_id": {"$gt": after}}
        found = self.collection.find(where, {"_id": 1}, max_time_ms=QUERY_MILLISECONDS).hint(BY_EVIDENCE)
        return [one["_id"] for one in await found.sort("_id", 1).limit(limit).to_list(limit)]

    async def called(self, workspace_id: str, channel: Channel, contact_ids: Sequence[str]) -> list[str]:
        """Return ids of the chat contacts that have one of these contact ids on a channel, one for each connection."""
        where = {
            "workspace_id": workspace_id,
            "visitor": {"$in": [True, False]},
            "contact_id": {"$in": list(contact_ids)},
            "channel": channel,
        }
        found = self.collection.find(where, {"_id": 1}, max_time_ms=QUERY_MILLISECONDS).hint(BY_CONTACT_ID)
        return [one["_id"] for one in await found.to_list(None)]

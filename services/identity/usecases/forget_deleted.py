"""What clients hold of a field or a category that was deleted is taken out of them, wherever a crash left it.

Nothing is remembered of how far it got: who was seen to no longer matches, so a new start finds those that are left.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Document, Session
from shared.storage.walk import by_id

log = structlog.get_logger(__name__)

CLIENTS_AT_ONCE = 200
EVERY_SECONDS = 5.0


class ForgetDeleted:
    """Sees to deleted fields and categories for as long as the service runs. Two who do it disturb nobody."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def run(self) -> None:
        while True:
            try:
                await self.forget()
            except (PyMongoError, KafkaError, BrokerAwayError) as error:
                log.warning("deleted fields and categories wait", error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def forget(self) -> int:
        """Take out of all clients what was deleted; returns how many held something of it."""
        seen = 0
        for workspace_id, id_ in await self._stores.fields.ended():
            seen += await self._take_out(
                workspace_id, {f"fields.{id_}": {"$exists": True}}, {"$unset": {f"fields.{id_}": ""}}
            )
            await self._stores.fields.forget(workspace_id, id_)
        for workspace_id, id_ in await self._stores.categories.ended():
            held = {"subscriptions.category_id": id_}
            seen += await self._take_out(workspace_id, held, {"$pull": {"subscriptions": {"category_id": id_}}})
            await self._stores.categories.forget(workspace_id, id_)
        return seen

    async def _take_out(self, workspace_id: str, held: Document, update: Document) -> int:
        seen, ids = 0, list[str]()
        where = {"workspace_id": workspace_id, **held}
        async for found in by_id(self._stores.clients.collection, {"_id": 1}, where):
            ids.append(found["_id"])
            if len(ids) == CLIENTS_AT_ONCE:
                seen += await self._change(ids, where, update)
                ids = []
        return seen + (await self._change(ids, where, update) if ids else 0)

    async def _change(self, ids: Sequence[str], where: Document, update: Document) -> int:
        changes = {**update, "$inc": {"rev": 1}, "$set": {"changed_at": self._clock()}}
        keys = {topics.CLIENT: list(ids)}

        async def work(session: Session) -> tuple[int, ObjectId]:
            meant = {**where, "_id": {"$in": list(ids)}}
            done = await self._stores.clients.collection.update_many(meant, changes, session=session)
            return done.modified_count, await self._outbox.note(keys, session)

        changed, row = await self._stores.in_transaction(work)
        await self._outbox.publish(row, keys)
        return changed

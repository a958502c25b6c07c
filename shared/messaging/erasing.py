"""What a service does when a person is erased: it removes what it keeps, notes that it did, and answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

import structlog

from shared.contracts import topics
from shared.contracts.erasure import Eraser, ErasureDoneV1, ErasureRequestedV1
from shared.contracts.event import Event
from shared.contracts.ids import derived_id
from shared.messaging.publisher import Publisher
from shared.storage.erased import ErasedChats
from shared.storage.mongo import Client, Database, Document, Session
from shared.storage.transactions import in_transaction

log = structlog.get_logger(__name__)

Remove = Callable[[ErasureRequestedV1, Session], Awaitable[Mapping[str, int]]]
"""Removes what a service keeps of these chats, inside the transaction; returns how many of each kind."""


class Erasing:
    """Handles `erasure.v1`. Asked again it removes what is there by then, and answers with all that it ever removed."""

    def __init__(self, service: Eraser, client: Client, owned: Database, publisher: Publisher, remove: Remove) -> None:
        self._service: Eraser = service
        self._client = client
        self._done = owned["erasures"]
        self._erased = ErasedChats(owned)
        self._publisher = publisher
        self._remove = remove

    async def __call__(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, ErasureRequestedV1):
                await self._publisher.publish(topics.ERASURE, [await self._erase(event)])

    async def _erase(self, asked: ErasureRequestedV1) -> ErasureDoneV1:
        async def work(session: Session) -> Document:
            # first the guard: what is read of before from here on is passed over
            await self._erased.add(asked.workspace_id, [one.id for one in asked.chats], asked.time, session)
            removed = await self._remove(asked, session)
            there: Document | None = await self._done.find_one({"_id": asked.id}, session=session)
            before: Mapping[str, int] = there["removed"] if there else {}
            total = {kind: before.get(kind, 0) + number for kind, number in removed.items()}
            at = there["at"] if there and not any(removed.values()) else _now()
            kept = {"_id": asked.id, "workspace_id": asked.workspace_id, "removed": total, "at": at}
            await self._done.replace_one({"_id": asked.id}, kept, upsert=True, session=session)
            return kept

        done = await in_transaction(self._client, work)
        log.info("a person was erased", erasure=asked.id, removed=done["removed"])
        return ErasureDoneV1(
            id=derived_id("erasure", asked.id, self._service),
            time=done["at"],
            workspace_id=asked.workspace_id,
            erasure_id=asked.id,
            service=self._service,
            removed=done["removed"],
        )


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

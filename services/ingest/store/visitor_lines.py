"""What visitors of websites were told: messages numbered within each chat, so that a stream can go on after any."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import ReturnDocument

from shared.contracts.sending import Button
from shared.storage.mongo import QUERY_MILLISECONDS, Client, Database, Document, Session
from shared.storage.transactions import in_transaction

ONE_NUMBER = "one_number_in_a_chat"
_LOOK_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One message to a visitor. `n` counts up from 1 in its chat, without holes."""

    n: int
    id: str
    """The message's, as it was asked for."""
    at: datetime
    text: str
    buttons: tuple[Button, ...] = ()


class VisitorLines:
    """One document a message, and one with each chat's newest number. A chat is known by its chat contact's id.

    A number is taken in the transaction that inserts what it numbers, and all who number one chat meet at that one
    document: who has read up to a number has read all below it.
    """

    def __init__(self, client: Client, owned: Database) -> None:
        self._client = client
        self._lines = owned["visitor_lines"]
        self._numbers = owned["visitor_numbers"]

    async def add(
        self, workspace_id: str, chat: str, id_: str, *, at: datetime, text: str, buttons: Sequence[Button]
    ) -> int:
        """Keep a message under the next number; return that, the same one again for the same id."""

        async def work(session: Session) -> int:
            there = await self._lines.find_one({"_id": f"{chat}/{id_}"}, {"n": 1}, session=session)
            if there is not None:
                return int(there["n"])
            newest = await self._numbers.find_one_and_update(
                {"_id": chat},
                {"$inc": {"n": 1}, "$setOnInsert": {"workspace_id": workspace_id}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=session,
            )
            await self._lines.insert_one(
                {
                    "_id": f"{chat}/{id_}",
                    "workspace_id": workspace_id,
                    "chat": chat,
                    "n": newest["n"],
                    "id": id_,
                    "at": at,
                    "text": text,
                    "buttons": [button.model_dump() for button in buttons],
                },
                session=session,
            )
            return int(newest["n"])

        return await in_transaction(self._client, work)

    async def newest(self, workspace_id: str, chat: str) -> int:
        """Return a chat's newest number, 0 before the first."""
        found = await self._numbers.find_one({"_id": chat, "workspace_id": workspace_id})
        return found["n"] if found else 0

    async def after(self, workspace_id: str, chat: str, n: int, limit: int) -> list[Line]:
        """Return the messages after a number, the oldest first; index `one_number_in_a_chat`."""
        query = {"workspace_id": workspace_id, "chat": chat, "n": {"$gt": n}}
        found = self._lines.find(query).sort("n", 1).limit(limit).max_time_ms(QUERY_MILLISECONDS)
        return [_line(one) async for one in found]

    async def last(self, workspace_id: str, chat: str, limit: int) -> list[Line]:
        """Return the newest messages, the oldest first."""
        query = {"workspace_id": workspace_id, "chat": chat}
        found = self._lines.find(query).sort("n", -1).limit(limit).max_time_ms(QUERY_MILLISECONDS)
        return [_line(one) async for one in found][::-1]

    async def watch(self) -> AsyncIterator[str | None]:
        """Follow which chats get new numbers. First gives None: from then on nothing is missed."""
        told: list[Document] = [
            {"$match": {"operationType": {"$in": ["insert", "update", "replace"]}}},
            {"$project": {"documentKey": 1}},
        ]
        async with self._numbers.watch(told, max_await_time_ms=_LOOK_MILLISECONDS) as stream:
            begun = await stream.try_next()  # this, not `watch`, opens the stream
            yield None
            if begun is not None:
                yield begun["documentKey"]["_id"]
            async for event in stream:
                yield event["documentKey"]["_id"]


def _line(found: Document) -> Line:
    return Line(
        n=found["n"],
        id=found["id"],
        at=found["at"],
        text=found["text"],
        buttons=tuple(Button(**button) for button in found["buttons"]),
    )

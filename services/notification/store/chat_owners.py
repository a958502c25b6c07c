"""Which client a chat contact belongs to, so that a request leads to its profile."""

from collections.abc import Iterable

from pymongo import UpdateOne

from shared.contracts.people import ChatContactStateV1
from shared.storage.mongo import Database, Document


class ChatOwners:
    """One document for each chat contact that ever had a client: who leaves a form tomorrow may be known since long."""

    def __init__(self, owned: Database) -> None:
        self._rows = owned["chat_owners"]

    async def keep(self, states: Iterable[ChatContactStateV1]) -> None:
        """Take in states of chat contacts; what is older than what is known changes nothing."""
        newest: dict[str, ChatContactStateV1] = {}
        for state in states:
            there = newest.get(state.id)
            if there is None or state.rev > there.rev:
                newest[state.id] = state
        writes = [_write(state) for state in newest.values()]
        if writes:
            await self._rows.bulk_write(writes, ordered=False)

    async def of(self, workspace_id: str, chat_contact_ids: Iterable[str]) -> dict[str, str]:
        """Return the clients of these, by chat contact."""
        wanted: Document = {"_id": {"$in": sorted(set(chat_contact_ids))}, "workspace_id": workspace_id}
        rows = self._rows.find({**wanted, "client_id": {"$ne": None}})
        return {row["_id"]: row["client_id"] async for row in rows}


def _write(state: ChatContactStateV1) -> UpdateOne:
    """Write a new owner only: most states change something else, and then nothing is written at all.

    So the rev that is kept is that of the last change of owner; a state between it and the newest has the same owner.
    """
    news = {"$and": [{"$gt": [state.rev, {"$ifNull": ["$rev", 0]}]}, {"$ne": ["$client_id", state.client_id]}]}
    changed: Document = {
        "workspace_id": state.workspace_id,
        "client_id": {"$cond": [news, state.client_id, "$client_id"]},
        "rev": {"$cond": [news, state.rev, {"$ifNull": ["$rev", state.rev]}]},
    }
    return UpdateOne({"_id": state.id}, [{"$set": changed}], upsert=state.client_id is not None)

"""Calls from one process to another: there is work for a connection that you hold."""

from collections.abc import AsyncIterator

from shared.storage.mongo import Database


class Calls:
    """One small document per connection; a change stream carries the call. What is missed, the poll finds."""

    def __init__(self, database: Database) -> None:
        self._calls = database.get_collection("calls")

    async def call(self, connection_id: str) -> None:
        await self._calls.update_one({"_id": connection_id}, {"$inc": {"n": 1}}, upsert=True)

    async def heard(self) -> AsyncIterator[str]:
        """Give the connection of each call from now on."""
        async with self._calls.watch([{"$project": {"documentKey": 1}}]) as stream:
            async for change in stream:
                yield str(change["documentKey"]["_id"])

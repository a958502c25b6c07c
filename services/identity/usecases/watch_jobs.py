"""Users see how far bulk work is, and stop it."""

from collections.abc import Callable
from datetime import datetime

from services.identity.domain.jobs import Job
from services.identity.store.stores import Stores


class UnknownJobError(Exception):
    """There is none with this id in this workspace."""


class WatchJobs:
    """Reads jobs. `poke` tells whoever works in this process."""

    def __init__(self, stores: Stores, poke: Callable[[], None]) -> None:
        self._jobs = stores.jobs
        self._poke = poke

    async def get(self, workspace_id: str, id_: str) -> Job:
        """Return one. Raises `UnknownJobError`."""
        found = await self._jobs.get(workspace_id, id_)
        if found is None:
            raise UnknownJobError(id_)
        return found

    async def newest(
        self, workspace_id: str, made_by: str | None, after: tuple[datetime, str] | None, limit: int
    ) -> tuple[list[Job], int]:
        """Return the newest, and how many there are."""
        found = await self._jobs.newest(workspace_id, made_by, after, limit)
        return found, await self._jobs.count(workspace_id, made_by)

    async def cancel(self, workspace_id: str, id_: str) -> Job:
        """Ask for one to stop; returns it as it is then. One that has ended meanwhile stays as it ended."""
        asked = await self._jobs.ask_to_cancel(workspace_id, id_)
        self._poke()
        return asked or await self.get(workspace_id, id_)

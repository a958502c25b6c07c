"""Who works on imports: any process, one on each, for as long as it holds the lease; another goes on where it ended."""

import asyncio
from dataclasses import replace

import structlog
from pymongo.errors import PyMongoError

from services.identity.domain.imports import Import, Status
from services.identity.store.imports import LostLeaseError
from services.identity.store.stores import Stores
from services.identity.usecases.import_people import ImportPeople, Rows, Seen
from shared.storage.transactions import is_passing

log = structlog.get_logger(__name__)

LOOK_SECONDS = 2.0
STUMBLES = 5
"""So often in a row the work may fail for no reason that passes; then the import has failed."""
_DONE: dict[Status, Status] = {"checking": "checked", "running": "done", "undoing": "undone"}
_STOPPED: dict[Status, Status] = {"checking": "uploaded", "running": "cancelled"}
GONE = "its rows are not kept any more; upload the file again"


class WorkOnImports:
    """The loop of one process."""

    def __init__(self, stores: Stores, people: ImportPeople) -> None:
        self._stores = stores
        self._people = people
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at once: something is to be done."""
        self._wake.set()

    async def run(self) -> None:
        """Work for as long as the service runs."""
        while True:
            while await self.one():
                pass
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue

    async def one(self) -> bool:
        """Take up one import and work on it until it is done; False where nothing waits."""
        held = await self._stores.imports.claim()
        if held is None:
            return False
        log.info("working on an import", id=held.id, status=held.status, place=held.place, chunks=held.chunks)
        try:
            await self._work(held)
        except LostLeaseError:
            log.info("an import is somebody else's now, or was ended", id=held.id)
        except asyncio.CancelledError:
            await asyncio.shield(self._stores.imports.let_go(held, stumbled=False))
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one goes on
            await self._stumbled(held, error)
        finally:
            await self._people.settle()
        return True

    async def _work(self, held: Import) -> None:
        if held.status == "undoing":
            while held.place < held.chunks:
                held = await self._people.take_out(held)
        else:
            held = await self._walk(held)
            if held.cancel_asked:
                await self._stores.imports.finish(held, _STOPPED[held.status], {"finished_at": None})
                return
        await self._people.settle()
        ended = self._people.now()
        await self._stores.imports.finish(held, _DONE[held.status], {"finished_at": ended} | self._kept(held))
        if held.status != "checking":
            await self._stores.imports.forget_rows(held)

    def _kept(self, held: Import) -> dict[str, object]:
        return {"kept_until": self._people.undo_ends()} if held.status == "running" else {}

    async def _walk(self, held: Import) -> Import:
        """Go through the rest of the file; the next chunk is read while one is written."""
        seen: Seen | None = None
        if held.status == "checking":
            seen = Seen()  # it is in memory alone: a check that was cut off begins again
            held = await self._stores.imports.begin_again(held)
        else:
            await self._people.reach_again(held)
        reader = await self._people.reader(held)
        coming: asyncio.Task[Rows | None] = asyncio.create_task(self._people.rows(held, held.place, reader))
        try:
            while held.place < held.chunks and not held.cancel_asked:
                rows = await coming
                if rows is None:
                    raise _GoneError
                coming = asyncio.create_task(self._people.rows(held, held.place + 1, reader))
                held = (
                    await self._people.take_in(held, rows)
                    if seen is None
                    else await self._people.check(held, rows, seen)
                )
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        return held

    async def _stumbled(self, held: Import, error: Exception) -> None:
        """Leave it to the next one. What fails for no reason that passes, again and again, is given up."""
        passing = isinstance(error, PyMongoError) and is_passing(error)
        current = await self._stores.imports.get(held.workspace_id, held.id)
        if current is None or current.fence != held.fence:
            return
        if isinstance(error, _GoneError) or (not passing and current.stumbles + 1 >= STUMBLES):
            log.error("an import is given up", id=held.id, error=type(error).__name__)
            why = GONE if isinstance(error, _GoneError) else "something went wrong on our side; it can be undone"
            await self._stores.imports.finish(current, "failed", {"error": why, "finished_at": self._people.now()})
            return
        log.warning("an import stumbled", id=held.id, error=type(error).__name__, exc_info=not passing)
        await self._stores.imports.let_go(replace(current, stumbles=current.stumbles), stumbled=not passing)


class _GoneError(Exception):
    """A chunk is not there."""

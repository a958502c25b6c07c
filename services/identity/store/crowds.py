"""Crowds of large workspaces, read once and kept up by the database's change stream (docs/decisions/0106)."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial

import structlog

from services.identity.domain.crowd import Crowd
from services.identity.domain.millis import to_millis
from services.identity.store.migrate import BY_CREATED
from shared.storage.mongo import Client, Collection, Document, Session

log = structlog.get_logger(__name__)

FRESH_SECONDS = 2.0
"""A crowd that has heard nothing of the database for longer is not believed."""
UNUSED_SECONDS = 1_800.0
"""A crowd that nobody asked for is forgotten: it takes some 190 MB for a million."""
AGAIN_SECONDS = 30.0
READ_AT_ONCE = 500
"""Small, so that requests are answered while a million are read."""
PAUSE_SECONDS = 0.05
"""Between looks: the stream answers as soon as there is anything, and would be asked a thousand times a second."""
_AT_ONCE = {"batchSize": 2_000, "maxTimeMS": 200}
READ_MILLISECONDS = 600_000


@dataclass(slots=True)
class _Followed:
    crowd: Crowd = field(default_factory=Crowd)
    asked_at: float = field(default_factory=time.monotonic)
    current_at: float | None = None
    """When everything that had happened was known; None while it is being read."""
    failed_at: float | None = None


class Crowds:
    """Follows whichever workspaces are asked for, as long as `run` runs. Without it, nothing is ever known."""

    def __init__(self, client: Client, clients: Collection) -> None:
        self._client = client
        self._collection = clients
        self._followed: dict[str, _Followed] = {}
        self._wanted = asyncio.Queue[str]()

    def of(self, workspace_id: str) -> Crowd | None:
        """Return a crowd that is followed, complete and fresh."""
        followed = self._followed.get(workspace_id)
        if followed is None:
            return None
        now = followed.asked_at = time.monotonic()
        if followed.failed_at is not None:
            if now - followed.failed_at > AGAIN_SECONDS:
                del self._followed[workspace_id]
                self.want(workspace_id)
            return None
        is_fresh = followed.current_at is not None and now - followed.current_at < FRESH_SECONDS
        return followed.crowd if is_fresh else None

    def want(self, workspace_id: str) -> None:
        """Follow a workspace from now on: it is large. `of` returns its crowd as soon as it was read."""
        if workspace_id not in self._followed:
            self._followed[workspace_id] = _Followed()
            self._wanted.put_nowait(workspace_id)

    async def run(self) -> None:
        """Follow until cancelled."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                task = asyncio.create_task(self._keep(await self._wanted.get()))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            self._followed.clear()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, workspace_id: str) -> None:
        followed = self._followed.get(workspace_id)
        if followed is None:
            return
        try:
            async with await self._client.start_session() as session:
                await self._follow(workspace_id, followed, session)
        except Exception:
            log.exception("a crowd was lost, and is read again when somebody asks", workspace_id=workspace_id)
            followed.failed_at, followed.crowd = time.monotonic(), Crowd()

    async def _follow(self, workspace_id: str, followed: _Followed, session: Session) -> None:
        began, database, name = time.monotonic(), self._collection.database, self._collection.name
        command = partial(database.command, session=session, codec_options=self._collection.codec_options)
        # all that was written by then is read, as the session sees to; all that came later the stream tells
        since = (await command({"ping": 1}))["operationTime"]
        opened: Document = await command({"aggregate": name, "pipeline": _pipeline(workspace_id, since), "cursor": {}})
        await self._read(workspace_id, followed.crowd, session)
        _take(followed.crowd, opened["cursor"]["firstBatch"])
        cursor: int = opened["cursor"]["id"]
        while time.monotonic() - followed.asked_at < UNUSED_SECONDS:
            more: Document = await command({"getMore": cursor, "collection": name, **_AT_ONCE})
            events: list[Document] = more["cursor"]["nextBatch"]
            _take(followed.crowd, events)
            if more["cursor"]["id"] == 0:  # the collection was dropped: what is there now is read anew
                followed.failed_at = time.monotonic()
                return
            if len(events) < _AT_ONCE["batchSize"]:  # there were no more at that time
                if followed.current_at is None:
                    seconds = round(time.monotonic() - began, 1)
                    log.info(
                        "a crowd is known", workspace_id=workspace_id, clients=len(followed.crowd), seconds=seconds
                    )
                followed.current_at = time.monotonic()
                await asyncio.sleep(PAUSE_SECONDS)
        del self._followed[workspace_id]
        await command({"killCursors": name, "cursors": [cursor]})

    async def _read(self, workspace_id: str, crowd: Crowd, session: Session) -> None:
        found = self._collection.find(
            {"workspace_id": workspace_id},
            {"created_at": 1, "facets": 1},
            session=session,
            batch_size=READ_AT_ONCE,
            max_time_ms=READ_MILLISECONDS,
        ).hint(BY_CREATED)
        read = 0
        async for document in found:
            crowd.put(document["_id"], to_millis(document["created_at"]), document["facets"])
            read += 1
            if read % READ_AT_ONCE == 0:
                await asyncio.sleep(0)


def _pipeline(workspace_id: str, since: object) -> list[Document]:
    return [
        {"$changeStream": {"fullDocument": "updateLookup", "startAtOperationTime": since}},
        # a deletion does not say whose it was; whoever was never in the crowd is dropped in vain
        {"$match": {"$or": [{"fullDocument.workspace_id": workspace_id}, {"operationType": {"$nin": _WRITES}}]}},
        {"$project": {"operationType": 1, "documentKey": 1, "fullDocument.facets": 1, "fullDocument.created_at": 1}},
    ]


_WRITES = ["insert", "update", "replace"]


def _take(crowd: Crowd, events: list[Document]) -> None:
    """Every event says how somebody is now or later, so that to hear of something twice does no harm."""
    for event in events:
        if event["operationType"] == "delete":
            crowd.drop(event["documentKey"]["_id"])
        elif "fullDocument" in event:
            now = event["fullDocument"]
            crowd.put(event["documentKey"]["_id"], to_millis(now["created_at"]), now["facets"])

"""Jobs, one document each. Whoever works on one holds a lease by the database's clock, under a fence that only rises.

A process that lost its lease and does not know it yet writes nothing: every write asks for its fence.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument

from services.identity.domain.jobs import OPEN, Fault, Job, JobStatus, Scope
from services.identity.store.filter_documents import filter_from, filter_to
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class LeaseLostError(Exception):
    """Somebody else works on the job now, or it has ended."""


class Jobs:
    """The collection. What people ask takes the workspace; workers take what there is to do, of any."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def add(self, job: Job, session: Session | None = None) -> None:
        """Keep a new job. One of this id that is there already stays as it is."""
        await self.collection.update_one(
            {"_id": job.id}, {"$setOnInsert": _document(job)}, upsert=True, session=session
        )

    async def get(self, workspace_id: str, id_: str) -> Job | None:
        found = await self.collection.find_one(
            {"_id": id_, "workspace_id": workspace_id}, max_time_ms=QUERY_MILLISECONDS
        )
        return None if found is None else _job(found)

    async def newest(
        self, workspace_id: str, made_by: str | None, after: tuple[datetime, str] | None, limit: int
    ) -> list[Job]:
        """Return jobs, the newest first; `after` is when the last one seen was made, and its id."""
        where: Document = {"workspace_id": workspace_id}
        if made_by is not None:
            where["made_by"] = made_by
        if after is not None:
            at, id_ = after
            where["$or"] = [{"made_at": {"$lt": at}}, {"made_at": at, "_id": {"$gt": id_}}]
        found = self.collection.find(where, {"scope.ids": 0}, max_time_ms=QUERY_MILLISECONDS)
        found = found.sort([("made_at", -1), ("_id", 1)]).limit(limit)
        return [_job(document) for document in await found.to_list(None)]

    async def count(self, workspace_id: str, made_by: str | None) -> int:
        where: Document = {"workspace_id": workspace_id} | ({} if made_by is None else {"made_by": made_by})
        return await self.collection.count_documents(where, maxTimeMS=QUERY_MILLISECONDS)

    async def ask_to_cancel(self, workspace_id: str, id_: str) -> Job | None:
        """Ask whoever works on it to stop; None where it has ended, or there is none."""
        found = await self._changed(
            {"_id": id_, "workspace_id": workspace_id, "open": True},
            {"$set": {"cancel": True}},
        )
        return None if found is None else _job(found)

    async def take(self, owner: str, lease_seconds: float) -> Job | None:
        """Take the job that has waited longest of those that nobody works on, under a higher fence."""
        found = await self._changed(
            {"open": True, "$expr": {"$lte": ["$expires_at", "$$NOW"]}},
            [
                {
                    "$set": {
                        "owner": owner,
                        "fence": {"$add": ["$fence", 1]},
                        "status": "running",
                        "started_at": {"$ifNull": ["$started_at", "$$NOW"]},
                        "turn_at": "$$NOW",
                        "expires_at": _from_now(lease_seconds),
                    }
                }
            ],
            sort=[("turn_at", 1)],
        )
        return None if found is None else _job(found)

    async def renew(self, job: Job, lease_seconds: float) -> Job:
        """Hold on to a job for another while; returns it as it is. Raises `LeaseLostError`."""
        found = await self._changed(_ours(job), [{"$set": {"expires_at": _from_now(lease_seconds)}}])
        if found is None:
            raise LeaseLostError(job.id)
        return _job(found)

    async def _changed(
        self, where: Document, update: Document | list[Document], sort: list[tuple[str, int]] | None = None
    ) -> Document | None:
        return await self.collection.find_one_and_update(where, update, sort=sort, return_document=ReturnDocument.AFTER)

    async def release(self, job: Job) -> None:
        """Let whoever comes next go on: others wait, too."""
        await self.collection.update_one(_ours(job), {"$set": {"owner": None, "expires_at": _LONG_AGO}})

    async def advance(self, job: Job, lease_seconds: float, session: Session) -> None:
        """Save how far a job is, in the transaction that brought it there. Raises `LeaseLostError`.

        Nobody but the holder of the lease counts here, so nobody meets anybody.
        """
        faults = [{"$literal": asdict(fault)} for fault in job.faults]
        news = {"place": job.place, "seen": job.seen, "changed": job.changed, "faulty": job.faulty, "faults": faults}
        done = await self.collection.update_one(
            _ours(job), [{"$set": {**news, "expires_at": _from_now(lease_seconds)}}], session=session
        )
        if done.matched_count != 1:
            raise LeaseLostError(job.id)

    async def begin_again(self, job: Job, as_of: datetime) -> None:
        """Walk once more from the start, for people who came to match while the walk went on."""
        done = await self.collection.update_one(_ours(job), {"$set": {"place": None, "as_of": as_of}})
        if done.matched_count != 1:
            raise LeaseLostError(job.id)

    async def end(
        self, job: Job, status: JobStatus, now: datetime, reason: str | None = None, session: Session | None = None
    ) -> None:
        """Write how a job ended. Raises `LeaseLostError`."""
        done = await self.collection.update_one(
            _ours(job),
            {
                "$set": {"status": status, "ended_at": now, "reason": reason, "owner": None},
                "$unset": {"open": "", "expires_at": ""},
            },
            session=session,
        )
        if done.matched_count != 1:
            raise LeaseLostError(job.id)


def _ours(job: Job) -> Document:
    return {"_id": job.id, "fence": job.fence, "open": True}


def _from_now(seconds: float) -> Document:
    return {"$add": ["$$NOW", int(seconds * 1000)]}


def _document(job: Job) -> Document:
    scope: Document = {}
    if job.scope.ids is not None:
        scope["ids"] = list(job.scope.ids)
    if job.scope.asked is not None:
        scope["filter"] = filter_to(job.scope.asked)
    return {
        "workspace_id": job.workspace_id,
        "kind": job.kind,
        "params": dict(job.params),
        "names": dict(job.names),
        "scope": scope,
        "made_by": job.made_by,
        "made_at": job.made_at,
        "as_of": job.as_of,
        "total": job.total,
        "total_is_exact": job.total_is_exact,
        "status": job.status,
        "place": job.place,
        "seen": 0,
        "changed": 0,
        "faulty": 0,
        "faults": [],
        "cancel": False,
        "fence": 0,
        "open": job.status in OPEN,
        "turn_at": job.made_at,
        "expires_at": _LONG_AGO,
    }


def _job(found: Document) -> Job:
    scope: dict[str, Any] = found["scope"]
    asked = scope.get("filter")
    return Job(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        kind=found["kind"],
        params=found["params"],
        names=found["names"],
        scope=Scope(
            ids=tuple(scope["ids"]) if "ids" in scope else None, asked=None if asked is None else filter_from(asked)
        ),
        made_by=found["made_by"],
        made_at=found["made_at"],
        as_of=found["as_of"],
        total=found["total"],
        total_is_exact=found["total_is_exact"],
        status=found["status"],
        place=found["place"],
        seen=found["seen"],
        changed=found["changed"],
        faulty=found["faulty"],
        faults=tuple(Fault(**fault) for fault in found["faults"]),
        cancel=found["cancel"],
        reason=found.get("reason"),
        fence=found["fence"],
        started_at=found.get("started_at"),
        ended_at=found.get("ended_at"),
    )

"""Imports: one document each, their rows in chunks, and what they changed of clients that were there before.

Whoever works on an import holds its lease, by the database's clock; every write of theirs asks for their fence.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument, UpdateOne

from services.identity.domain.import_rows import Fault, Plan
from services.identity.domain.imports import WORKING, Chunk, Column, Counts, Import, Status, Touched
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Database, Document, Session

LEASE_SECONDS = 30
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class LostLeaseError(Exception):
    """Somebody else works on this import now, or nobody is to."""


class Imports:
    """Three collections: `imports`, `import_chunks`, `import_touches`. Every method takes the workspace."""

    def __init__(self, owned: Database) -> None:
        self.imports = owned["imports"]
        self.chunks = owned["import_chunks"]
        self.touches = owned["import_touches"]

    async def add(self, new: Import) -> None:
        await self.imports.insert_one({**_to(new), "lease_until": LONG_AGO, "forget_at": new.kept_until})

    async def add_chunk(self, new: Import, n: int, rows: Sequence[tuple[int, list[str]]]) -> None:
        await self.chunks.insert_one(
            {
                "_id": _chunk_id(new.id, n),
                "workspace_id": new.workspace_id,
                "import_id": new.id,
                "n": n,
                "numbers": [number for number, _ in rows],
                "rows": [cells for _, cells in rows],
                "kept_until": new.kept_until,
            }
        )

    async def get(self, workspace_id: str, id_: str) -> Import | None:
        found = await self.imports.find_one({"_id": id_, "workspace_id": workspace_id}, max_time_ms=QUERY_MILLISECONDS)
        return _maybe(found)

    async def page(self, workspace_id: str, before: tuple[datetime, str] | None, limit: int) -> list[Import]:
        """Return imports, the newest first; index `newest_imports`."""
        where: Document = {"workspace_id": workspace_id}
        if before is not None:
            at, id_ = before
            where["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id_}}]
        found = self.imports.find(where, max_time_ms=QUERY_MILLISECONDS).sort([("at", -1), ("_id", -1)])
        return [_from(document) for document in await found.limit(limit).to_list(None)]

    async def count(self, workspace_id: str) -> int:
        return await self.imports.count_documents({"workspace_id": workspace_id}, maxTimeMS=QUERY_MILLISECONDS)

    async def turn(self, workspace_id: str, id_: str, of: Iterable[Status], fields: Mapping[str, Any]) -> Import | None:
        """Change an import that has one of these statuses; None where it has another one by now."""
        found = await self.imports.find_one_and_update(
            {"_id": id_, "workspace_id": workspace_id, "status": {"$in": sorted(of)}},
            {"$set": {**fields, "lease_until": LONG_AGO, "stumbles": 0}, "$unset": {"forget_at": ""}}
            if fields.get("status") == "running"
            else {"$set": {**fields, "lease_until": LONG_AGO, "stumbles": 0}},
            return_document=ReturnDocument.AFTER,
        )
        return _maybe(found)

    async def ask_to_cancel(self, workspace_id: str, id_: str) -> bool:
        done = await self.imports.update_one(
            {"_id": id_, "workspace_id": workspace_id, "status": {"$in": ["checking", "running"]}},
            {"$set": {"cancel_asked": True}},
        )
        return done.matched_count == 1

    async def remove(self, workspace_id: str, id_: str, of: Iterable[Status]) -> bool:
        done = await self.imports.delete_one({"_id": id_, "workspace_id": workspace_id, "status": {"$in": sorted(of)}})
        if done.deleted_count:
            await self._drop_chunks(workspace_id, id_)
        return done.deleted_count == 1

    async def drop_chunks(self, one: Import) -> None:
        """Delete the rows of a file that could not be taken whole."""
        await self._drop_chunks(one.workspace_id, one.id)

    async def _drop_chunks(self, workspace_id: str, id_: str) -> None:
        await self.chunks.delete_many({"workspace_id": workspace_id, "import_id": id_})

    async def claim(self) -> Import | None:
        """Take up work that nobody has the lease of, the oldest first; index `import_work`."""
        found = await self.imports.find_one_and_update(
            {"status": {"$in": sorted(WORKING)}, "$expr": {"$lte": ["$lease_until", "$$NOW"]}},
            [{"$set": {"fence": {"$add": [{"$ifNull": ["$fence", 0]}, 1]}, "lease_until": _LEASE}}],
            sort=[("at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return _maybe(found)

    async def let_go(self, held: Import, *, stumbled: bool) -> None:
        """Give the lease up: at once where the process ends, after a while where the work failed."""
        news: Document = {"stumbles": held.stumbles + 1, "lease_until": _LEASE} if stumbled else {}
        await self.imports.update_one(_ours(held), [{"$set": news or {"lease_until": LONG_AGO}}])

    async def move_on(self, held: Import, gained: Counts, session: Session | None = None) -> Import:
        """Note that a chunk is done. Raises `LostLeaseError`."""
        found = await self.imports.find_one_and_update(
            _ours(held),
            [
                {
                    "$set": {
                        "place": held.place + 1,
                        "lease_until": _LEASE,
                        "stumbles": 0,
                        **{
                            f"counts.{name}": {"$add": [{"$ifNull": [f"$counts.{name}", 0]}, number]}
                            for name, number in asdict(gained).items()
                            if number
                        },
                    }
                }
            ],
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return _still(_maybe(found), held)

    async def begin_again(self, held: Import) -> Import:
        """Go back to the first chunk. Raises `LostLeaseError`."""
        found = await self.imports.find_one_and_update(
            _ours(held),
            {"$set": {"place": 0, "counts": {}}},
            return_document=ReturnDocument.AFTER,
        )
        return _still(_maybe(found), held)

    async def finish(self, held: Import, status: Status, fields: Mapping[str, Any]) -> None:
        """End the work. Raises `LostLeaseError`."""
        done = await self.imports.update_one(_ours(held), {"$set": {"status": status, "cancel_asked": False, **fields}})
        if done.matched_count != 1:
            raise LostLeaseError(held.id)

    async def forget_rows(self, held: Import) -> None:
        """Drop what is left of the file: rows that were never imported, and the samples of its columns."""
        await self.chunks.update_many(
            {"workspace_id": held.workspace_id, "import_id": held.id, "rows": {"$exists": True}},
            {"$unset": {"rows": "", "numbers": ""}},
        )
        await self.imports.update_one(
            {"_id": held.id, "workspace_id": held.workspace_id}, {"$set": {"columns.$[].samples": []}}
        )

    async def chunk(self, held: Import, n: int) -> Chunk | None:
        found = await self.chunks.find_one({"_id": _chunk_id(held.id, n), "workspace_id": held.workspace_id})
        if found is None:
            return None
        rows = tuple(found.get("rows", ()))
        return Chunk(n, tuple(found.get("numbers", ())), rows, tuple(found.get("made", ())))

    async def note_faults(self, held: Import, n: int, faults: Sequence[Fault], session: Session | None = None) -> None:
        """Write what is wrong in a chunk, in place of what was found before."""
        rows = [[fault.row, fault.column, fault.message] for fault in sorted(faults, key=lambda one: one.row)]
        update: Document = (
            {"$set": {"faults": rows, "last_fault": rows[-1][0]}}
            if rows
            else {"$unset": {"faults": "", "last_fault": ""}}
        )
        await self.chunks.update_one({"_id": _chunk_id(held.id, n)}, update, session=session)

    async def note_done(self, held: Import, n: int, made: Sequence[str], until: datetime, session: Session) -> None:
        """Note whom a chunk made, and drop its rows: what they said is in the clients now."""
        await self.chunks.update_one(
            {"_id": _chunk_id(held.id, n)},
            {"$set": {"made": list(made), "kept_until": until}, "$unset": {"rows": "", "numbers": ""}},
            session=session,
        )

    async def faults(self, workspace_id: str, id_: str, after_row: int, limit: int) -> tuple[list[Fault], bool]:
        """Return what is wrong, by row, and whether there is more; index `faults_of_import`.

        All that is wrong with a row comes together, so there may be a few more than asked for.
        """
        found: list[Fault] = []
        async for fault in self.walk_faults(workspace_id, id_, after_row):
            if len(found) >= limit and fault.row != found[-1].row:
                return found, True
            found.append(fault)
        return found, False

    async def walk_faults(self, workspace_id: str, id_: str, after_row: int = 0) -> AsyncIterator[Fault]:
        """Give all that is wrong, by row."""
        where: Document = {"workspace_id": workspace_id, "import_id": id_, "last_fault": {"$gt": after_row}}
        async for chunk in self.chunks.find(where, {"faults": 1}).sort("last_fault", 1):
            for row, column, message in chunk["faults"]:
                if row > after_row:
                    yield Fault(row, column, message)

    async def touch(self, held: Import, n: int, touched: Sequence[Touched], until: datetime, session: Session) -> None:
        """Keep what was done to clients: of several touches the first `before` and the last `after`."""
        writes = [
            UpdateOne(
                {"_id": f"{held.id}/{one.client_id}"},
                [
                    {
                        "$set": {
                            "workspace_id": held.workspace_id,
                            "import_id": held.id,
                            "client_id": one.client_id,
                            "chunk": {"$ifNull": ["$chunk", n]},
                            "made": one.made,
                            "rev": one.rev,
                            "kept_until": until,
                            "before": {"$mergeObjects": [{"$literal": dict(one.before)}, "$before"]},
                            "after": {"$mergeObjects": ["$after", {"$literal": dict(one.after)}]},
                        }
                    }
                ],
                upsert=True,
            )
            for one in touched
        ]
        if writes:
            await self.touches.bulk_write(writes, ordered=False, session=session)

    async def touched(self, held: Import, n: int, made: Sequence[str], session: Session) -> list[Touched]:
        """Return what was first touched in a chunk, and what was done later to those that the chunk made."""
        of_chunk: Document = {"workspace_id": held.workspace_id, "import_id": held.id, "chunk": n, "made": False}
        found = await self.touches.find(of_chunk, session=session).to_list(None)
        ids = {"$in": [f"{held.id}/{client_id}" for client_id in made]}
        found += await self.touches.find({"_id": ids, "made": True}, session=session).to_list(None)
        return [Touched(one["client_id"], one["made"], one["rev"], one["before"], one["after"]) for one in found]

    async def first_touched(self, held: Import, n: int) -> list[str]:
        """Return the clients that a chunk was the first to change."""
        where: Document = {"workspace_id": held.workspace_id, "import_id": held.id, "chunk": n}
        return [one["client_id"] for one in await self.touches.find(where, {"client_id": 1}).to_list(None)]


_LEASE = {"$dateAdd": {"startDate": "$$NOW", "unit": "second", "amount": LEASE_SECONDS}}


def _ours(held: Import) -> Document:
    return {"_id": held.id, "workspace_id": held.workspace_id, "fence": held.fence, "status": held.status}


def _chunk_id(import_id: str, n: int) -> str:
    return f"{import_id}/{n:06}"


def _to(one: Import) -> Document:
    found: dict[str, Any] = asdict(one)
    found["_id"] = found.pop("id")
    return found


def _maybe(found: Any) -> Import | None:  # noqa: ANN401 - motor's types deny that there may be none
    return None if found is None else _from(found)


def _still(found: Import | None, held: Import) -> Import:
    if found is None:
        raise LostLeaseError(held.id)
    return found


def _from(found: Document) -> Import:
    fields = {name: found[name] for name in _NAMES if name in found}
    plan = found.get("plan")
    fields["columns"] = tuple(Column(one["name"], tuple(one["samples"]), one["suggested"]) for one in found["columns"])
    fields["counts"] = Counts(**found.get("counts", {}))
    if plan is not None:
        columns = tuple((place, target) for place, target in plan["columns"])
        plan = replace(Plan(**plan), columns=columns, headers=tuple(plan["headers"]), tags=tuple(plan["tags"]))
    fields["plan"] = plan
    return Import(id=found["_id"], **fields)


_NAMES = tuple(name for name in Import.__dataclass_fields__ if name not in {"id", "columns", "counts", "plan"})


def collections_of(imports: Imports) -> tuple[Collection, Collection, Collection]:
    """Return the collections, for whoever erases a person from them."""
    return imports.imports, imports.chunks, imports.touches

"""Refusals, one document for each email, phone or chat contact that was ever refused; `_id` = the subject's id.

A keyed hash has the workspace in it, and a chat contact's id is derived from it: so `_id` is unique in a workspace.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from pymongo.errors import PyMongoError

from services.identity.domain.profile import RefusedAs, RefusedKind
from services.identity.domain.refusing import Hashed, Logged, Said, Subject, SubjectKind, Through
from services.identity.store.migrate import BY_LISTED, BY_THROUGH
from services.identity.store.walk import FIRST, LAST, bounded_count, walk
from shared.contracts.lookups import lookup
from shared.storage.mongo import QUERY_MILLISECONDS, Collection, Document, Session
from shared.storage.transactions import StaleError, is_duplicate

ANY = "any"


@dataclass(frozen=True, slots=True)
class RefusalPlace:
    """Where a page of refusals ended."""

    at: datetime
    id: str


class Refusals:
    """The collection. Every method takes the workspace."""

    def __init__(self, collection: Collection, key: bytes) -> None:
        self.collection = collection
        self._key = key

    def hashed(self, workspace_id: str) -> Hashed:
        """Return what makes the keyed hashes of one workspace."""
        if not self._key:
            raise RuntimeError("refusals are looked up under KITH_SECRET_KEY; this process was made without it")

        def make(kind: RefusedKind, value: str) -> str:
            return lookup(self._key, workspace_id, kind, value)

        return make

    async def of(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> dict[str, Subject]:
        """Return those that are kept, by id."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        found = self.collection.find({"_id": {"$in": wanted}, "workspace_id": workspace_id}, session=session)
        return {document["_id"]: subject_from(document) for document in await found.to_list(None)}

    async def of_values(
        self, workspace_id: str, values: Iterable[tuple[RefusedKind, str]], session: Session | None = None
    ) -> dict[str, Subject]:
        """Return the subjects of emails and phones, by their keyed hashes."""
        hashed = self.hashed(workspace_id)
        return await self.of(workspace_id, [hashed(kind, value) for kind, value in set(values)], session)

    async def write(self, changed: Sequence[Subject], session: Session) -> None:
        """Write those whose rev was raised by one. Raises `StaleError` where one changed since it was read."""
        for subject in changed:
            document = _to(subject)
            try:
                if subject.rev == 1:
                    await self.collection.insert_one(document, session=session)
                    continue
                where = {"_id": subject.id, "workspace_id": subject.workspace_id, "rev": subject.rev - 1}
                done = await self.collection.replace_one(where, document, session=session)
            except PyMongoError as error:
                if is_duplicate(error):
                    raise StaleError("somebody refused the same in this moment") from error
                raise
            if done.matched_count != 1:
                raise StaleError("somebody changed this refusal")

    async def reached_by(self, workspace_id: str, subject_id: str, after: str, limit: int) -> list[str]:
        """Return ids of chat contacts that the refusal of a value reaches, ids rising."""
        where = {"workspace_id": workspace_id, "through.subject_id": subject_id, "_id": {"$gt": after}}
        found = self.collection.find(where, {"_id": 1}, max_time_ms=QUERY_MILLISECONDS).hint(BY_THROUGH)
        return [one["_id"] for one in await found.sort("_id", 1).limit(limit).to_list(limit)]

    async def page(
        self,
        workspace_id: str,
        kind: SubjectKind | None,
        what: RefusedAs | None,
        after: RefusalPlace | None,
        limit: int,
    ) -> list[Subject]:
        """Return what is refused, the newest first."""
        prefix = [("workspace_id", workspace_id), ("listed", f"{kind or ANY}:{what or ANY}")]
        start = [*prefix, ("at", after.at if after else LAST), ("_id", after.id if after else FIRST)]
        found: list[Subject] = []
        end = [*prefix, ("at", FIRST), ("_id", LAST)]
        async for document in walk(self.collection, BY_LISTED, start, end, {}, limit + 1):
            if after is None or document["_id"] != after.id:
                found.append(subject_from(document))
            if len(found) == limit:
                break
        return found

    async def count(self, workspace_id: str, kind: SubjectKind | None, what: RefusedAs | None) -> tuple[int, bool]:
        where: Document = {"workspace_id": workspace_id, "listed": f"{kind or ANY}:{what or ANY}"}
        return await bounded_count(self.collection, BY_LISTED, where)

    async def hide(self, workspace_id: str, ids: Iterable[str], session: Session | None = None) -> None:
        """Forget which values these are: whoever held them is deleted, and the keyed hash stays."""
        wanted = sorted(set(ids))
        if wanted:
            await self.collection.update_many(
                {"_id": {"$in": wanted}, "workspace_id": workspace_id}, {"$unset": {"value": ""}}, session=session
            )


def _to(subject: Subject) -> Document:
    found = asdict(subject)
    found["_id"] = found.pop("id")
    if subject.value is None:
        del found["value"]
    found["listed"] = sorted(
        {f"{kind}:{what}" for one in subject.said for kind in (ANY, subject.kind) for what in (ANY, one.what)}
    )
    return found


def subject_from(found: Document) -> Subject:
    """Read a subject back."""
    return Subject(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        kind=found["kind"],
        at=found["at"],
        value=found.get("value"),
        said=tuple(Said(**one) for one in found["said"]),
        through=tuple(Through(**one) for one in found["through"]),
        log=tuple(Logged(**one) for one in found["log"]),
        rev=found["rev"],
    )

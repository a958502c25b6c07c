"""A user has something done to many clients at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.identity.domain.filter import Filter
from services.identity.domain.jobs import Job, Scope
from services.identity.domain.labels import LabelKind
from services.identity.store.client_counts import ClientCounts
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.keep_labels import UnknownLabelError
from services.identity.usecases.resolve_filter import ResolveFilter
from shared.contracts.ids import new_id

LABELS: Mapping[str, LabelKind] = {
    "tag": "tag",
    "untag": "tag",
    "group": "group",
    "ungroup": "group",
    "segment": "segment",
    "unsegment": "segment",
}
"""Actions that take a label, and its kind."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, and to whom: to these ids, or to all that a filter lets through."""

    kind: str
    params: Mapping[str, str]
    ids: Sequence[str] | None
    asked: Filter | None


class StartJob:
    """Stores a job. `poke` tells whoever works in this process."""

    def __init__(self, stores: Stores, poke: Callable[[], None], clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._poke = poke
        self._clock = clock
        self._counts = ClientCounts(stores.client, stores.clients, stores.crowds)
        self._resolve = ResolveFilter(stores)

    async def __call__(self, workspace_id: str, made_by: str, wanted: Wanted, id_: str | None = None) -> Job:
        """Return the job; the one of this id where it was made before. Raises `UnknownLabelError`."""
        id_ = id_ or new_id("jb")
        there = await self._stores.jobs.get(workspace_id, id_)
        if there is not None:
            return there
        names = await self._names(workspace_id, wanted)
        now = self._clock()
        if wanted.asked is None:
            ids = tuple(dict.fromkeys(wanted.ids or ()))
            scope, total, exact = Scope(ids=ids), len(ids), True
        else:
            asked = await self._resolve(workspace_id, wanted.asked)
            scope = Scope(asked=asked)
            total, exact = await self._counts.of(workspace_id, asked)
        job = Job(
            id=id_,
            workspace_id=workspace_id,
            kind=wanted.kind,
            params=wanted.params,
            names=names,
            scope=scope,
            made_by=made_by,
            made_at=now,
            as_of=now,
            total=total,
            total_is_exact=exact,
        )
        await self._stores.jobs.add(job)
        self._poke()
        return await self._stores.jobs.get(workspace_id, id_) or job

    async def _names(self, workspace_id: str, wanted: Wanted) -> Mapping[str, str]:
        kind = LABELS.get(wanted.kind)
        if kind is None:
            return {}
        id_ = wanted.params["label"]
        # people may be taken out of a segment that a filter keeps now, and was kept by hand before: never put in
        found = await self._stores.labels_by_hand(kind, workspace_id, [id_])
        if id_ not in found:
            raise UnknownLabelError(id_)
        return {"label": found[id_].name}

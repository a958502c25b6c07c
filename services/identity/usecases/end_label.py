"""A user deletes a tag, a contact group or a segment, or merges a tag into another one.

It is hidden at once, in the transaction that makes the job which takes it off everybody.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from services.identity.domain.filter import Filter
from services.identity.domain.jobs import Job, Scope
from services.identity.domain.labels import Label, LabelKind
from services.identity.domain.segments import Segment, uses, with_other_tag
from services.identity.store.label_counts import LabelCounts
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.keep_labels import KeepLabels, UnknownLabelError
from shared.contracts.ids import new_id
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

ATTEMPTS = 20


class LabelInUseError(Exception):
    """Segments ask for it in their filters: without it they would mean other people. `segments` says which."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        super().__init__(", ".join(segment.id for segment in segments))
        self.segments = segments


class SameLabelError(Exception):
    """A tag cannot be merged into itself."""


class EndLabel:
    """Ends labels of one kind. `poke` tells whoever works on jobs in this process."""

    def __init__(
        self,
        stores: Stores,
        kind: LabelKind,
        poke: Callable[[], None],
        clock: Callable[[], datetime] = now_in_millis,
    ) -> None:
        self._stores = stores
        self._kind: LabelKind = kind
        self._labels = stores.labels(kind)
        self._keep: KeepLabels[Label] = KeepLabels(self._labels, clock)
        self._counts = LabelCounts(stores.clients)
        self._poke = poke
        self._clock = clock

    async def delete(self, workspace_id: str, id_: str, made_by: str) -> Job:
        """Delete one. Raises `UnknownLabelError`, `MergedLabelError`, `LabelInUseError`."""
        label = await self._keep.get(workspace_id, id_)
        job = await self._job(label, made_by, None)

        async def work(session: Session) -> None:
            now = await self._there(workspace_id, id_, session)
            if asking := [one for one in await self._asking(workspace_id, id_, session) if one.id != id_]:
                raise LabelInUseError(asking)
            await self._labels.end(now, job.id, None, session)
            await self._stores.jobs.add(job, session)

        return await self._until_done(job, work)

    async def merge(self, workspace_id: str, id_: str, into: str, made_by: str) -> Job:
        """Give everybody who has the one the other, which segments then ask for, too. Raises the errors above."""
        if into == id_:
            raise SameLabelError(id_)
        label = await self._keep.get(workspace_id, id_)
        other = await self._labels.get(workspace_id, into)
        if other is None:
            raise UnknownLabelError(into)
        job = await self._job(label, made_by, other)

        async def work(session: Session) -> None:
            now = await self._there(workspace_id, id_, session)
            await self._there(workspace_id, into, session)
            await self._labels.hold(workspace_id, [into], session)
            for segment in await self._asking(workspace_id, id_, session):
                rule = with_other_tag(segment.rule or Filter(), id_, into)
                await self._stores.segments.write(replace(segment, rule=rule, rev=segment.rev + 1), session)
            await self._labels.end(now, job.id, into, session)
            await self._stores.jobs.add(job, session)

        return await self._until_done(job, work)

    async def _there(self, workspace_id: str, id_: str, session: Session) -> Label:
        found = await self._labels.get(workspace_id, id_, session)
        if found is None:
            raise UnknownLabelError(id_)
        return found

    async def _asking(self, workspace_id: str, id_: str, session: Session) -> list[Segment]:
        """Return the segments whose rule asks for this label."""
        by_rule = await self._stores.segments.by_rule(workspace_id, session)
        return [one for one in by_rule if one.rule is not None and id_ in uses(one.rule, self._kind)]

    async def _job(self, label: Label, made_by: str, into: Label | None) -> Job:
        now, id_ = self._clock(), label.id
        asked = {
            "tag": Filter(tags=(id_,)),
            "group": Filter(groups=(id_,)),
            "segment": Filter(segments=(id_,)),
        }[self._kind]
        return Job(
            id=new_id("jb"),
            workspace_id=label.workspace_id,
            kind="merge_tags" if into else f"delete_{self._kind}",
            params={"label": id_, **({"into": into.id} if into else {})},
            names={"label": label.name, **({"into": into.name} if into else {})},
            scope=Scope(asked=asked),
            made_by=made_by,
            made_at=now,
            as_of=now,
            total=await self._counts.exactly(label.workspace_id, self._kind, id_),
            total_is_exact=True,
        )

    async def known(self, workspace_id: str, id_: str) -> None:
        """Raise `UnknownLabelError` where there is none with this id."""
        if await self._labels.get(workspace_id, id_) is None:
            raise UnknownLabelError(id_)

    async def _until_done(self, job: Job, work: Callable[[Session], Awaitable[None]]) -> Job:
        for attempt in range(ATTEMPTS):
            try:
                await self._stores.in_transaction(work)
            except StaleError:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                break
        self._poke()
        return job

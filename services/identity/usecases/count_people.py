"""How many people a tag, a contact group or a segment has."""

from collections.abc import Mapping, Sequence

from services.identity.domain.filter import Filter
from services.identity.domain.labels import Group, Label
from services.identity.domain.segments import Segment
from services.identity.domain.tags import Tag
from services.identity.store.client_counts import ClientCounts
from services.identity.store.label_counts import LabelCounts, People
from services.identity.store.stores import Stores
from services.identity.usecases.resolve_filter import ResolveFilter


class CountPeople:
    """Counts who has labels: those of a page to 10,000, a single one however many there are."""

    def __init__(self, stores: Stores) -> None:
        self._counts = LabelCounts(stores.clients)
        self._filters = ClientCounts(stores.client, stores.clients, stores.crowds)
        self._resolve = ResolveFilter(stores)

    async def of_tags(self, workspace_id: str, labels: Sequence[Tag]) -> Mapping[str, People]:
        return await self._counts.of(workspace_id, "tag", [one.id for one in labels])

    async def of_groups(self, workspace_id: str, labels: Sequence[Group]) -> Mapping[str, People]:
        return await self._counts.of(workspace_id, "group", [one.id for one in labels])

    async def of_segments(self, workspace_id: str, labels: Sequence[Segment]) -> Mapping[str, People]:
        """Count those kept by hand by who has them, and those by rule by whom their filters let through."""
        by_hand = await self._counts.of(workspace_id, "segment", [one.id for one in labels if one.rule is None])
        by_rule = {one.id: await self._of_rule(workspace_id, one.rule) for one in labels if one.rule is not None}
        return {**by_hand, **by_rule}

    async def exactly(self, workspace_id: str, label: Label) -> People:
        """Count one. A filter that asks several things is counted to 10,000."""
        if isinstance(label, Segment) and label.rule is not None:
            return await self._of_rule(workspace_id, label.rule)
        kind = "tag" if isinstance(label, Tag) else "segment" if isinstance(label, Segment) else "group"
        return People(await self._counts.exactly(workspace_id, kind, label.id), exact=True)

    async def _of_rule(self, workspace_id: str, rule: Filter) -> People:
        return People(*await self._filters.of(workspace_id, await self._resolve(workspace_id, rule)))

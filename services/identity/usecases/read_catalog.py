"""What rows name: tags, groups, segments, categories and additional fields, read once for all of them."""

from collections.abc import Mapping, Sequence

from services.identity.domain.catalog import Catalog, name_key, names_of
from services.identity.domain.contact_row import ContactRow
from services.identity.domain.labels import Label, LabelKind
from services.identity.domain.segments import Segment
from services.identity.store.stores import Stores
from services.identity.usecases.make_tag import MakeTag


class ReadCatalog:
    """Reads of a workspace what some rows name, and no more."""

    def __init__(self, stores: Stores, make_tag: MakeTag) -> None:
        self._stores = stores
        self._make_tag = make_tag

    async def __call__(self, workspace_id: str, rows: Sequence[ContactRow], *, make_tags: bool) -> Catalog:
        """Return it. Tags that nobody made yet are made, unless that is not wanted: then they stand for themselves."""
        tags, groups, segments = {"on": set[str](), "off": set[str]()}, set[str](), set[str]()
        for row in rows:
            tags["on"].update(row.tags)
            tags["off"].update(row.remove_tags)
            groups.update(row.groups, row.remove_groups)
            segments.update(row.segments, row.remove_segments)
        defined = await self._stores.fields.all(workspace_id) if any(row.fields for row in rows) else []
        chosen = any(row.subscriptions for row in rows)
        categories = await self._stores.categories.all(workspace_id) if chosen else []
        return Catalog(
            tags=await self._tags(workspace_id, tags["on"], tags["off"], make=make_tags),
            groups=await self._labels("group", workspace_id, groups),
            segments=await self._labels("segment", workspace_id, segments),
            fields={field.key: field for field in defined} | {field.id: field for field in defined},
            categories=names_of([(category.id, category.key) for category in categories]),
        )

    async def _tags(self, workspace_id: str, on: set[str], off: set[str], *, make: bool) -> Mapping[str, str]:
        found = await self._labels("tag", workspace_id, on | off)
        for name in sorted(on):
            if name not in found and (key := name_key(name)) not in found:
                found[key] = (await self._make_tag(workspace_id, name))[0].id if make else key
        return found

    async def _labels(self, kind: LabelKind, workspace_id: str, wanted: set[str]) -> dict[str, str]:
        """Return those that may be given by hand; a segment that a rule fills is not among them."""
        if not wanted:
            return {}
        kept = self._stores.labels(kind)
        by_id: Mapping[str, Label] = await kept.of(workspace_id, wanted)
        by_name: Sequence[Label] = await kept.called(workspace_id, wanted - by_id.keys())
        return names_of(
            [(one.id, one.key) for one in (*by_id.values(), *by_name) if not isinstance(one, Segment) or not one.rule]
        )

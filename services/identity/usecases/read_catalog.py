"""What rows name: tags, groups, segments, categories and additional fields, read once for all of them."""

from collections.abc import Iterable, Mapping, Sequence

from services.identity.domain.catalog import Catalog, names_of
from services.identity.domain.contact_row import ContactRow
from services.identity.domain.tags import tag_key
from services.identity.store.stores import Stores
from services.identity.usecases.make_tag import MakeTag


class ReadCatalog:
    """Reads of a workspace what some rows name, and no more."""

    def __init__(self, stores: Stores, make_tag: MakeTag) -> None:
        self._stores = stores
        self._make_tag = make_tag

    async def __call__(self, workspace_id: str, rows: Sequence[ContactRow], *, make_tags: bool) -> Catalog:
        """Return it. Tags that nobody made yet are made, unless that is not wanted: then they stand for themselves."""
        put_on = {name for row in rows for name in row.tags}
        taken_off = {name for row in rows for name in row.remove_tags}
        defined = await self._stores.fields.all(workspace_id) if any(row.fields for row in rows) else []
        wanted = any(row.subscriptions for row in rows)
        categories = await self._stores.categories.all(workspace_id) if wanted else []
        return Catalog(
            tags=await self._tags(workspace_id, put_on, taken_off, make=make_tags),
            fields={field.key: field for field in defined} | {field.id: field for field in defined},
            categories=names_of([(category.id, category.key) for category in categories]),
        )

    async def _tags(
        self, workspace_id: str, put_on: Iterable[str], taken_off: Iterable[str], *, make: bool
    ) -> Mapping[str, str]:
        wanted = {*put_on, *taken_off}
        if not wanted:
            return {}
        by_id = await self._stores.tags.of(workspace_id, wanted)
        by_name = await self._stores.tags.called(workspace_id, wanted - by_id.keys())
        found = names_of([(tag.id, tag.key) for tag in (*by_id.values(), *by_name)])
        for name in sorted(put_on):
            if name not in found and (key := tag_key(name)) not in found:
                found[key] = (await self._make_tag(workspace_id, name))[0].id if make else key
        return found

"""A user makes a tag, or gets the one that has this name already."""

from collections.abc import Callable
from datetime import datetime

from services.identity.domain.tags import Tag
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts.ids import new_id


class MakeTag:
    """Stores a tag. Two who make the same one at once get one."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._clock = clock

    async def __call__(self, workspace_id: str, name: str) -> tuple[Tag, bool]:
        """Return the tag, and whether it is new."""
        tag = Tag(new_id("tg"), workspace_id, " ".join(name.split()), self._clock())
        kept = await self._stores.tags.add(tag)
        return kept, kept.id == tag.id

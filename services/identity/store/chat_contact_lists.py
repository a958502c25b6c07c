"""Pages of chat contacts: by the newest message, or by Chat ID for a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.identity.domain.facets import PREFIX_END
from services.identity.domain.people import ChatContact
from services.identity.store.chat_contacts import ChatContacts
from services.identity.store.documents import chat_contact_from
from services.identity.store.migrate import BY_CONTACT_ID, BY_NEWEST
from services.identity.store.walk import FIRST, LAST, Bound, bounded_count, walk
from shared.storage.mongo import Document


@dataclass(frozen=True, slots=True)
class NewestFirst:
    """After this row: its newest message, and its id."""

    newest: datetime
    id: str


@dataclass(frozen=True, slots=True)
class ByContactId:
    """After this row: its Chat ID, and its id."""

    contact_id: str
    id: str


class ChatContactLists:
    """Reads pages. `visitors`: those without a profile alone; otherwise everybody."""

    def __init__(self, contacts: ChatContacts) -> None:
        self._collection = contacts.collection

    async def newest_first(
        self, workspace_id: str, after: NewestFirst | None, limit: int, *, visitors: bool
    ) -> list[ChatContact]:
        def span(*, visitor: bool) -> tuple[Bound, Bound]:
            here = [("workspace_id", workspace_id), ("visitor", visitor)]
            newest: Any = after.newest if after else LAST
            return (
                [*here, ("newest", newest), ("_id", after.id if after else FIRST)],
                [*here, ("newest", FIRST), ("_id", LAST)],
            )

        spans = [span(visitor=visitor) for visitor in ((True,) if visitors else (True, False))]
        found = await self._page(BY_NEWEST, spans, workspace_id, limit, after.id if after else None)
        return sorted(found, key=lambda contact: (-contact.newest.timestamp(), contact.id))[:limit]

    async def by_contact_id(
        self, workspace_id: str, prefix: str, after: ByContactId | None, limit: int, *, visitors: bool
    ) -> list[ChatContact]:
        def span(*, visitor: bool) -> tuple[Bound, Bound]:
            here = [("workspace_id", workspace_id), ("visitor", visitor)]
            return (
                [*here, ("contact_id", after.contact_id if after else prefix), ("_id", after.id if after else FIRST)],
                [*here, ("contact_id", prefix + PREFIX_END), ("_id", LAST)],
            )

        spans = [span(visitor=visitor) for visitor in ((True,) if visitors else (True, False))]
        found = await self._page(BY_CONTACT_ID, spans, workspace_id, limit, after.id if after else None)
        return sorted(found, key=lambda contact: (contact.contact_id, contact.id))[:limit]

    async def count(self, workspace_id: str, prefix: str, *, visitors: bool) -> tuple[int, bool]:
        where: Document = {"workspace_id": workspace_id}
        where["visitor"] = True if visitors else {"$in": [True, False]}
        if prefix:
            where["contact_id"] = {"$gte": prefix, "$lt": prefix + PREFIX_END}
        return await bounded_count(self._collection, BY_CONTACT_ID if prefix else BY_NEWEST, where)

    async def _page(
        self, index: str, spans: Sequence[tuple[Bound, Bound]], workspace_id: str, limit: int, after_id: str | None
    ) -> list[ChatContact]:
        """Read the first `limit` of each span; they share one order, and are put together by it."""
        found: list[ChatContact] = []
        for start, end in spans:
            here = 0
            async for document in walk(self._collection, index, start, end, {"workspace_id": workspace_id}, limit + 1):
                if document["_id"] == after_id:
                    continue  # the place itself is where the last page ended
                found.append(chat_contact_from(document))
                here += 1
                if here == limit:
                    break
        return found

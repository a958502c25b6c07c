"""Pages of chat contacts: by the newest message, by Chat ID, by what a search matched (docs/decisions/0023)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, get_args

from services.identity.domain.facets import PREFIX_END, Start
from services.identity.domain.people import ChatContact
from services.identity.store.chat_contacts import ChatContacts
from services.identity.store.documents import chat_contact_from
from services.identity.store.found import Searched, SearchPlace
from services.identity.store.migrate import BY_CONTACT_ID, BY_KIND, BY_NEWEST, BY_WORD
from services.identity.store.walk import FIRST, LAST, Bound, bounded_count, walk
from shared.contracts.chat import Channel
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


@dataclass(frozen=True, slots=True)
class Kind:
    """Which chat contacts a list shows; None lets all through."""

    channel: Channel | None = None
    proactive: bool | None = None
    reactive: bool | None = None

    @property
    def choices(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """The values that each field may have: every combination of them is one stretch of the index."""
        return (
            ("channel", get_args(Channel) if self.channel is None else (self.channel,)),
            ("proactive", (True, False) if self.proactive is None else (self.proactive,)),
            ("reactive", (True, False) if self.reactive is None else (self.reactive,)),
        )

    @property
    def asked(self) -> Document:
        """The filter as a query."""
        named = {"channel": self.channel, "proactive": self.proactive, "reactive": self.reactive}
        return {field: value for field, value in named.items() if value is not None}


ANY = Kind()


class ChatContactLists:
    """Reads pages. Visitors are those who wrote and have no profile."""

    def __init__(self, contacts: ChatContacts) -> None:
        self._collection = contacts.collection
        self._searched = Searched(contacts.collection, BY_WORD, "words")

    async def visitors(self, workspace_id: str, after: NewestFirst | None, limit: int) -> list[ChatContact]:
        return await self._newest(BY_NEWEST, [[("visitor", True)]], workspace_id, after, limit)

    async def everybody(
        self, workspace_id: str, kind: Kind, after: NewestFirst | None, limit: int
    ) -> list[ChatContact]:
        if kind == ANY:
            return await self._newest(
                BY_NEWEST, [[("visitor", visitor)] for visitor in (True, False)], workspace_id, after, limit
            )
        names = [name for name, _ in kind.choices]
        stretches = [list(zip(names, values, strict=True)) for values in product(*(v for _, v in kind.choices))]
        return await self._newest(BY_KIND, stretches, workspace_id, after, limit)

    async def visitors_by_contact_id(
        self, workspace_id: str, prefix: str, after: ByContactId | None, limit: int
    ) -> list[ChatContact]:
        here = [("workspace_id", workspace_id), ("visitor", True)]
        start = [*here, ("contact_id", after.contact_id if after else prefix), ("_id", after.id if after else FIRST)]
        end = [*here, ("contact_id", prefix + PREFIX_END), ("_id", LAST)]
        return await self._stretch(BY_CONTACT_ID, start, end, workspace_id, limit, after.id if after else None)

    async def found(
        self, workspace_id: str, starts: Sequence[Start], kind: Kind, after: SearchPlace | None, limit: int
    ) -> list[tuple[ChatContact, SearchPlace]]:
        found = await self._searched.search(workspace_id, starts, kind.asked, after, limit)
        return [(chat_contact_from(one.document), one.place) for one in found]

    async def count_visitors(self, workspace_id: str, prefix: str) -> tuple[int, bool]:
        where: Document = {"workspace_id": workspace_id, "visitor": True}
        if prefix:
            where["contact_id"] = {"$gte": prefix, "$lt": prefix + PREFIX_END}
        return await bounded_count(self._collection, BY_CONTACT_ID if prefix else BY_NEWEST, where)

    async def count_everybody(self, workspace_id: str, kind: Kind) -> tuple[int, bool]:
        where: Document = {"workspace_id": workspace_id}
        if kind == ANY:
            return await bounded_count(self._collection, BY_NEWEST, {**where, "visitor": {"$in": [True, False]}})
        where |= {name: {"$in": list(values)} for name, values in kind.choices}
        return await bounded_count(self._collection, BY_KIND, where)

    async def count_found(self, workspace_id: str, starts: Sequence[Start], kind: Kind) -> tuple[int, bool]:
        return await bounded_count(self._collection, None, self._searched.where(workspace_id, starts, kind.asked))

    async def _newest(
        self, index: str, stretches: Sequence[Bound], workspace_id: str, after: NewestFirst | None, limit: int
    ) -> list[ChatContact]:
        """Read the first `limit` of each stretch of an index; they share one order, and are put together by it."""
        newest: Any = after.newest if after else LAST

        async def read(stretch: Bound) -> list[ChatContact]:
            here = [("workspace_id", workspace_id), *stretch]
            start = [*here, ("newest", newest), ("_id", after.id if after else FIRST)]
            end = [*here, ("newest", FIRST), ("_id", LAST)]
            return await self._stretch(index, start, end, workspace_id, limit, after.id if after else None)

        found = [contact for part in await asyncio.gather(*map(read, stretches)) for contact in part]
        return sorted(found, key=lambda contact: (-contact.newest.timestamp(), contact.id))[:limit]

    async def _stretch(
        self, index: str, start: Bound, end: Bound, workspace_id: str, limit: int, after_id: str | None
    ) -> list[ChatContact]:
        found: list[ChatContact] = []
        async for document in walk(self._collection, index, start, end, {"workspace_id": workspace_id}, limit + 1):
            if document["_id"] != after_id:  # the place itself is where the last page ended
                found.append(chat_contact_from(document))
            if len(found) == limit:
                break
        return found

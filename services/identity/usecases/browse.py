"""Lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from services.identity.domain.client import Client
from services.identity.domain.cursors import decode_cursor, encode_cursor, moment_of
from services.identity.domain.facets import chat_contact_search_for
from services.identity.domain.filter import Filter
from services.identity.domain.millis import to_millis
from services.identity.domain.people import ChatContact
from services.identity.store.chat_contact_lists import ANY, ByContactId, ChatContactLists, Kind, NewestFirst
from services.identity.store.client_counts import ClientCounts, Counts
from services.identity.store.client_lists import ClientLists, ClientPlace
from services.identity.store.found import SearchPlace
from services.identity.store.stores import Stores

T = TypeVar("T")
Profile = Literal["none", "any"]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, where it goes on, and how many there are in all."""

    items: Sequence[T]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class BrowseChatContacts:
    """Lists chat contacts: everybody, or those without a profile. Raises `BadCursorError`."""

    def __init__(self, stores: Stores) -> None:
        self._contacts = stores.chat_contacts
        self._lists = ChatContactLists(stores.chat_contacts)

    async def __call__(
        self,
        workspace_id: str,
        *,
        profile: Profile,
        search: str,
        limit: int,
        cursor: str | None,
        kind: Kind = ANY,
    ) -> Page[ChatContact]:
        """Return a page, the newest message first; a search comes in the order of what it matched.

        Of those without a profile the Chat ID alone is searched, and nothing else is asked.
        """
        of = ("chat-contacts", workspace_id, profile, kind, search)
        if search and profile == "any":
            return await self._found(workspace_id, of, kind, search, limit, cursor)
        if search:
            place = ByContactId(*decode_cursor(of, cursor, (str, str))) if cursor else None
            found = await self._lists.visitors_by_contact_id(workspace_id, search, place, limit + 1)
            ends = [encode_cursor(of, (contact.contact_id, contact.id)) for contact in found[limit - 1 : limit]]
        else:
            after = decode_cursor(of, cursor, (int, str)) if cursor else None
            newest = NewestFirst(moment_of(after[0]), after[1]) if after else None
            if profile == "none":
                found = await self._lists.visitors(workspace_id, newest, limit + 1)
            else:
                found = await self._lists.everybody(workspace_id, kind, newest, limit + 1)
            ends = [encode_cursor(of, (to_millis(contact.newest), contact.id)) for contact in found[limit - 1 : limit]]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            if profile == "none":
                total, exact = await self._lists.count_visitors(workspace_id, search)
            else:
                total, exact = await self._lists.count_everybody(workspace_id, kind)
        return Page(found[:limit], ends[0] if len(found) > limit else None, total, exact)

    async def _found(
        self, workspace_id: str, of: Sequence[object], kind: Kind, search: str, limit: int, cursor: str | None
    ) -> Page[ChatContact]:
        starts = chat_contact_search_for(search)
        place = _search_place(of, cursor)
        found = await self._lists.found(workspace_id, starts, kind, place, limit + 1) if starts else []
        ends = [_search_cursor(of, where) for _, where in found[limit - 1 : limit]]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._lists.count_found(workspace_id, starts, kind)
        return Page([one for one, _ in found[:limit]], ends[0] if len(found) > limit else None, total, exact)

    async def named(self, workspace_id: str, ids: Sequence[str], *, profile: Profile) -> Page[ChatContact]:
        """Return those of these ids that the list has now."""
        found = await self._contacts.of(workspace_id, ids)
        listed = [contact for contact in found if profile == "any" or contact.is_visitor]
        return Page(listed, None, len(listed), total_is_exact=True)


class BrowseClients:
    """Lists clients. Raises `BadCursorError`."""

    def __init__(self, stores: Stores) -> None:
        self._clients = stores.clients
        self._lists = ClientLists(stores.clients, stores.crowds)
        self._counts = ClientCounts(stores.client, stores.clients, stores.crowds)

    async def __call__(self, workspace_id: str, asked: Filter, *, limit: int, cursor: str | None) -> Page[Client]:
        """Return a page: the newest first, or in the order of what a search matched."""
        of = ("clients", workspace_id, asked)
        if asked.search:
            return await self._found(workspace_id, of, asked, limit, cursor)
        after = decode_cursor(of, cursor, (int, str)) if cursor else None
        place = ClientPlace(moment_of(after[0]), after[1]) if after else None
        found = await self._lists.newest_first(workspace_id, asked, place, limit + 1)
        ends = [encode_cursor(of, (to_millis(client.created_at), client.id)) for client in found[limit - 1 : limit]]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._counts.of(workspace_id, asked)
        return Page(found[:limit], ends[0] if len(found) > limit else None, total, exact)

    async def _found(
        self, workspace_id: str, of: Sequence[object], asked: Filter, limit: int, cursor: str | None
    ) -> Page[Client]:
        place = _search_place(of, cursor)
        found = await self._lists.search(workspace_id, asked, place, limit + 1)
        ends = [_search_cursor(of, where) for _, where in found[limit - 1 : limit]]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._counts.of(workspace_id, asked)
            total = max(total, len(found))
        return Page([one for one, _ in found[:limit]], ends[0] if len(found) > limit else None, total, exact)

    async def named(self, workspace_id: str, ids: Sequence[str], asked: Filter) -> Page[Client]:
        """Return those of these ids that the list has now."""
        found = await self._clients.of(workspace_id, ids)
        listed = [client for client in found if asked.matches(client)]
        return Page(listed, None, len(listed), total_is_exact=True)

    async def counts(self, workspace_id: str) -> Counts:
        """Return how many clients there are, exactly."""
        return await self._counts.counts(workspace_id)


def _search_place(of: Sequence[object], cursor: str | None) -> SearchPlace | None:
    if not cursor:
        return None
    start, facet, created_at, id_ = decode_cursor(of, cursor, (int, str, int, str))
    return SearchPlace(start, facet, moment_of(created_at), id_)


def _search_cursor(of: Sequence[object], place: SearchPlace) -> str:
    return encode_cursor(of, (place.start, place.facet, to_millis(place.created_at), place.id))

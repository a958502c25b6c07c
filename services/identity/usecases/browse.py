"""Lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from services.identity.domain.cursors import decode_cursor, encode_cursor, moment_of
from services.identity.domain.facets import search_for
from services.identity.domain.millis import to_millis
from services.identity.domain.people import ChatContact, Client
from services.identity.store.chat_contact_lists import ByContactId, ChatContactLists, NewestFirst
from services.identity.store.client_lists import ClientLists, ClientPlace, Counts, Registered, SearchPlace
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
        self, workspace_id: str, *, profile: Profile, search: str, limit: int, cursor: str | None
    ) -> Page[ChatContact]:
        """Return a page: the newest message first, or by Chat ID where that is searched (its beginning)."""
        visitors = profile == "none"
        of = ("chat-contacts", workspace_id, profile, search)
        if search:
            place = ByContactId(*decode_cursor(of, cursor, (str, str))) if cursor else None
            found = await self._lists.by_contact_id(workspace_id, search, place, limit + 1, visitors=visitors)
            ends = [encode_cursor(of, (contact.contact_id, contact.id)) for contact in found[limit - 1 : limit]]
        else:
            after = decode_cursor(of, cursor, (int, str)) if cursor else None
            newest = NewestFirst(moment_of(after[0]), after[1]) if after else None
            found = await self._lists.newest_first(workspace_id, newest, limit + 1, visitors=visitors)
            ends = [encode_cursor(of, (to_millis(contact.newest), contact.id)) for contact in found[limit - 1 : limit]]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._lists.count(workspace_id, search, visitors=visitors)
        return Page(found[:limit], ends[0] if len(found) > limit else None, total, exact)

    async def named(self, workspace_id: str, ids: Sequence[str], *, profile: Profile) -> Page[ChatContact]:
        """Return those of these ids that the list has now."""
        found = await self._contacts.of(workspace_id, ids)
        listed = [contact for contact in found if profile == "any" or contact.is_visitor]
        return Page(listed, None, len(listed), total_is_exact=True)


class BrowseClients:
    """Lists clients. Raises `BadCursorError`."""

    def __init__(self, stores: Stores) -> None:
        self._clients = stores.clients
        self._lists = ClientLists(stores.client, stores.clients)

    async def __call__(
        self, workspace_id: str, *, registered: Registered, search: str, limit: int, cursor: str | None
    ) -> Page[Client]:
        """Return a page: the newest first, or in the order of what a search matched."""
        of = ("clients", workspace_id, registered, search)
        if search:
            return await self._found(workspace_id, of, registered, search, limit, cursor)
        after = decode_cursor(of, cursor, (int, str)) if cursor else None
        place = ClientPlace(moment_of(after[0]), after[1]) if after else None
        found = await self._lists.newest_first(workspace_id, registered, place, limit + 1)
        ends = [encode_cursor(of, (to_millis(client.created_at), client.id)) for client in found[limit - 1 : limit]]
        total = len(found)
        if cursor or len(found) > limit:
            total = (await self._lists.counts(workspace_id)).of(registered)
        return Page(found[:limit], ends[0] if len(found) > limit else None, total, total_is_exact=True)

    async def _found(
        self,
        workspace_id: str,
        of: Sequence[object],
        registered: Registered,
        search: str,
        limit: int,
        cursor: str | None,
    ) -> Page[Client]:
        starts = search_for(search)
        after = decode_cursor(of, cursor, (int, str, int, str)) if cursor else None
        place = SearchPlace(after[0], after[1], moment_of(after[2]), after[3]) if after else None
        found = await self._lists.search(workspace_id, starts, registered, place, limit + 1) if starts else []
        ends = [
            encode_cursor(of, (f.place.start, f.place.facet, to_millis(f.place.created_at), f.place.id))
            for f in found[limit - 1 : limit]
        ]
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._lists.count_found(workspace_id, starts, registered)
        return Page([f.client for f in found[:limit]], ends[0] if len(found) > limit else None, total, exact)

    async def named(self, workspace_id: str, ids: Sequence[str], registered: Registered) -> Page[Client]:
        """Return those of these ids that the list has now."""
        found = await self._clients.of(workspace_id, ids)
        listed = [client for client in found if registered is None or client.registered is registered]
        return Page(listed, None, len(listed), total_is_exact=True)

    async def counts(self, workspace_id: str) -> Counts:
        """Return how many clients there are, exactly."""
        return await self._lists.counts(workspace_id)

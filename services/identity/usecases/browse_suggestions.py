"""Suggestions that wait for a person, and what became of the others."""

from services.identity.domain.cursors import decode_cursor, encode_cursor, moment_of
from services.identity.domain.millis import to_millis
from services.identity.store.stores import Stores
from services.identity.store.suggestions import Status, Suggestion, SuggestionPlace
from services.identity.usecases.browse import Page


class BrowseSuggestions:
    """Lists suggestions. Raises `BadCursorError`."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, workspace_id: str, status: Status, limit: int, cursor: str | None) -> Page[Suggestion]:
        """Return a page, the newest first."""
        of = ("suggestions", workspace_id, status)
        place = None
        if cursor:
            at, id_ = decode_cursor(of, cursor, (int, str))
            place = SuggestionPlace(moment_of(at), id_)
        found = await self._stores.suggestions.page(workspace_id, status, place, limit + 1)
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._stores.suggestions.count(workspace_id, status)
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], encode_cursor(of, (to_millis(last.at), last.id)) if last else None, total, exact)

    async def of_client(self, workspace_id: str, client_id: str, status: Status) -> Page[Suggestion]:
        """Return all about a client, and about whom it stands for."""
        ids = (await self._stores.merges.stands_for(workspace_id, [client_id]))[client_id]
        found = await self._stores.suggestions.of_clients(workspace_id, ids, status)
        return Page(found, None, len(found), total_is_exact=True)

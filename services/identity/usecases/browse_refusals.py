"""What is refused: the workspace's list, one value, or all of one client's."""

from collections.abc import Mapping, Sequence

from services.identity.domain.cursors import decode_cursor, encode_cursor, moment_of
from services.identity.domain.millis import to_millis
from services.identity.domain.people import ChatContact
from services.identity.domain.profile import RefusedAs, RefusedKind
from services.identity.domain.refusing import Subject, SubjectKind, refusable
from services.identity.store.refusals import RefusalPlace
from services.identity.store.stores import Stores
from services.identity.usecases.browse import Page
from services.identity.usecases.show_client import UnknownClientError


class BrowseRefusals:
    """Lists refusals. Raises `BadCursorError`, `UnknownClientError`."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(
        self,
        workspace_id: str,
        *,
        kind: SubjectKind | None = None,
        what: RefusedAs | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Subject]:
        """Return a page, the newest first."""
        of = ("refusals", workspace_id, kind, what)
        place = None
        if cursor:
            at, id_ = decode_cursor(of, cursor, (int, str))
            place = RefusalPlace(moment_of(at), id_)
        found = await self._stores.refusals.page(workspace_id, kind, what, place, limit + 1)
        total, exact = len(found), True
        if cursor or len(found) > limit:
            total, exact = await self._stores.refusals.count(workspace_id, kind, what)
        last = found[limit - 1] if len(found) > limit else None
        return Page(found[:limit], encode_cursor(of, (to_millis(last.at), last.id)) if last else None, total, exact)

    async def of_value(self, workspace_id: str, kind: RefusedKind, value: str) -> Page[Subject]:
        """Return what is refused of one email or phone."""
        found = await self._stores.refusals.of_values(workspace_id, [(kind, value)])
        return _page([subject for subject in found.values() if subject.said])

    async def of_client(self, workspace_id: str, client_id: str) -> Page[Subject]:
        """Return what is refused of a client's emails and phones, and of its chats."""
        client = await self._stores.clients.get(workspace_id, client_id)
        if client is None:
            raise UnknownClientError(client_id)
        values = await self._stores.refusals.of_values(workspace_id, refusable(client.holdings))
        chats = await self._stores.refusals.of(workspace_id, client.chat_contact_ids)
        return _page([one for one in (*values.values(), *chats.values()) if one.what])

    async def chats_of(self, workspace_id: str, subjects: Sequence[Subject]) -> Mapping[str, ChatContact]:
        """Return the chat contacts among what is refused, by id."""
        ids = [subject.id for subject in subjects if subject.kind == "chat_contact"]
        found = await self._stores.chat_contacts.of(workspace_id, ids) if ids else []
        return {contact.id: contact for contact in found}


def _page(found: Sequence[Subject]) -> Page[Subject]:
    return Page(found, None, len(found), total_is_exact=True)

"""All clients that a filter means, a chunk at a time: as many are in memory for a million as for a thousand."""

from collections.abc import AsyncIterator, Mapping, Sequence

from services.identity.domain.client import Client
from services.identity.domain.definitions import AdditionalField
from services.identity.domain.filter import Filter
from services.identity.store.client_lists import ClientLists
from services.identity.store.stores import Stores
from services.identity.usecases.resolve_filter import ResolveFilter

AT_ONCE = 1_000


class ExportClients:
    """Walks clients, newest first, each with the names of the tags of its chunk."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._resolve = ResolveFilter(stores)
        self._lists = ClientLists(stores.clients, stores.crowds)
        self._resolve = ResolveFilter(stores)

    async def __call__(
        self, workspace_id: str, asked: Filter, ids: Sequence[str] = ()
    ) -> AsyncIterator[tuple[Sequence[Client], Mapping[str, str]]]:
        """Give chunks of clients, and names of tags by id. `ids`: these alone."""
        asked = await self._resolve(workspace_id, asked)
        asked = await self._resolve(workspace_id, asked)
        if ids:
            clients = await self._stores.clients.of(workspace_id, ids)
            named = [client for client in clients if asked.matches(client)]
            yield named, await self._tags(workspace_id, named)
            return
        place: str | None = None
        while True:
            chunk = await self._lists.chunk(workspace_id, asked, place, AT_ONCE)
            yield chunk.clients, await self._tags(workspace_id, chunk.clients)
            place = chunk.place
            if place is None:
                return

    async def fields(self, workspace_id: str) -> Sequence[AdditionalField]:
        return await self._stores.fields.all(workspace_id)

    async def _tags(self, workspace_id: str, clients: Sequence[Client]) -> dict[str, str]:
        found = await self._stores.tags.of(workspace_id, {tag for client in clients for tag in client.tags})
        return {id_: tag.name for id_, tag in found.items()}

"""Everything that identity keeps of a person, for a file of their data."""

from services.identity.store.stores import Stores
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from shared.storage.mongo import Document


class GatherPerson:
    """Reads it whole: a person has at most some thousand documents."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, workspace_id: str, client_id: str) -> dict[str, list[Document]]:
        """Return documents by what they are. Raises `UnknownClientError`, `AbsorbedClientError`."""
        client = await self._stores.clients.get(workspace_id, client_id)
        if client is None:
            survivor = await self._stores.merges.survivor_of(workspace_id, client_id)
            if survivor is not None:
                raise AbsorbedClientError(survivor)
            raise UnknownClientError(client_id)
        ids = await self._stores.personal.stands_for(workspace_id, client_id)
        found = await self._stores.personal.gather(workspace_id, ids, client.chat_contact_ids)
        tags = await self._stores.tags.of(workspace_id, client.tags)
        return {**found, "tags": [{"_id": tag.id, "name": tag.name} for tag in tags.values()]}

"""What a client was merged with, and which of it may be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.identity.store.merges import KeptMerge
from services.identity.store.stores import Stores
from services.identity.usecases.show_client import UnknownClientError


@dataclass(frozen=True, slots=True)
class PastMerge:
    """A merge, and whether it is the one to undo next."""

    kept: KeptMerge
    may_be_undone: bool


class MergeHistory:
    """Reads merges, and whom a client stands for."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def __call__(self, workspace_id: str, client_id: str) -> Sequence[PastMerge]:
        """Return every merge into a client and into whom it absorbed, the newest first. Raises `UnknownClientError`.

        One that ended this very client, and was undone, is among them.
        """
        if await self._stores.clients.get(workspace_id, client_id) is None:
            raise UnknownClientError(client_id)
        merges = self._stores.merges
        everybody = await self.stands_for(workspace_id, client_id)
        into = await merges.into(workspace_id, everybody)
        ended = await merges.of_absorbed(workspace_id, client_id)
        found: Mapping[str, KeptMerge] = {one.id: one for one in (*into, *ended)}
        newest = next((one for one in into if one.stands and one.survivor_id == client_id), None)
        return [
            PastMerge(one, newest is not None and one.id == newest.id and one.merge is not None)
            for one in sorted(found.values(), key=lambda one: one.at, reverse=True)
        ]

    async def stands_for(self, workspace_id: str, client_id: str) -> Sequence[str]:
        """Return all ids that a client stands for, its own first: what kept its first client's id is read by these."""
        ids = await self._stores.merges.stands_for(workspace_id, [client_id])
        return [client_id, *sorted(ids[client_id] - {client_id})]

"""A program adds a push token to a client, or takes one away: of all that it has, this one alone."""

from collections.abc import Callable
from datetime import datetime

from services.identity.domain.client import Client
from services.identity.domain.contact_row import PushTokenRow
from services.identity.domain.profile import ProfileSource, PushToken
from services.identity.domain.row_edit import with_tokens
from services.identity.store.stores import Stores
from services.identity.usecases.change_client import ChangeClient
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.label_client import ClientChangedError
from services.identity.usecases.show_client import ShowClient

ATTEMPTS = 20


class ChangeTokens:
    """Reads which tokens there are, and changes them if they still are those."""

    def __init__(self, stores: Stores, change: ChangeClient, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._show = ShowClient(stores)
        self._change = change
        self._clock = clock

    async def add(self, workspace_id: str, id_: str, token: PushTokenRow, source: ProfileSource) -> Client:
        """Add one. Raises `TooManyError`, and what `ShowClient` raises."""
        return await self._settle(workspace_id, id_, lambda there: with_tokens(there, [token], self._clock()), source)

    async def remove(self, workspace_id: str, id_: str, token: str, source: ProfileSource) -> Client:
        """Take one away; one that is not there is no error. Raises what `ShowClient` raises."""
        return await self._settle(
            workspace_id, id_, lambda there: tuple(one for one in there if one.token != token), source
        )

    async def _settle(
        self,
        workspace_id: str,
        id_: str,
        edit: Callable[[tuple[PushToken, ...]], tuple[PushToken, ...]],
        source: ProfileSource,
    ) -> Client:
        for _ in range(ATTEMPTS - 1):
            client = (await self._show(workspace_id, id_)).client
            try:
                return await self._change(
                    workspace_id, id_, {"push_tokens": edit(client.push_tokens)}, client.rev, source
                )
            except ClientChangedError:
                continue  # somebody changed the client in that moment: the token is put beside what stands there now
        client = (await self._show(workspace_id, id_)).client
        return await self._change(workspace_id, id_, {"push_tokens": edit(client.push_tokens)}, client.rev, source)

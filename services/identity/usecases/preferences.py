"""A person says themselves what they want to be sent, on a page of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.identity.domain.client import Client
from services.identity.domain.definitions import Category
from services.identity.domain.refusing import refusable
from services.identity.store.stores import Stores
from services.identity.usecases.change_client import ChangeClient
from services.identity.usecases.lift_refusal import LiftRefusal, UnknownRefusalError
from services.identity.usecases.refuse import Named, Refuse
from shared.messaging.outbox import Outbox
from shared.sealing.keys import SecretKeys
from shared.sealing.preferences import NoSuchPageError, preferences_token, whose_preferences

REASON = "Their own preference page"
BY = "themselves"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the page shows."""

    client: Client
    categories: Sequence[Category]
    wanted: Mapping[str, bool]
    """By the category's id, what holds now."""
    refused: bool
    """Whether the person unsubscribed from everything."""


class ChoosePreferences:
    """Reads and keeps what somebody chose. Everything raises `NoSuchPageError` for a token that leads to nobody."""

    def __init__(self, stores: Stores, outbox: Outbox, keys: SecretKeys, origin: str) -> None:
        self._stores = stores
        self._change = ChangeClient(stores, outbox)
        self._refuse = Refuse(stores, outbox)
        self._lift = LiftRefusal(stores, outbox)
        self._keys = keys
        self._origin = origin

    def address_of(self, workspace_id: str, client_id: str) -> str:
        """Return where a client's page is."""
        return f"{self._origin}/u/{preferences_token(self._keys, workspace_id, client_id)}"

    async def __call__(self, token: str) -> Preferences:
        """Return what holds now. It changes nothing: mail programs open links before anybody has read them."""
        client = await self._whose(token)
        categories = await self._stores.categories.all(client.workspace_id)
        chosen = {one.category_id: one.subscribed for one in client.subscriptions}
        return Preferences(
            client=client,
            categories=categories,
            wanted={one.id: chosen.get(one.id, one.by_default) for one in categories},
            refused=any(one.what == "unsubscribed" for one in client.refusals),
        )

    async def choose(self, token: str, wanted: Sequence[str]) -> None:
        """Keep which categories are wanted; all others that there are, are not.

        Whoever wants one again takes back that they wanted nothing. Raises `NotToldError`.
        """
        there = await self(token)
        choice = {one.id: one.id in set(wanted) for one in there.categories}
        await self._change(there.client.workspace_id, there.client.id, {"subscriptions": choice})
        if any(choice.values()) and there.refused:
            await self._take_back(there.client)

    async def refuse_everything(self, token: str) -> None:
        """Keep that nothing is wanted: no category, and nothing to any email or phone. Raises `NotToldError`."""
        there = await self(token)
        client = there.client
        named = [Named(kind, value) for kind, value in refusable(client.holdings)]
        if named:
            await self._refuse(client.workspace_id, named, "unsubscribed", REASON, BY)
        nothing = {one.id: False for one in there.categories}
        await self._change(client.workspace_id, client.id, {"subscriptions": nothing})

    async def _take_back(self, client: Client) -> None:
        hashed = self._stores.refusals.hashed(client.workspace_id)
        for kind, value in refusable(client.holdings):
            try:
                await self._lift(client.workspace_id, hashed(kind, value), "unsubscribed", REASON, BY, own=True)
            except UnknownRefusalError:
                continue  # this one was never refused

    async def _whose(self, token: str) -> Client:
        workspace_id, client_id = whose_preferences(self._keys, token)
        client = await self._stores.clients.get(workspace_id, client_id)
        if client is None:
            survivor = await self._stores.merges.survivor_of(workspace_id, client_id)
            client = await self._stores.clients.get(workspace_id, survivor) if survivor else None
        if client is None:
            raise NoSuchPageError(token)
        return client

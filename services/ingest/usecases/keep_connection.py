"""Keep a connection: seal its secrets, write it and tell the others, and have its updates sent here."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId

from services.ingest.channels.contract import Account, Accounts, ProviderAwayError
from services.ingest.store.connections import Connection, Connections, Webhook, state_of
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts import topics
from shared.contracts.chat import Channel
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction

log = structlog.get_logger(__name__)

POINT_SECONDS = 60.0
TO_PASTE = "The provider does not send its updates here yet: copy the address into its pages."


class KeepConnection:
    """Writes connections of every channel, and points their accounts to `origin`."""

    def __init__(
        self,
        *,
        client: Client,
        connections: Connections,
        book: ConnectionBook,
        outbox: Outbox,
        keys: SecretKeys,
        accounts_of: Callable[[Channel], Accounts],
        origin: str,
    ) -> None:
        self._client = client
        self._connections = connections
        self._book = book
        self._outbox = outbox
        self._keys = keys
        self._accounts_of = accounts_of
        self._origin = origin

    def address(self, connection: Connection) -> str:
        """Return where the account's updates come in."""
        return f"{self._origin}/hooks/{connection.channel}/{connection.id}"

    def account(self, connection: Connection) -> Account:
        """Return it with its secrets open. Raises `UnsealError`."""
        return Account(
            connection.workspace_id,
            connection.id,
            connection.channel,
            self.opened(connection),
            connection.account_id,
            connection.settings,
        )

    def opened(self, connection: Connection) -> dict[str, str]:
        """Return its secrets, open. Raises `UnsealError`."""
        return {
            name: self._keys.unseal(connection.workspace_id, f"connection.{name}", sealed)
            for name, sealed in connection.sealed_secrets.items()
        }

    def sealed(self, workspace_id: str, secrets: Mapping[str, str]) -> dict[str, str]:
        """Return secrets as they are kept."""
        return {name: self._keys.seal(workspace_id, f"connection.{name}", secret) for name, secret in secrets.items()}

    async def write(self, connection: Connection, *, new: bool) -> None:
        """Keep it, and tell the others. Raises `StaleError` where somebody was faster."""
        keys = {topics.CONNECTION: [connection.id]}

        async def work(session: Session) -> ObjectId:
            if new:
                await self._connections.add(connection, session)
            else:
                await self._connections.save(connection, session)
            return await self._outbox.note(keys, session)

        row = await in_transaction(self._client, work)
        self._book.take(state_of(connection))
        try:
            await self._outbox.publish(row, keys)
        except (BrokerAwayError, KafkaError) as error:  # it is committed: to say otherwise would be wrong
            log.warning("the outbox will publish it later", connection_id=connection.id, error=type(error).__name__)

    async def point_here(self, connection: Connection) -> Connection:
        """Have the account's updates sent here; where that fails the connection stays, and says why."""
        url = self.address(connection)
        try:
            pointed = await self._accounts_of(connection.channel).point_here(self.account(connection), url)
        except ProviderAwayError as error:
            webhook = Webhook(url, ok=False, error=str(error))
        else:
            there = connection.webhook
            proven = there is not None and there.ok and there.url == url  # by the provider's own challenge
            webhook = Webhook(url, ok=True) if pointed or proven else Webhook(url, ok=False, error=TO_PASTE)
        return await self._noted(connection, webhook)

    async def challenged(self, connection_id: str) -> None:
        """Note that the provider asked at our address whether it is ours, and was answered: its updates come here."""
        connection = await self._connections.any_workspace(connection_id)
        if connection is not None:
            with suppress(StaleError):
                await self._noted(connection, Webhook(self.address(connection), ok=True))

    async def keep_pointed(self) -> None:
        """Have every account's updates sent here, for ever: the origin may have changed, or the provider been away."""
        while True:
            for connection in await self._connections.pointed_elsewhere(self._origin):
                with suppress(StaleError, UnsealError):  # somebody else did it, or KITH_SECRET_KEY is to be put right
                    await self.point_here(connection)
            await asyncio.sleep(POINT_SECONDS)

    async def _noted(self, connection: Connection, webhook: Webhook) -> Connection:
        if webhook == connection.webhook:
            return connection
        changed = replace(connection, webhook=webhook, rev=connection.rev + 1)
        await self.write(changed, new=False)
        return changed

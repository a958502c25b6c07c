"""Add and change connections: check with the provider, seal the secrets, tell the others, have updates sent here."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.ingest.channels.telegram.account import TelegramAccounts, TelegramAwayError, TelegramRefusedError
from services.ingest.domain.scenario_check import read_scenario
from services.ingest.store.connections import Connection, Connections, Webhook, connection_id, state_of
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts import topics
from shared.contracts.accounts import BecomesClient
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction, is_duplicate

log = structlog.get_logger(__name__)

POINT_SECONDS = 60.0
_UNAUTHORISED = (401, 404)
"""How Telegram says that a token is nobody's."""


class TokenRefusedError(Exception):
    """The provider does not know this token."""


class ProviderAwayError(Exception):
    """The provider could not be asked."""


class AlreadyConnectedError(Exception):
    """This account is connected in the workspace already."""


@dataclass(frozen=True)
class NewConnection:
    """What somebody asks for. `scenario` is checked before anything is done."""

    token: str
    name: str | None
    becomes_client: BecomesClient
    scenario: Mapping[str, Any] | None


@dataclass(frozen=True)
class Change:
    """What is to change; None leaves a thing as it is."""

    name: str | None = None
    enabled: bool | None = None
    becomes_client: BecomesClient | None = None
    scenario: Mapping[str, Any] | None = None
    token: str | None = None


class Connect:
    """Connects Telegram bots."""

    def __init__(
        self,
        *,
        client: Client,
        connections: Connections,
        book: ConnectionBook,
        outbox: Outbox,
        keys: SecretKeys,
        telegram: TelegramAccounts,
        origin: str,
    ) -> None:
        self._client = client
        self._connections = connections
        self._book = book
        self._outbox = outbox
        self._keys = keys
        self._telegram = telegram
        self._origin = origin

    async def add(self, workspace_id: str, asked: NewConnection) -> tuple[Connection, str]:
        """Connect a bot. Returns the connection and its webhook secret, which is never shown again.

        Raises `InvalidScenarioError`, `TokenRefusedError`, `ProviderAwayError`, `AlreadyConnectedError`.
        """
        if asked.scenario is not None:
            read_scenario(asked.scenario)
        bot = await self._who_is(asked.token)
        secret = secrets.token_urlsafe(32)
        id_ = connection_id(workspace_id, "telegram", bot.id)
        made = Connection(
            id=id_,
            workspace_id=workspace_id,
            channel="telegram",
            name=asked.name or bot.name,
            account_id=bot.id,
            username=bot.username,
            enabled=True,
            becomes_client=asked.becomes_client,
            sealed_secrets={
                "token": self._keys.seal(workspace_id, "connection.token", asked.token),
                "secret": self._keys.seal(workspace_id, "connection.secret", secret),
            },
            scenario=asked.scenario,
            webhook=None,
            created_at=_now(),
            rev=1,
        )
        try:
            await self._write(made, new=True)
        except PyMongoError as error:
            if is_duplicate(error):
                raise AlreadyConnectedError(id_) from error
            raise
        return await self._point_here(made, asked.token, secret), secret

    async def change(self, connection: Connection, change: Change) -> Connection:
        """Change a connection; raises as `add` does, and `StaleError` where somebody was faster."""
        if change.scenario is not None:
            read_scenario(change.scenario)
        changed = replace(
            connection,
            name=change.name if change.name is not None else connection.name,
            enabled=change.enabled if change.enabled is not None else connection.enabled,
            becomes_client=change.becomes_client or connection.becomes_client,
            scenario=change.scenario if change.scenario is not None else connection.scenario,
            rev=connection.rev + 1,
        )
        if change.token is not None:
            bot = await self._who_is(change.token)
            if bot.id != connection.account_id:
                raise TokenRefusedError("this token belongs to another bot; add that one as a connection of its own")
            sealed = self._keys.seal(connection.workspace_id, "connection.token", change.token)
            changed = replace(changed, sealed_secrets={**connection.sealed_secrets, "token": sealed})
        await self._write(changed, new=False)
        if change.token is not None or (change.enabled and not (connection.webhook and connection.webhook.ok)):
            return await self._point_here(changed, self._open(changed, "token"), self._open(changed, "secret"))
        return changed

    async def keep_pointed(self) -> None:
        """Have every bot's updates sent here, for ever: the origin may have changed, or the provider been away."""
        while True:
            for connection in await self._connections.pointed_elsewhere(self._origin):
                with suppress(StaleError, UnsealError):  # somebody else did it, or KITH_SECRET_KEY is to be put right
                    await self._point_here(
                        connection, self._open(connection, "token"), self._open(connection, "secret")
                    )
            await asyncio.sleep(POINT_SECONDS)

    def _open(self, connection: Connection, name: str) -> str:
        return self._keys.unseal(connection.workspace_id, f"connection.{name}", connection.sealed_secrets[name])

    async def _who_is(self, token: str) -> Any:  # noqa: ANN401 - Telegram's Bot
        try:
            return await self._telegram.who_is(token)
        except TelegramRefusedError as error:
            if error.code in _UNAUTHORISED:
                raise TokenRefusedError("Telegram does not know this token; copy it again from @BotFather") from error
            raise ProviderAwayError(f"Telegram answered {error.description}") from error
        except TelegramAwayError as error:
            raise ProviderAwayError("Telegram could not be reached") from error

    async def _point_here(self, connection: Connection, token: str, secret: str) -> Connection:
        """Have the bot's updates sent here; where that fails the connection stays, and says why."""
        url = f"{self._origin}/hooks/telegram/{connection.id}"
        problem: str | None = None
        try:
            await self._telegram.send_updates_to(token, url, secret)
        except TelegramRefusedError as error:
            problem = f"{error.description}. Telegram needs a public https address: set KITH_PUBLIC_URL."
        except TelegramAwayError:
            problem = "Telegram could not be reached. Switch the connection on again to retry."
        webhook = Webhook(url, problem is None, problem)
        if webhook == connection.webhook:
            return connection
        pointed = replace(connection, webhook=webhook, rev=connection.rev + 1)
        await self._write(pointed, new=False)
        return pointed

    async def _write(self, connection: Connection, *, new: bool) -> None:
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


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

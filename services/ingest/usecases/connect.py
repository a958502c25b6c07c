"""Add and change connections: check with the provider, seal the secrets, tell the others, have updates sent here."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import PyMongoError

from services.ingest.channels.contract import Account, AccountRefusedError, Accounts, Identity, Paste, ProviderAwayError
from services.ingest.domain.scenario_check import read_scenario
from services.ingest.store.connections import Connection, Connections, Webhook, connection_id, state_of
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts import topics
from shared.contracts.accounts import BecomesClient
from shared.contracts.chat import Channel
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.sealing.keys import SecretKeys, UnsealError
from shared.storage.mongo import Client, Session
from shared.storage.transactions import StaleError, in_transaction, is_duplicate

log = structlog.get_logger(__name__)

POINT_SECONDS = 60.0


class NotOfThisChannelError(Exception):
    """Something was given that accounts of this channel do not have, or not given that they need."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AlreadyConnectedError(Exception):
    """This account is connected in the workspace already."""


@dataclass(frozen=True)
class NewConnection:
    """What somebody asks for. `scenario` is checked before anything is done."""

    channel: Channel
    secrets: Mapping[str, str]
    settings: Mapping[str, Any]
    name: str | None
    becomes_client: BecomesClient
    scenario: Mapping[str, Any] | None


@dataclass(frozen=True)
class Change:
    """What is to change; None leaves a thing as it is. An empty scenario takes it away."""

    name: str | None = None
    enabled: bool | None = None
    becomes_client: BecomesClient | None = None
    scenario: Mapping[str, Any] | None = None
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Made:
    """A new connection, with what is told of its secrets this once."""

    connection: Connection
    secret: str | None
    to_paste: Sequence[Paste]


class Connect:
    """Connects accounts of every channel in the register."""

    def __init__(
        self,
        *,
        client: Client,
        connections: Connections,
        book: ConnectionBook,
        outbox: Outbox,
        keys: SecretKeys,
        accounts: Mapping[Channel, Accounts],
        origin: str,
    ) -> None:
        self._client = client
        self._connections = connections
        self._book = book
        self._outbox = outbox
        self._keys = keys
        self._accounts = accounts
        self._origin = origin

    async def add(self, workspace_id: str, asked: NewConnection) -> Made:
        """Connect an account.

        Raises `InvalidScenarioError`, `NotOfThisChannelError`, `AccountRefusedError`, `ProviderAwayError`,
        `AlreadyConnectedError`.
        """
        if asked.scenario:
            read_scenario(asked.scenario)
        accounts = self._accounts[asked.channel]
        _fits(asked.channel, accounts, asked.secrets, asked.settings, new=True)
        who = await accounts.who_is(asked.secrets, asked.settings)
        made_secrets = accounts.made_secrets()
        made = Connection(
            id=connection_id(workspace_id, asked.channel, who.account_id),
            workspace_id=workspace_id,
            channel=asked.channel,
            name=asked.name or who.name,
            account_id=who.account_id,
            username=who.username,
            enabled=True,
            becomes_client=asked.becomes_client,
            sealed_secrets=self._sealed(workspace_id, {**made_secrets, **asked.secrets}),
            settings=dict(asked.settings),
            scenario=asked.scenario or None,
            webhook=None,
            created_at=_now(),
            rev=1,
        )
        try:
            await self._write(made, new=True)
        except PyMongoError as error:
            if is_duplicate(error):
                raise AlreadyConnectedError(made.id) from error
            raise
        try:
            pointed = await self._point_here(made)
        except StaleError:  # `keep_pointed` was faster, here or in another process
            pointed = await self._connections.one(workspace_id, made.id) or made
        return Made(pointed, made_secrets.get("secret"), self.to_paste(pointed))

    async def change(self, connection: Connection, change: Change) -> Connection:
        """Change a connection; raises as `add` does, and `StaleError` where somebody was faster."""
        if change.scenario:
            read_scenario(change.scenario)
        accounts = self._accounts[connection.channel]
        _fits(connection.channel, accounts, change.secrets, change.settings, new=False)
        changed = replace(
            connection,
            name=change.name if change.name is not None else connection.name,
            enabled=change.enabled if change.enabled is not None else connection.enabled,
            becomes_client=change.becomes_client or connection.becomes_client,
            scenario=connection.scenario if change.scenario is None else change.scenario or None,
            settings={**connection.settings, **change.settings},
            rev=connection.rev + 1,
        )
        if change.secrets or change.settings:
            known = self._opened(connection) if len(change.secrets) < len(accounts.needs) else {}
            who = await accounts.who_is({**known, **change.secrets}, changed.settings)
            _is_the_same(connection, who, next(iter({**change.secrets, **change.settings})))
            sealed = self._sealed(connection.workspace_id, change.secrets)
            changed = replace(changed, sealed_secrets={**connection.sealed_secrets, **sealed})
        await self._write(changed, new=False)
        if change.secrets or (change.enabled and not (connection.webhook and connection.webhook.ok)):
            return await self._point_here(changed)
        return changed

    async def check(self, connection: Connection) -> Connection:
        """Ask the provider anew whether the credentials hold, and have updates sent here. Raises as `add` does."""
        await self._accounts[connection.channel].who_is(self._opened(connection), connection.settings)
        return await self._point_here(connection)

    async def challenged(self, connection_id: str) -> None:
        """Note that the provider asked at our address whether it is ours, and was answered: its updates come here."""
        connection = await self._connections.any_workspace(connection_id)
        if connection is None:
            return
        webhook = Webhook(self._address(connection), ok=True)
        if webhook != connection.webhook:
            with suppress(StaleError):
                await self._write(replace(connection, webhook=webhook, rev=connection.rev + 1), new=False)

    def to_paste(self, connection: Connection) -> Sequence[Paste]:
        """Return what is copied into the provider's own pages. Raises `UnsealError`."""
        return self._accounts[connection.channel].to_paste(self._account(connection), self._address(connection))

    async def keep_pointed(self) -> None:
        """Have every account's updates sent here, for ever: the origin may have changed, or the provider been away."""
        while True:
            for connection in await self._connections.pointed_elsewhere(self._origin):
                with suppress(StaleError, UnsealError):  # somebody else did it, or KITH_SECRET_KEY is to be put right
                    await self._point_here(connection)
            await asyncio.sleep(POINT_SECONDS)

    def _address(self, connection: Connection) -> str:
        return f"{self._origin}/hooks/{connection.channel}/{connection.id}"

    def _account(self, connection: Connection) -> Account:
        return Account(
            connection.workspace_id,
            connection.id,
            connection.channel,
            self._opened(connection),
            connection.account_id,
            connection.settings,
        )

    def _opened(self, connection: Connection) -> dict[str, str]:
        return {
            name: self._keys.unseal(connection.workspace_id, f"connection.{name}", sealed)
            for name, sealed in connection.sealed_secrets.items()
        }

    def _sealed(self, workspace_id: str, secrets: Mapping[str, str]) -> dict[str, str]:
        return {name: self._keys.seal(workspace_id, f"connection.{name}", secret) for name, secret in secrets.items()}

    async def _point_here(self, connection: Connection) -> Connection:
        """Have the account's updates sent here; where that fails the connection stays, and says why."""
        url = self._address(connection)
        try:
            pointed = await self._accounts[connection.channel].point_here(self._account(connection), url)
        except ProviderAwayError as error:
            webhook = Webhook(url, ok=False, error=str(error))
        else:
            there = connection.webhook
            proven = there is not None and there.ok and there.url == url  # by the provider's own challenge
            webhook = Webhook(url, ok=True) if pointed or proven else Webhook(url, ok=False, error=TO_PASTE)
        if webhook == connection.webhook:
            return connection
        changed = replace(connection, webhook=webhook, rev=connection.rev + 1)
        await self._write(changed, new=False)
        return changed

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


TO_PASTE = "The provider does not send its updates here yet: copy the address into its pages."


def _fits(
    channel: Channel, accounts: Accounts, secrets: Mapping[str, str], settings: Mapping[str, Any], *, new: bool
) -> None:
    for name in sorted(secrets.keys() - accounts.needs - accounts.may_have):
        raise NotOfThisChannelError(name, f"A {channel} connection has no {name}; leave it out.")
    for name in sorted(settings.keys() - accounts.settings - accounts.may_have):
        raise NotOfThisChannelError(name, f"A {channel} connection has no {name}; leave it out.")
    if new:
        for name in sorted((accounts.needs - secrets.keys()) | (accounts.settings - settings.keys())):
            raise NotOfThisChannelError(name, f"A {channel} connection needs its {name}.")


def _is_the_same(connection: Connection, who: Identity, field: str) -> None:
    if not who.made and who.account_id != connection.account_id:
        words = "this belongs to another account; add that one as a connection of its own"
        raise AccountRefusedError(field, words)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

"""Add and change connections: what is given is checked with the provider before anything is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import PyMongoError

from services.ingest.channels.contract import AccountRefusedError, Accounts, Identity, Paste
from services.ingest.domain.scenario_check import read_scenario
from services.ingest.store.connections import Connection, Connections, connection_id
from services.ingest.usecases.connection_book import ConnectionBook
from services.ingest.usecases.keep_connection import KeepConnection
from shared.contracts.accounts import BecomesClient
from shared.contracts.chat import Channel
from shared.messaging.outbox import Outbox
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Client
from shared.storage.transactions import StaleError, is_duplicate

TOLD_ONCE = "secret"
"""The secret of ours that is told to who connects an account, or has a new one made."""


class NotOfThisChannelError(Exception):
    """Something was given that accounts of this channel do not have, or not given that they need."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class AlreadyConnectedError(Exception):
    """This account is connected in the workspace already."""


class NewerConnectionError(Exception):
    """Somebody changed the connection since it was read; `current` is how it stands."""

    def __init__(self, current: Connection) -> None:
        super().__init__(current.id)
        self.current = current


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
    removed: Collection[str] = ()
    """Secrets and settings to be forgotten, of those that a connection need not have."""
    rev: int | None = None
    """The rev that the change was made for, where it is for one alone."""


@dataclass(frozen=True)
class Made:
    """A connection with a new secret, with what is told of its secrets this once."""

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
        self._connections = connections
        self._accounts = accounts
        self._keep = KeepConnection(
            client=client,
            connections=connections,
            book=book,
            outbox=outbox,
            keys=keys,
            accounts_of=lambda channel: self._accounts[channel],
            origin=origin,
        )
        self.keep_pointed = self._keep.keep_pointed
        self.challenged = self._keep.challenged

    async def add(self, workspace_id: str, asked: NewConnection) -> Made:
        """Connect an account.

        Raises `InvalidScenarioError`, `NotOfThisChannelError`, `AccountRefusedError`, `ProviderAwayError`,
        `AlreadyConnectedError`.
        """
        if asked.scenario:
            read_scenario(asked.scenario)
        accounts = self._accounts[asked.channel]
        _fits(asked.channel, accounts, asked.secrets, asked.settings)
        _is_whole(asked.channel, accounts, asked.secrets, asked.settings)
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
            sealed_secrets=self._keep.sealed(workspace_id, {**made_secrets, **asked.secrets}),
            settings=dict(asked.settings),
            scenario=asked.scenario or None,
            webhook=None,
            created_at=_now(),
            rev=1,
        )
        try:
            await self._keep.write(made, new=True)
        except PyMongoError as error:
            if is_duplicate(error):
                raise AlreadyConnectedError(made.id) from error
            raise
        try:
            pointed = await self._keep.point_here(made)
        except StaleError:  # `keep_pointed` was faster, here or in another process
            pointed = await self._connections.one(workspace_id, made.id) or made
        return Made(pointed, made_secrets.get(TOLD_ONCE), self.to_paste(pointed))

    async def change(self, connection: Connection, change: Change) -> Connection:
        """Change a connection; raises as `add` does, `NewerConnectionError` for another rev, and `StaleError`."""
        if change.rev is not None and change.rev != connection.rev:
            raise NewerConnectionError(connection)
        if change.scenario:
            read_scenario(change.scenario)
        accounts = self._accounts[connection.channel]
        _fits(connection.channel, accounts, change.secrets, change.settings)
        _may_go(connection.channel, accounts, change.removed)
        changed = replace(
            connection,
            name=change.name if change.name is not None else connection.name,
            enabled=change.enabled if change.enabled is not None else connection.enabled,
            becomes_client=change.becomes_client or connection.becomes_client,
            scenario=connection.scenario if change.scenario is None else change.scenario or None,
            sealed_secrets=_without(connection.sealed_secrets, change.removed),
            settings=_without({**connection.settings, **change.settings}, change.removed),
            rev=connection.rev + 1,
        )
        if change.secrets or change.settings:
            known = self._keep.opened(connection) if len(change.secrets) < len(accounts.needs) else {}
            who = await accounts.who_is({**known, **change.secrets}, changed.settings)
            _is_the_same(connection, who, next(iter({**change.secrets, **change.settings})))
            sealed = self._keep.sealed(connection.workspace_id, change.secrets)
            changed = replace(changed, sealed_secrets={**changed.sealed_secrets, **sealed})
        await self._keep.write(changed, new=False)
        if change.secrets or (change.enabled and not (connection.webhook and connection.webhook.ok)):
            return await self._keep.point_here(changed)
        return changed

    async def rotate(self, connection: Connection) -> Made:
        """Make a new secret in the place of ours, which is good no more from now on.

        Raises `NotOfThisChannelError` where there is none, and `StaleError`.
        """
        secret = self._accounts[connection.channel].made_secrets().get(TOLD_ONCE)
        if secret is None:
            words = f"Kith makes no secret for a {connection.channel} connection; change those that you gave."
            raise NotOfThisChannelError(TOLD_ONCE, words)
        sealed = {**connection.sealed_secrets, **self._keep.sealed(connection.workspace_id, {TOLD_ONCE: secret})}
        changed = replace(connection, sealed_secrets=sealed, rev=connection.rev + 1)
        await self._keep.write(changed, new=False)
        pointed = await self._keep.point_here(changed)
        return Made(pointed, secret, self.to_paste(pointed))

    async def check(self, connection: Connection) -> Connection:
        """Ask the provider anew whether the credentials hold, and have updates sent here. Raises as `add` does."""
        await self._accounts[connection.channel].who_is(self._keep.opened(connection), connection.settings)
        return await self._keep.point_here(connection)

    def to_paste(self, connection: Connection) -> Sequence[Paste]:
        """Return what is copied into the provider's own pages. Raises `UnsealError`."""
        return self._accounts[connection.channel].to_paste(
            self._keep.account(connection), self._keep.address(connection)
        )


def _fits(channel: Channel, accounts: Accounts, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    for name in sorted(secrets.keys() - accounts.needs - accounts.may_have):
        raise NotOfThisChannelError(name, f"A {channel} connection has no {name}; leave it out.")
    for name in sorted(settings.keys() - accounts.settings - accounts.may_have):
        raise NotOfThisChannelError(name, f"A {channel} connection has no {name}; leave it out.")


def _is_whole(channel: Channel, accounts: Accounts, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> None:
    for name in sorted((accounts.needs - secrets.keys()) | (accounts.settings - settings.keys())):
        raise NotOfThisChannelError(name, f"A {channel} connection needs its {name}.")


def _may_go(channel: Channel, accounts: Accounts, removed: Collection[str]) -> None:
    for name in sorted(set(removed) & (accounts.needs | accounts.settings)):
        raise NotOfThisChannelError(name, f"A {channel} connection needs its {name}; give another, or leave it out.")


def _without(known: Mapping[str, Any], removed: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if name not in removed}


def _is_the_same(connection: Connection, who: Identity, field: str) -> None:
    if not who.made and who.account_id != connection.account_id:
        words = "this belongs to another account; add that one as a connection of its own"
        raise AccountRefusedError(field, words)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)

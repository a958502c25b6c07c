"""Connections: one document each. `one_per_account` makes (workspace, channel, account id) unique."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shared.contracts.accounts import BecomesClient, ConnectionStateV1
from shared.contracts.chat import Channel
from shared.contracts.ids import derived_id
from shared.messaging.outbox import StateSource
from shared.storage.mongo import Collection, Database, Document, Session
from shared.storage.transactions import StaleError
from shared.storage.walk import by_id

ONE_PER_ACCOUNT = "one_per_account"


@dataclass(frozen=True)
class Webhook:
    """Whether the provider sends its updates to us."""

    url: str
    ok: bool
    error: str | None = None


@dataclass(frozen=True)
class Connection:
    """One account of a workspace on one channel. `scenario` is the document as it was given."""

    id: str
    workspace_id: str
    channel: Channel
    name: str
    account_id: str
    username: str | None
    enabled: bool
    becomes_client: BecomesClient
    sealed_secrets: Mapping[str, str]
    settings: Mapping[str, Any]
    """What the channel needs to know besides, none of it secret."""
    scenario: Mapping[str, Any] | None
    webhook: Webhook | None
    created_at: datetime
    rev: int = 0


def _document(connection: Connection) -> Document:
    return {
        "_id": connection.id,
        "workspace_id": connection.workspace_id,
        "channel": connection.channel,
        "name": connection.name,
        "account_id": connection.account_id,
        "username": connection.username,
        "enabled": connection.enabled,
        "becomes_client": connection.becomes_client,
        "sealed_secrets": dict(connection.sealed_secrets),
        "settings": dict(connection.settings),
        "scenario": connection.scenario,
        "webhook": vars(connection.webhook) if connection.webhook else None,
        "created_at": connection.created_at,
        "rev": connection.rev,
    }


def _connection(found: Document) -> Connection:
    webhook = found.pop("webhook")
    found.setdefault("settings", {})
    return Connection(id=found.pop("_id"), webhook=Webhook(**webhook) if webhook else None, **found)


class Connections(StateSource):
    """The store, and the source of `connection.v1`."""

    def __init__(self, database: Database) -> None:
        self._all: Collection = database["connections"]

    async def add(self, connection: Connection, session: Session) -> None:
        """Insert a new one; a second connection of the same account meets `one_per_account`."""
        await self._all.insert_one(_document(connection), session=session)

    async def save(self, connection: Connection, session: Session) -> None:
        """Write a changed one, its rev raised by one already. Raises `StaleError` where somebody was faster."""
        written = await self._all.replace_one(
            {"_id": connection.id, "workspace_id": connection.workspace_id, "rev": connection.rev - 1},
            _document(connection),
            session=session,
        )
        if written.matched_count != 1:
            raise StaleError(connection.id)

    async def of(self, workspace_id: str) -> list[Connection]:
        """Return a workspace's connections, the oldest first."""
        found = await self._all.find({"workspace_id": workspace_id}).sort([("created_at", 1), ("_id", 1)]).to_list(1000)
        return [_connection(one) for one in found]

    async def pointed_elsewhere(self, origin: str) -> list[Connection]:
        """Return enabled connections, of all workspaces, whose updates do not come to this origin as far as we know."""
        found = [_connection(one) for one in await self._all.find({"enabled": True}).to_list(None)]
        return [
            one
            for one in found
            if one.webhook is None or not one.webhook.ok or not one.webhook.url.startswith(f"{origin}/")
        ]

    async def one(self, workspace_id: str, connection_id: str) -> Connection | None:
        found = await self._all.find_one({"_id": connection_id, "workspace_id": workspace_id})
        return _connection(found) if found else None

    async def any_workspace(self, connection_id: str) -> Connection | None:
        """Return a connection for the stream, whose events carry the workspace themselves."""
        found = await self._all.find_one({"_id": connection_id})
        return _connection(found) if found else None

    async def states(self, ids: Sequence[str]) -> Sequence[ConnectionStateV1]:
        found = await self._all.find({"_id": {"$in": list(ids)}}).to_list(None)
        return [state_of(_connection(one)) for one in found]

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        found = await self._all.find({"_id": {"$in": list(ids)}}, {"rev": 1}).to_list(None)
        return {one["_id"]: one["rev"] for one in found}

    def key_of(self, id_: str) -> str:
        return id_

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        async for one in by_id(self._all, {"rev": True}):
            yield one["_id"], one["rev"]

    def id_of(self, key: str) -> str | None:
        return key


def state_of(connection: Connection) -> ConnectionStateV1:
    """Return what other services may know of a connection: no scenario, secrets sealed."""
    return ConnectionStateV1(
        id=connection.id,
        time=datetime.now(UTC),
        workspace_id=connection.workspace_id,
        rev=connection.rev,
        channel=connection.channel,
        name=connection.name,
        account_id=connection.account_id,
        username=connection.username,
        enabled=connection.enabled,
        becomes_client=connection.becomes_client,
        sealed_secrets=dict(connection.sealed_secrets),
        settings=dict(connection.settings),
    )


def connection_id(workspace_id: str, channel: Channel, account_id: str) -> str:
    """Return the id of a connection: the same account gets the same one when it is added again."""
    return f"con_{derived_id(workspace_id, channel, account_id).replace('-', '')[:20]}"

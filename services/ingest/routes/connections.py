"""Connections, and the check of a scenario."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from services.ingest.domain.scenario_check import InvalidScenarioError, read_scenario
from services.ingest.store.connections import Connection, Connections
from services.ingest.usecases.connect import (
    AlreadyConnectedError,
    Change,
    Connect,
    NewConnection,
    ProviderAwayError,
    TokenRefusedError,
)
from shared.contracts.accounts import BecomesClient
from shared.contracts.chat import Channel
from shared.storage.transactions import StaleError
from shared.web.access import ReadsConnections, WritesConnections
from shared.web.problems import FieldError, ProblemError, invalid, not_found


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


Token = Annotated[SecretStr, Field(description="As @BotFather gives it: `123456:ABC…`. Never shown again.")]


class ConnectionIn(_In):
    """A bot to connect."""

    channel: Literal["telegram"]
    token: Token
    name: str | None = Field(default=None, min_length=1, max_length=80)
    becomes_client: BecomesClient = "on_contact"
    scenario: dict[str, Any] | None = None


class ConnectionChange(_In):
    """What to change; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    enabled: bool | None = None
    becomes_client: BecomesClient | None = None
    scenario: dict[str, Any] | None = None
    token: Token | None = None


class WebhookOut(BaseModel):
    """Whether the provider sends its updates here."""

    url: str
    ok: bool
    error: str | None


class ConnectionOut(BaseModel):
    """A connection; its secrets are never shown."""

    id: str
    channel: Channel
    name: str
    bot_id: str
    username: str | None
    enabled: bool
    becomes_client: BecomesClient
    scenario: dict[str, Any] | None
    webhook: WebhookOut | None
    created_at: datetime
    rev: int


class ConnectionMade(ConnectionOut):
    """A new connection, with the secret that its webhooks carry: this once."""

    secret: str


class ConnectionList(BaseModel):
    """All connections of the workspace."""

    items: list[ConnectionOut]
    next_cursor: None = None
    total: int
    total_is_exact: bool = True


class ScenarioIn(_In):
    """A scenario to check."""

    scenario: dict[str, Any]


class ScenarioVerdict(BaseModel):
    """Whether a scenario can be used, and what is wrong, each with its place."""

    ok: bool
    errors: list[FieldError]


def _out(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.id,
        "channel": connection.channel,
        "name": connection.name,
        "bot_id": connection.account_id,
        "username": connection.username,
        "enabled": connection.enabled,
        "becomes_client": connection.becomes_client,
        "scenario": connection.scenario,
        "webhook": vars(connection.webhook) if connection.webhook else None,
        "created_at": connection.created_at,
        "rev": connection.rev,
    }


def _problem(error: Exception) -> ProblemError:
    """Say what somebody can do about a connection that could not be made or changed."""
    match error:
        case InvalidScenarioError():
            faults = [FieldError(field=f"scenario.{f.place}", message=f.message) for f in error.faults]
            return ProblemError(422, "invalid-scenario", str(error), errors=faults)
        case TokenRefusedError():
            return invalid("token", str(error))
        case AlreadyConnectedError():
            return ProblemError(
                409, "already-connected", f"This bot is connected already, as {error}. Change that one."
            )
        case StaleError():
            return ProblemError(409, "changed-meanwhile", "Somebody changed this connection meanwhile. Read it again.")
        case _:
            return ProblemError(503, "provider-away", f"{error}. Nothing was changed; try again in a moment.")


_REFUSED = (InvalidScenarioError, TokenRefusedError, AlreadyConnectedError, ProviderAwayError, StaleError)


def router(connect: Connect, connections: Connections) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["connections"])

    @routes.get("/connections")
    async def list_connections(who: ReadsConnections) -> ConnectionList:
        """List the workspace's connections, the oldest first."""
        found = await connections.of(who.workspace_id)
        return ConnectionList(items=[ConnectionOut(**_out(one)) for one in found], total=len(found))

    @routes.post("/connections", status_code=201)
    async def add_connection(who: WritesConnections, asked: ConnectionIn) -> ConnectionMade:
        """Connect a Telegram bot: the token is checked with Telegram, and its updates are sent here from now on."""
        new = NewConnection(asked.token.get_secret_value(), asked.name, asked.becomes_client, asked.scenario)
        try:
            made, secret = await connect.add(who.workspace_id, new)
        except _REFUSED as error:
            raise _problem(error) from error
        return ConnectionMade(**_out(made), secret=secret)

    @routes.get("/connections/{connection_id}")
    async def get_connection(who: ReadsConnections, connection_id: str) -> ConnectionOut:
        """Show one connection."""
        return ConnectionOut(**_out(await _one(who.workspace_id, connection_id)))

    @routes.patch("/connections/{connection_id}")
    async def change_connection(who: WritesConnections, connection_id: str, asked: ConnectionChange) -> ConnectionOut:
        """Change a connection. Switching it on points the bot here again."""
        change = Change(
            name=asked.name,
            enabled=asked.enabled,
            becomes_client=asked.becomes_client,
            scenario=asked.scenario,
            token=asked.token.get_secret_value() if asked.token else None,
        )
        try:
            changed = await connect.change(await _one(who.workspace_id, connection_id), change)
        except _REFUSED as error:
            raise _problem(error) from error
        return ConnectionOut(**_out(changed))

    async def _one(workspace_id: str, connection_id: str) -> Connection:
        found = await connections.one(workspace_id, connection_id)
        if found is None:
            raise not_found("connection")
        return found

    return routes


def scenario_router() -> APIRouter:
    """Make the route that checks a scenario."""
    routes = APIRouter(tags=["scenarios"])

    @routes.post("/scenarios/check")
    async def check_scenario(_who: ReadsConnections, asked: ScenarioIn) -> ScenarioVerdict:
        """Check a scenario without using it: everything that is wrong, each with its place."""
        try:
            read_scenario(asked.scenario)
        except InvalidScenarioError as error:
            return ScenarioVerdict(
                ok=False, errors=[FieldError(field=f.place, message=f.message) for f in error.faults]
            )
        return ScenarioVerdict(ok=True, errors=[])

    return routes

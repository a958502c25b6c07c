"""Connections."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Header

from services.ingest.channels.contract import AccountRefusedError, Paste, ProviderAwayError
from services.ingest.channels.register import HOOKS
from services.ingest.domain.scenario_check import InvalidScenarioError
from services.ingest.routes.connection_shapes import (
    ConnectionChange,
    ConnectionIn,
    ConnectionList,
    ConnectionMade,
    ConnectionOut,
    Credentials,
    PasteList,
    PasteOut,
)
from services.ingest.routes.scenarios import invalid_scenario
from services.ingest.store.connections import Connection, Connections
from services.ingest.usecases.connect import (
    AlreadyConnectedError,
    Change,
    Connect,
    Made,
    NewConnection,
    NewerConnectionError,
    NotOfThisChannelError,
)
from shared.storage.transactions import StaleError
from shared.web.access import ReadsConnections, WritesConnections
from shared.web.problems import ProblemError, invalid, not_found


def _out(connection: Connection) -> dict[str, Any]:
    return {
        "id": connection.id,
        "channel": connection.channel,
        "name": connection.name,
        "bot_id": connection.account_id,
        "username": connection.username,
        "enabled": connection.enabled,
        "becomes_client": connection.becomes_client,
        "settings": dict(connection.settings),
        "secrets": sorted(connection.sealed_secrets.keys() & Credentials.model_fields.keys()),
        "scenario": connection.scenario,
        "webhook": vars(connection.webhook) if connection.webhook and connection.channel in HOOKS else None,
        "created_at": connection.created_at,
        "rev": connection.rev,
    }


def _pastes(pastes: Sequence[Paste]) -> list[PasteOut]:
    return [PasteOut(label=paste.label, value=paste.value) for paste in pastes]


def _made(made: Made) -> ConnectionMade:
    return ConnectionMade(**_out(made.connection), secret=made.secret, to_paste=_pastes(made.to_paste))


def _problem(error: Exception) -> ProblemError:
    """Say what somebody can do about a connection that could not be made or changed."""
    match error:
        case InvalidScenarioError():
            return invalid_scenario(error)
        case AccountRefusedError() | NotOfThisChannelError():
            return invalid(error.field, str(error))
        case AlreadyConnectedError():
            return ProblemError(
                409, "already-connected", f"This account is connected already, as {error}. Change that one."
            )
        case StaleError():
            return ProblemError(409, "changed-meanwhile", "Somebody changed this connection meanwhile. Read it again.")
        case _:
            words = str(error).rstrip(".")
            return ProblemError(503, "provider-away", f"{words}. Nothing was changed; try again in a moment.")


_REFUSED = (
    InvalidScenarioError,
    NotOfThisChannelError,
    AccountRefusedError,
    AlreadyConnectedError,
    ProviderAwayError,
    StaleError,
)


@contextmanager
def _told() -> Generator[None]:
    """Answer what a use case refuses with a problem."""
    try:
        yield
    except _REFUSED as error:
        raise _problem(error) from error


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
        """Connect an account: it is checked with the provider, and its updates are sent here from now on."""
        new = NewConnection(
            asked.channel, asked.secrets(), asked.settings(), asked.name, asked.becomes_client, asked.scenario
        )
        with _told():
            return _made(await connect.add(who.workspace_id, new))

    @routes.get("/connections/{connection_id}")
    async def get_connection(who: ReadsConnections, connection_id: str) -> ConnectionOut:
        """Show one connection."""
        return ConnectionOut(**_out(await _read(connections, who.workspace_id, connection_id)))

    @routes.get("/connections/{connection_id}/to-paste")
    async def to_paste(who: WritesConnections, connection_id: str) -> PasteList:
        """Tell what to copy into the provider's own pages."""
        return PasteList(items=_pastes(connect.to_paste(await _read(connections, who.workspace_id, connection_id))))

    _changes(routes, connect, connections)
    return routes


def _changes(routes: APIRouter, connect: Connect, connections: Connections) -> None:
    @routes.patch("/connections/{connection_id}")
    async def change_connection(
        who: WritesConnections,
        connection_id: str,
        asked: ConnectionChange,
        if_match: Annotated[str | None, Header(pattern=r'^(W/)?"?\d+"?$')] = None,
    ) -> ConnectionOut:
        """Change a connection. Switching it on points the account here again.

        With a `rev`, or its `If-Match`, it is changed only while it stands as it was read: else 409 shows it as it is
        now, under `current`.
        """
        change = Change(
            name=asked.name,
            enabled=asked.enabled,
            becomes_client=asked.becomes_client,
            scenario=asked.scenario,
            secrets=asked.secrets(),
            settings=asked.settings(),
            removed=asked.removed(),
            rev=asked.rev if if_match is None else int(if_match.removeprefix("W/").strip('"')),
        )
        try:
            with _told():
                changed = await connect.change(await _read(connections, who.workspace_id, connection_id), change)
        except NewerConnectionError as error:
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed this connection since you read it. Look at `current`, and send your change again "
                "with its rev.",
                more={
                    "current": ConnectionOut(**_out(error.current)).model_dump(mode="json"),
                    "yours": {"rev": change.rev, **asked.given()},
                },
            ) from error
        return ConnectionOut(**_out(changed))

    @routes.post("/connections/{connection_id}/secret")
    async def rotate_secret(who: WritesConnections, connection_id: str) -> ConnectionMade:
        """Make a new secret in the place of the one that Kith made. It is told this once; the old one is good no more.

        An adapter's deliveries are signed with it from now on; Telegram is told of it.
        """
        with _told():
            return _made(await connect.rotate(await _read(connections, who.workspace_id, connection_id)))

    @routes.post("/connections/{connection_id}/check")
    async def check_connection(who: WritesConnections, connection_id: str) -> ConnectionOut:
        """Ask the provider anew whether the credentials hold, and have its updates sent here."""
        with _told():
            return ConnectionOut(**_out(await connect.check(await _read(connections, who.workspace_id, connection_id))))


async def _read(connections: Connections, workspace_id: str, connection_id: str) -> Connection:
    found = await connections.one(workspace_id, connection_id)
    if found is None:
        raise not_found("connection")
    return found

"""`kith users` and `kith keys`: who may come in."""

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli import local
from deploy.cli.api import Api
from deploy.cli.output import AsJson, give_up, screen, tell_json, tell_table
from deploy.local.layout import Home

if TYPE_CHECKING:  # it takes long to import, and few commands need it
    from shared.contracts.accounts import Role

users = typer.Typer(help="The people who may sign in to the console.", no_args_is_help=True)
keys = typer.Typer(help="The keys that programs come in with.", no_args_is_help=True)

ROLES: "tuple[Role, ...]" = ("admin", "agent", "marketer")
SCOPES = (
    *("people:read", "people:write", "people:tag", "people:export", "people:privacy"),
    *("conversations:read", "conversations:write"),
    *("queues:read", "queues:write", "requests:read", "requests:write", "connections:read", "connections:write"),
    *("inbound:write", "deliveries:read", "users:write", "keys:write", "live:read"),
    "workspace:write",
)

Email = Annotated[str, typer.Argument(help="What they sign in with.")]
RoleName = Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")]
Password = Annotated[str | None, typer.Option(envvar="KITH_PASSWORD", help="Made for you when left out.")]
Name = Annotated[str | None, typer.Option(help="How colleagues see them; from the address when left out.")]
Workspace = Annotated[str, typer.Option(help="The name of their workspace; one that is not there yet is made.")]
WorkspaceId = Annotated[str, typer.Option(help="The workspace's id, as `kith users add` tells it.")]
KeyName = Annotated[str, typer.Argument(help="What it is for.")]
Scopes = Annotated[list[str] | None, typer.Option("--scope", help="What it may do; repeat it. All when left out.")]


@users.command("add")
def add_user(
    email: Email,
    *,
    role: RoleName = "admin",
    password: Password = None,
    name: Name = None,
    workspace: Workspace = "Workspace",
    as_json: AsJson = False,
) -> None:
    """Add somebody who may sign in. The first one makes the workspace."""
    known: Role | None = next((one for one in ROLES if one == role), None)
    if known is None:
        give_up(f"There is no role {role!r}: choose one of {', '.join(ROLES)}.")
    local.settle()
    from services.console import cli as console
    from shared.web.problems import ProblemError

    named = name or email.partition("@")[0].title()
    try:
        added = asyncio.run(
            console.add_user(email=email, password=password, name=named, role=known, workspace_name=workspace)
        )
    except ProblemError as refusal:
        give_up(str(refusal))
    if as_json:
        tell_json(asdict(added))
    else:
        screen.print(f"{added.email} may sign in as {added.role}; the password is: {added.password}", markup=False)
        screen.print(f"workspace {added.workspace_id}", markup=False)


@users.command("list")
def list_users(*, as_json: AsJson = False) -> None:
    """List them."""
    rows = _items("/api/console/users")
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, ("id", "email", "name", "role", "active"), empty="There is nobody; `kith users add` adds one.")


@keys.command("add")
def add_key(name: KeyName, *, workspace_id: WorkspaceId, scope: Scopes = None, as_json: AsJson = False) -> None:
    """Make an API key. It is shown this once."""
    if unknown := set(scope or []) - set(SCOPES):
        give_up(f"There is no scope {', '.join(sorted(unknown))}: choose from {', '.join(SCOPES)}.")
    local.settle()
    from services.console import cli as console
    from shared.web.problems import ProblemError

    try:
        made = asyncio.run(console.add_api_key(workspace_id=workspace_id, name=name, scopes=list(scope or SCOPES)))
    except ProblemError as refusal:
        give_up(str(refusal))
    if as_json:
        tell_json(asdict(made))
    else:
        screen.print(made.key, markup=False)


@keys.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List the keys by name; what they are is not kept."""
    rows = _items("/api/console/api-keys")
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, ("id", "name", "scopes", "created_at"), empty="There are none; `kith keys add` makes one.")


@keys.command("rotate")
def rotate_key() -> None:
    """Sign access tokens with a new key from now on. Nobody is signed out."""
    local.settle()
    from services.console import cli as console

    screen.print(f"New signing key: {asyncio.run(console.rotate_signing_key())}", markup=False)


def _items(path: str) -> list[dict[str, Any]]:
    return Api.of_run(Home.of()).ask("GET", path, params={"limit": 100})["items"]

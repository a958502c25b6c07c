"""What the `kith` command does to users and keys: in its own process, whether or not the services run."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from services.console.domain.people import Workspace
from services.console.settings import ConsoleSettings
from services.console.store.api_keys import ApiKeys
from services.console.store.migrate import make_indexes
from services.console.store.publishes import make_outbox
from services.console.store.sessions import Sessions
from services.console.store.signing_keys import SigningKeys
from services.console.store.users import TakenError, Users, Workspaces
from services.console.usecases import clock
from services.console.usecases.api_keys import ManageApiKeys
from services.console.usecases.changes import Changes
from services.console.usecases.hashing import Hashing
from services.console.usecases.signing import Signing
from services.console.usecases.users import ManageUsers
from shared.contracts.accounts import Role
from shared.contracts.ids import new_id
from shared.contracts.scopes import SCOPES
from shared.messaging.publisher import Publisher
from shared.storage.mongo import Database, connect, database
from shared.web.access import AccessBook
from shared.web.problems import not_found

_ALL = frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class AddedUser:
    """A user just added. `password` is the one given, or the one we made: it is kept nowhere else."""

    user_id: str
    workspace_id: str
    email: str
    password: str = field(repr=False)
    role: Role


@dataclass(frozen=True, slots=True)
class AddedKey:
    """An API key just made. `key` is kept nowhere else."""

    id: str
    key: str = field(repr=False)


async def add_user(
    *,
    email: str,
    password: str | None,
    name: str,
    role: Role,
    workspace_name: str,
    settings: ConsoleSettings | None = None,
) -> AddedUser:
    """Add a user to the workspace of that name, which is made where there is none.

    Raises `shared.web.problems.ProblemError`, whose text says what to do; 409 where the email is somebody's.
    """
    async with _at_hand(settings) as (owned, changes, _):
        workspaces = Workspaces(owned)
        workspace = await workspace_named(workspaces, workspace_name)
        manage = ManageUsers(Users(owned), workspaces, Sessions(owned), changes, Hashing())
        new = await manage.add(workspace.id, email=email, name=name, role=role, password=password, scopes=_ALL)
    return AddedUser(new.user.id, workspace.id, new.user.email, new.password or password or "", role)


async def add_api_key(
    *, workspace_id: str, name: str, scopes: Sequence[str], settings: ConsoleSettings | None = None
) -> AddedKey:
    """Make an API key. Raises `shared.web.problems.ProblemError`, whose text says what to do."""
    async with _at_hand(settings) as (owned, changes, _):
        if await Workspaces(owned).one(workspace_id) is None:
            raise not_found("workspace")
        made = await ManageApiKeys(ApiKeys(owned), changes).make(
            workspace_id, name=name, scopes=scopes, made_by=None, own_scopes=_ALL
        )
    return AddedKey(made.key.id, made.text)


async def rotate_signing_key(*, settings: ConsoleSettings | None = None) -> str:
    """Make a new key for access tokens; nobody is signed out. Returns its id."""
    async with _at_hand(settings) as (owned, changes, found):
        signing = Signing(SigningKeys(owned), changes, found.secret_key.get_secret_value())
        return (await signing.rotate()).id


async def workspace_named(workspaces: Workspaces, name: str) -> Workspace:
    """Find a workspace, or make it."""
    there = await workspaces.named(name)
    if there is not None:
        return there
    made = Workspace(new_id("ws"), name, clock.now())
    try:
        await workspaces.add(made)
    except TakenError:
        return await workspace_named(workspaces, name)  # somebody made it just now
    return made


@asynccontextmanager
async def _at_hand(settings: ConsoleSettings | None) -> AsyncGenerator[tuple[Database, Changes, ConsoleSettings]]:
    settings = settings or ConsoleSettings()
    client = connect(settings)
    publisher = Publisher(settings, "console-cli")
    try:
        owned = database(client, settings, "console")
        await make_indexes(owned)
        await publisher.start()
        outbox = make_outbox(owned, publisher)
        yield owned, Changes(client, outbox, publisher, AccessBook()), settings
    finally:
        await publisher.stop()
        client.close()

"""One console for all of these tests; every test has workspaces of its own."""

import base64
import secrets
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from deploy.local import ports
from services.console import cli
from services.console.app import create_app
from services.console.domain.people import User
from services.console.settings import ConsoleSettings
from services.console.store.access_states import AccessStates
from services.console.store.migrate import migrate
from services.console.store.sessions import Sessions
from services.console.store.users import Users, Workspaces
from services.console.usecases import hashing
from services.console.usecases.changes import Changes
from services.console.usecases.users import ManageUsers
from shared.contracts import topics
from shared.contracts.accounts import Role
from shared.contracts.scopes import SCOPES
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.topics_admin import create_topics
from shared.storage.mongo import connect, database
from tests import servers
from tests.console.running import eventually, serving

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Console:
    """The console under test."""

    settings: ConsoleSettings
    app: FastAPI
    origin: str
    manage: ManageUsers
    workspaces: Workspaces

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """Open the console's pages in a browser with an address of its own."""
        address = ".".join(str(secrets.randbelow(250) + 1) for _ in range(4))
        own = {"Origin": self.origin, "X-Forwarded-For": address, **headers}
        return httpx.AsyncClient(base_url=self.origin, headers=own, timeout=30)

    async def add(self, role: Role = "admin", workspace: str | None = None) -> User:
        """Add a user to a workspace, by default to a new one."""
        name = workspace or f"Workspace {secrets.token_hex(6)}"
        new = await self.manage.add(
            (await cli.workspace_named(self.workspaces, name)).id,
            email=f"{secrets.token_hex(6)}@example.com",
            name="Somebody",
            role=role,
            password=PASSWORD,
            scopes=frozenset(SCOPES),
        )
        return new.user

    @asynccontextmanager
    async def signed_in(self, user: User) -> AsyncGenerator[httpx.AsyncClient]:
        """Sign a user in, in a browser that sends the token with every request."""
        async with self.browser() as browser:
            answer = await sign_in(browser, user.email)
            browser.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield browser


async def until_let_in(browser: httpx.AsyncClient) -> None:
    """Wait for the news of a user or a key that was made on the command line."""

    async def is_in() -> bool:
        return (await browser.get("/api/console/users")).status_code != 401

    await eventually(is_in)


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/console/sign-in", json={"email": email, "password": password})


SettingsOf = Callable[..., ConsoleSettings]


@pytest.fixture(scope="session")
def settings_of(kafka: servers.Kafka, mongo: servers.Mongo) -> SettingsOf:
    """Make settings, by default for a database of its own."""

    def make(**more: object) -> ConsoleSettings:
        given = {
            "kafka": kafka.bootstrap,
            "mongo": mongo.uri,
            "database_prefix": f"t{secrets.token_hex(4)}",
            "secret_key": f"1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
            "heartbeat_interval_ms": 300,
            "partitions_hot": 4,
            "partitions": 2,
        }
        return ConsoleSettings.model_validate(given | more)

    return make


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Generator[None]:
    """Hash with argon2's least effort: the machine's time is better spent."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hashing, "Argon2Hasher", lambda: Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
async def console(settings_of: SettingsOf, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Console]:
    port, nobody = ports.free(2)
    settings = settings_of(
        port=port,
        web_dist=_built(tmp_path_factory.mktemp("dist")),
        **{f"{name}_url": f"http://127.0.0.1:{nobody}" for name in ("ingest", "identity", "notification", "broadcast")},
    )
    await create_topics(settings)
    await migrate(settings)
    app = create_app(settings)
    client = connect(settings)
    publisher = Publisher(settings, "console-test")
    await publisher.start()
    owned = database(client, settings, "console")
    outbox = Outbox("console", owned["outbox"], publisher, {topics.ACCESS: AccessStates(owned)})
    # What is added here is known to the console at once, as if it had added it itself.
    changes = Changes(client, outbox, publisher, app.state.access)
    workspaces = Workspaces(owned)
    manage = ManageUsers(Users(owned), workspaces, Sessions(owned), changes, hashing.Hashing())
    async with serving(app, port=port) as origin:
        yield Console(settings, app, origin, manage, workspaces)
    await publisher.stop()
    client.close()


def _built(dist: Path) -> Path:
    """Make what a build of the front end leaves."""
    (dist / "assets").mkdir()
    (dist / "index.html").write_text("<!doctype html><title>Kith</title><script src=/assets/app-1a2b.js></script>")
    (dist / "assets" / "app-1a2b.js").write_text("console.log('kith');\n" * 200)
    (dist / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return dist

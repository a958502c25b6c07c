"""Notification, served for real, with its side of the topics and somebody to sign in."""

import base64
import io
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest
from fastapi import FastAPI

from deploy.local import ports
from services.notification.app import create_app
from services.notification.settings import NotificationSettings
from services.notification.store.migrate import make_indexes, migrate
from shared.contracts import topics
from shared.contracts.accounts import ApiKeyStateV1, UserStateV1
from shared.contracts.event import Event
from shared.contracts.people import ChatContactStateV1, ClientStateV1
from shared.messaging.publisher import Publisher
from shared.messaging.topics_admin import create_topics
from shared.storage.mongo import Client, Database, connect, database
from tests import servers
from tests.console.running import serving
from tests.notification.desk import Desk
from tests.notification.signing import SignsIn
from tests.notification.stream import Stream


def _now() -> datetime:
    return datetime.now(UTC)


def client(workspace_id: str, id_: str, rev: int = 1, *, registered: bool = True) -> ClientStateV1:
    return ClientStateV1(
        id=id_, time=_now(), workspace_id=workspace_id, rev=rev, name="Ada Secret", registered=registered,
        created_at=_now(),
    )  # fmt: skip


def chat_contact(workspace_id: str, id_: str, rev: int = 1, client_id: str | None = None) -> ChatContactStateV1:
    return ChatContactStateV1(
        id=id_, time=_now(), workspace_id=workspace_id, rev=rev, channel="telegram", connection_id="cn_1",
        contact_id="5551", name="Ada Secret", client_id=client_id, registered=client_id is not None,
        created_at=_now(),
    )  # fmt: skip


@dataclass
class Notification:
    """Notification under test, in a workspace of the test's own."""

    app: FastAPI
    origin: str
    publisher: Publisher
    signs_in: SignsIn
    said: io.StringIO
    """What the service has logged."""
    workspace: str = field(default_factory=lambda: f"ws_{secrets.token_hex(6)}")

    def of_another_workspace(self) -> "Notification":
        return Notification(self.app, self.origin, self.publisher, self.signs_in, self.said)

    @property
    def user(self) -> UserStateV1:
        return self.signs_in.user(self.workspace)

    async def tell(self, *events: Event) -> None:
        """Publish what identity or the console says."""
        for topic in (topics.ACCESS, topics.CLIENT, topics.CHAT_CONTACT, topics.CONNECTION, topics.CONTACT_FORM):
            await self.publisher.publish(topic, [event for event in events if isinstance(event, topic.events)])

    def knows(self, *states: Event) -> None:
        """Let notification know at once who may call, without the way over the topic."""
        for state in states:
            self.app.state.access.take(state)

    @asynccontextmanager
    async def listening(
        self, *, after: int | str | None = None, token: str | None = None, by_query: bool = False
    ) -> AsyncGenerator[Stream]:
        """Hold a live stream open."""
        if token is None:
            self.knows(self.signs_in.key, self.user)
            token = self.signs_in.token(self.user)
        headers = {"Authorization": f"Bearer {token}"}
        params: dict[str, str] = {}
        if after is not None:
            (params if by_query else headers)["last_event_id" if by_query else "Last-Event-ID"] = str(after)
        async with (
            aiohttp.ClientSession(self.origin, headers=headers) as session,
            session.get("/api/notification/live", params=params) as answer,
        ):
            yield Stream(answer)

    def key(self, scopes: tuple[str, ...] = ("live:read",), **more: object) -> tuple[ApiKeyStateV1, str]:
        """Make an API key; give its state and its text."""
        import hashlib

        id_, secret = secrets.token_hex(6), secrets.token_hex(16)
        state = ApiKeyStateV1.model_validate(
            {"id": f"key_{id_}", "time": _now(), "workspace_id": self.workspace, "rev": 1, "name": "K"}
            | {"secret_sha256": hashlib.sha256(secret.encode()).hexdigest(), "scopes": scopes, "active": True}
            | more
        )
        return state, f"kith_{id_}_{secret}"


@pytest.fixture(scope="session")
async def settings(kafka: servers.Kafka, mongo: servers.Mongo) -> NotificationSettings:
    found = NotificationSettings.model_validate(
        {
            "kafka": kafka.bootstrap,
            "mongo": mongo.uri,
            "database_prefix": f"t{secrets.token_hex(4)}",
            "heartbeat_interval_ms": 300,
            "partitions_hot": 4,
            "partitions": 2,
            "secret_key": f"1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}",
        }
    )
    await create_topics(found)
    await migrate(found)
    return found


@pytest.fixture(scope="session")
async def _running(settings: NotificationSettings) -> AsyncGenerator[Notification]:
    said = io.StringIO()
    with redirect_stdout(said):  # where the service's logs go is settled when it is made
        app = create_app(settings)
    publisher = Publisher(settings, "notification-test")
    await publisher.start()
    (port,) = ports.free(1)
    async with serving(app, port=port) as origin:
        yield Notification(app, origin, publisher, SignsIn(), said)
    await publisher.stop()


@pytest.fixture(scope="session")
async def own_client(mongo: servers.Mongo) -> AsyncGenerator[Client]:
    """Give a client of the tests' own."""
    found = connect(NotificationSettings.model_validate({"mongo": mongo.uri}))
    yield found
    found.close()


@pytest.fixture(scope="session")
async def own_database(own_client: Client) -> Database:
    """Give a database that no running service looks into, for clocks that are set by hand."""
    apart = NotificationSettings.model_validate({"database_prefix": f"t{secrets.token_hex(4)}"})
    found = database(own_client, apart, "notification")
    await make_indexes(found)
    return found


@pytest.fixture
def notification(_running: Notification) -> Notification:
    return _running.of_another_workspace()


@pytest.fixture
def desk(notification: Notification, settings: NotificationSettings) -> Desk:
    return Desk(notification, settings)

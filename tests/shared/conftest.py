"""A broker, a database, and topics of one's own."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import pytest
import structlog

from shared.messaging.publisher import Publisher
from shared.messaging.topics_admin import create_topics
from shared.settings import KithSettings
from shared.storage.mongo import Client, Database, connect, database
from tests import servers
from tests.shared.stream import Stream, a_stream


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Generator[None]:
    """Say nothing of the faults that the tests make: structlog's own way of printing a traceback takes a second."""
    before = structlog.get_config()
    structlog.configure(processors=[_drop])
    yield
    structlog.configure(**before)


def _drop(_logger: object, _method: str, _event: object) -> str:
    raise structlog.DropEvent


@pytest.fixture(scope="session")
async def broker_settings(kafka: servers.Kafka) -> KithSettings:
    found = KithSettings(kafka=kafka.bootstrap, heartbeat_interval_ms=300, partitions_hot=3, partitions=2)
    await create_topics(found)
    return found


@pytest.fixture(scope="session")
async def publisher(broker_settings: KithSettings) -> AsyncGenerator[Publisher]:
    found = Publisher(broker_settings, "ingest")
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
def stream(broker_settings: KithSettings, publisher: Publisher) -> Callable[..., Awaitable[Stream]]:
    """Make a topic of one's own."""

    async def make(*, partitions: int = 1, compacted: bool = False) -> Stream:
        return await a_stream(broker_settings, publisher, partitions=partitions, compacted=compacted)

    return make


@pytest.fixture
async def client(mongo: servers.Mongo) -> AsyncGenerator[Client]:
    found = connect(KithSettings(mongo=mongo.uri))
    yield found
    found.close()


@pytest.fixture
def ours(client: Client) -> Database:
    return database(client, KithSettings(database_prefix=f"t{secrets.token_hex(4)}"), "shared")

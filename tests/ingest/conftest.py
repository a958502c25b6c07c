"""One database and one set of topics for the session; every test keeps to a workspace and connections of its own."""

import secrets
from collections.abc import AsyncGenerator

import pytest

from services.ingest.settings import IngestSettings
from services.ingest.store.migrate import migrate
from shared.messaging.topics_admin import create_topics
from shared.storage.mongo import connect
from tests import servers
from tests.ingest.desk import Desk


@pytest.fixture(scope="session")
async def settings(kafka: servers.Kafka, mongo: servers.Mongo) -> IngestSettings:
    found = IngestSettings(
        kafka=kafka.bootstrap,
        mongo=mongo.uri,
        database_prefix=f"t{secrets.token_hex(4)}",
        heartbeat_interval_ms=300,
        partitions_hot=3,
        partitions=2,
    )
    await create_topics(found)
    await migrate(found)
    return found


@pytest.fixture
async def desk(settings: IngestSettings) -> AsyncGenerator[Desk]:
    client = connect(settings)
    yield Desk(settings, client)
    client.close()

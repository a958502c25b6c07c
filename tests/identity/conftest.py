"""One database, one set of topics; every test keeps to a workspace of its own."""

import base64
import secrets
from collections.abc import AsyncGenerator

import pytest
from pydantic import SecretStr

from services.identity.settings import IdentitySettings
from services.identity.store.migrate import migrate
from shared.messaging.topics_admin import create_topics
from tests import servers
from tests.identity.happenings import a_workspace
from tests.identity.house import House, a_house


@pytest.fixture(scope="session")
async def settings(kafka: servers.Kafka, mongo: servers.Mongo) -> IdentitySettings:
    found = IdentitySettings(
        kafka=kafka.bootstrap,
        mongo=mongo.uri,
        secret_key=SecretStr(f"1:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"),
        database_prefix=f"t{secrets.token_hex(4)}",
        heartbeat_interval_ms=300,
        partitions_hot=3,
        partitions=2,
    )
    await create_topics(found)
    await migrate(found)
    return found


@pytest.fixture(scope="session")
async def house(settings: IdentitySettings) -> AsyncGenerator[House]:
    async with a_house(settings) as found:
        yield found


@pytest.fixture
def workspace() -> str:
    return a_workspace()

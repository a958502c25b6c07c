"""What every test may ask for. The servers start when the first test asks, and are shared by the whole session."""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests import servers

# no test fails because the machine is slow
settings.register_profile("kith", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kith")


@pytest.fixture(scope="session")
def kafka() -> Generator[servers.Kafka]:
    """Give a real broker: `.bootstrap`, and `.kill()` and `.restart()` for fault tests. Topics are the tests' own."""
    with servers.a_kafka() as running:
        yield running


@pytest.fixture(scope="session")
def mongo() -> Generator[servers.Mongo]:
    """Give a real replica set of one: `.uri`, `.kill()`, `.restart()`. Databases are the tests' own."""
    with servers.a_mongo() as running:
        yield running

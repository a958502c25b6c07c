"""What every test may ask for. The servers start when the first test asks, and are shared by the whole session."""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import servers

# no test fails because the machine is slow
settings.register_profile("kith", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kith")


_TOGETHER = ("e2e", "faults")
"""What shares a running Kith, which one process starts. These take longest, so they come first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that no process is left with it at the end."""
    items.sort(key=lambda item: _group(item.nodeid) not in _TOGETHER)


class _ByPlace(LoadScopeScheduling):
    """Shares out all of e2e as one, all of faults as one, and every other file by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return _ByPlace(config, log)


def _group(nodeid: str) -> str:
    place = nodeid.partition("::")[0]
    folder = place.removeprefix("tests/").partition("/")[0]
    return folder if folder in _TOGETHER else place


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

"""What the tests of the command line share."""

import os
from collections.abc import Generator

import pytest


@pytest.fixture(autouse=True)
def _own_environment() -> Generator[None]:  # pyright: ignore[reportUnusedFunction]  pytest calls it
    """Put the environment back: a command completes its own process's, which here is everybody's."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("KITH_") and name != "KITH_CACHE"]:
        del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)

"""What a service would write to its log, read back."""

import io
import json
import logging
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import pytest
import structlog

from shared.observability import logs


class Logbook(io.StringIO):
    """The log as it stands."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@contextmanager
def a_logbook(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Generator[Logbook]:
    """Log as a service does, into memory. Loggers remember how they were first set up: these modules get new ones."""
    root = logging.getLogger()
    handlers, level, before = root.handlers[:], root.level, structlog.get_config()
    written = Logbook()
    with redirect_stdout(written):
        logs.configure("test", "INFO")
        for module in modules:
            monkeypatch.setattr(f"{module}.log", structlog.get_logger())
        yield written
    structlog.configure(**before)
    structlog.contextvars.unbind_contextvars("service")
    root.handlers[:] = handlers
    root.setLevel(level)

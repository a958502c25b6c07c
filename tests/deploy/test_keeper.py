"""What ends is started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from deploy.local import keeper as keeping
from deploy.local.errors import CannotStart
from deploy.local.keeper import Keeper
from deploy.local.processes import Identity, Process


class StandIn:
    """A tiny child: ready as soon as it runs, and ends when it is told to."""

    name = "stand-in"

    def __init__(self, folder: Path, program: str = "import time; time.sleep(600)") -> None:
        self._program = program
        self.process = Process(self.name, folder / "run")
        self._folder = folder
        self.starts = 0
        self.refuses = 0

    def start(self) -> None:
        self.starts += 1
        if self.starts <= self.refuses:
            raise CannotStart("not yet")
        argv = [sys.executable, "-c", self._program]
        self.process.spawn(argv, log=self._folder / "log", cwd=self._folder)

    def is_ready(self) -> bool:
        return self.process.identity() is not None


class Kept:
    def __init__(self, child: StandIn) -> None:
        self.child = child
        self.said: list[str] = []
        self.keeper = Keeper(child, self.said.append)

    async def another_than(self, earlier: Identity | None) -> Identity:
        # What is waited for happens in another process: there is no event for it.
        while (now := self.child.process.identity()) is None or now == earlier:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return now

    async def has_said(self, words: str) -> None:
        while not any(words in line for line in self.said):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def kept(child: StandIn) -> AsyncGenerator[Kept]:
    """Keep the child running while in the block."""
    found = Kept(child)
    running = asyncio.create_task(found.keeper.run())
    try:
        yield found
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        child.process.retire()
        child.process.kill()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]  pytest calls it
    monkeypatch.setattr(keeping, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeping, "LONGEST_PAUSE", 0.04)


async def test_a_child_that_dies_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    async with kept(StandIn(tmp_path)) as run:
        first = await run.another_than(None)
        await run.keeper.ready.wait()

        os.kill(first.pid, signal.SIGKILL)

        second = await run.another_than(first)
        assert second.pid != first.pid
        await run.has_said("stand-in was ended by signal 9; it is started again")
        await run.has_said("stand-in is back.")


async def test_one_that_ends_in_order_while_the_run_goes_on_is_started_again(tmp_path: Path) -> None:
    ends_well = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); print('up', flush=True); "
        "time.sleep(600)"
    )
    async with kept(StandIn(tmp_path, ends_well)) as run:
        first = await run.another_than(None)
        while "up" not in (tmp_path / "log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

        os.kill(first.pid, signal.SIGTERM)

        assert await run.another_than(first) != first
        await run.has_said("stand-in ended (exit 0); it is started again")


async def test_one_that_cannot_be_started_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    child = StandIn(tmp_path)
    child.refuses = 5

    async with kept(child) as run:
        await run.another_than(None)

        assert child.starts == 6
        assert run.said[0].startswith("stand-in could not be started (not yet)")


async def test_one_that_runs_already_is_taken_over(tmp_path: Path) -> None:
    child = StandIn(tmp_path)
    child.start()

    async with kept(child) as run:
        await run.keeper.ready.wait()

        assert child.starts == 1

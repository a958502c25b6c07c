"""Keeps one child running for as long as the run lasts."""

import asyncio
import time
from collections.abc import Callable

from deploy.local.children import Child
from deploy.local.errors import CannotStart

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a child that ended is started again; doubled each time it ends once more."""

STEADY_AFTER = 60.0
"""Seconds: one that ran so long begins again with the first pause."""

LOOK_EVERY = 0.2

Tell = Callable[[str], None]


class Keeper:
    """Starts a child, unless it runs already, waits for its end, starts it again. Runs until it is cancelled."""

    def __init__(self, child: Child, tell: Tell) -> None:
        self.child = child
        self.ready = asyncio.Event()
        """Set once it was ready for the first time."""
        self.ended = asyncio.Event()
        """Set once it ended, or could not be started, for the first time."""
        self._tell = tell

    async def run(self) -> None:
        """Keep it running. What runs when this is cancelled goes on running: whoever cancels it stops that."""
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            trouble = await self._live_once()
            self.ended.set()
            if time.monotonic() - began > STEADY_AFTER:
                pause = FIRST_PAUSE
            self._tell(f"{self.child.name} {trouble}; it is started again in {pause:.0f} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live_once(self) -> str:
        """Start it, wait until it has ended, and say how."""
        again = self.ended.is_set()
        try:
            if not self.child.process.identity():
                await asyncio.to_thread(self.child.start)
        except CannotStart as trouble:
            return f"could not be started ({trouble})"
        looking = asyncio.create_task(self._look_for_readiness(tell=again))
        try:
            # A child of an earlier run is not ours to wait for: its end has to be looked for.
            while self.child.process.identity():  # noqa: ASYNC110
                await asyncio.sleep(LOOK_EVERY)
        finally:
            looking.cancel()
        code = self.child.process.exit_code
        return f"was ended by signal {-code}" if code is not None and code < 0 else f"ended (exit {code})"

    async def _look_for_readiness(self, *, tell: bool) -> None:
        while not await asyncio.to_thread(self.child.is_ready):  # noqa: ASYNC110  it tells nobody that it is ready
            await asyncio.sleep(LOOK_EVERY / 2)
        self.ready.set()
        if tell:
            self._tell(f"{self.child.name} is back.")

"""Ends a run: whatever of it still lives, in an order in which nothing misses what it needs."""

import time
from collections.abc import Iterable

from deploy.local import ports
from deploy.local.children import SERVICES
from deploy.local.layout import Home
from deploy.local.processes import LOOK_EVERY, Process

PROGRAMS_WITHIN, SERVERS_WITHIN = 30.0, 30.0
"""Seconds to end by themselves: to finish and commit what is in hand; to write what is in memory."""

PROGRAMS = (*SERVICES, "sandbox")
SERVERS = ("kafka", "mongo")


def processes(home: Home, names: Iterable[str]) -> list[Process]:
    """Give the processes of a home by their records, whichever run started them."""
    return [Process(name, home.run) for name in names]


def stop_together(running: Iterable[Process], *, grace: float) -> list[str]:
    """Ask all to end, wait `grace` seconds for the slowest, end the rest. Gives the names of those that were ended."""
    running = list(running)
    for process in running:
        process.terminate()
    until = time.monotonic() + grace
    stubborn = [process for process in running if not process.wait(max(until - time.monotonic(), LOOK_EVERY))]
    for process in stubborn:
        process.kill()
    return [process.name for process in stubborn]


def stop_leftovers(home: Home) -> list[str]:
    """Stop what a run left behind that was itself killed. Gives the names of what was found."""
    left = [process.name for process in processes(home, ports.SETTINGS) if process.identity()]
    stop_together(processes(home, PROGRAMS), grace=PROGRAMS_WITHIN)
    stop_together(processes(home, SERVERS), grace=SERVERS_WITHIN)
    return left

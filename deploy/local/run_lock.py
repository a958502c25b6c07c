"""One run per home: who has it, and where it listens."""

import fcntl
import json
import os
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from deploy.local.errors import CannotStart
from deploy.local.layout import Home
from deploy.local.processes import Identity, identity_of


@dataclass(frozen=True)
class Run:
    """A `kith up` that has a home."""

    identity: Identity
    since: float
    """Seconds since 1970."""
    ports: dict[str, int]


@contextmanager
def held(home: Home, ports: Mapping[str, int]) -> Generator[None]:
    """Hold the home while in the block. Raises CannotStart if another run does.

    The lock is the system's: it goes with its process, however that ends.
    """
    with (home.run / "up.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            run = of(home)
            who = f" (pid {run.identity.pid})" if run else ""
            raise CannotStart(
                f"Kith runs already with the home {home.root}{who}: `kith status` shows it, `kith down` stops it. "
                f"For a second one set KITH_HOME and KITH_PORT."
            ) from None
        own = identity_of(os.getpid())
        if own is None:
            raise CannotStart("This process cannot be told by its start time here; `ps` or /proc is missing.")
        record = home.run / "up.json"
        fresh = record.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(Run(own, time.time(), dict(ports)))))
        fresh.replace(record)
        try:
            yield
        finally:
            record.unlink(missing_ok=True)


def of(home: Home) -> Run | None:
    """Give the run that has this home now; None if there is none."""
    try:
        told = json.loads((home.run / "up.json").read_text())
        run = Run(Identity(**told["identity"]), told["since"], told["ports"])
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
    return run if identity_of(run.identity.pid) == run.identity else None

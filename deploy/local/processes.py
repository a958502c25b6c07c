"""Processes of ours, told apart from everybody else's.

A pid alone names nobody: it is given away again once its process is gone. A process is ours only when both its pid and
its start time are the ones that were written down when we started it.
"""

import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from deploy.local.errors import CannotStart

LOOK_EVERY = 0.02
"""Seconds between two looks at a process that is to end."""


@dataclass(frozen=True)
class Identity:
    """One process for good."""

    pid: int
    born: str
    """When it started, as the system tells it: equal for equal processes, else without meaning."""


def identity_of(pid: int) -> Identity | None:
    """Give the identity of a live process; None if there is none, or only the zombie of one."""
    born = _born_linux(pid) if sys.platform == "linux" else _born_elsewhere(pid)
    return Identity(pid, born) if born else None


def _born_linux(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # proc(5): the name, field 2, may hold blanks and brackets; after its last bracket come state (3) … starttime (22).
    fields = stat.rsplit(")", 1)[1].split()
    return None if fields[0] in "ZX" else f"{_boot()} {fields[19]}"


@functools.cache
def _boot() -> str:
    """Name this boot of the machine, from which start times count."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _born_elsewhere(pid: int) -> str | None:
    told = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = told.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


class Running(Protocol):
    """A process that was started by us, directly or not."""

    pid: int

    def has_ended(self) -> bool: ...

    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None while it runs, and where nobody knows."""


class Child:
    """A process that is our own child."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.pid = child.pid
        self._child = child

    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def exit_code(self) -> int | None:
        return self._child.poll()


class Process:
    """A process with a name and a record on disk, by which a later run of ours finds it again."""

    def __init__(self, name: str, records: Path) -> None:
        self.name = name
        self._record = records / f"{name}.json"
        self._running: Running | None = None
        self._own: Identity | None = None
        self._starting = threading.Lock()
        self._retired = False

    def spawn(
        self,
        argv: Sequence[str],
        *,
        log: Path,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
    ) -> Identity:
        """Start it with its output added to `log`, out of reach of the terminal's Ctrl-C: who starts it, stops it.

        Raises CannotStart if it is running already, or if the program cannot be run.
        """

        def start() -> Child:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as output:
                try:
                    child = subprocess.Popen(
                        argv,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                        cwd=cwd,
                        env=environment,
                    )
                except OSError as error:
                    raise CannotStart(f"{self.name} cannot be run: {error}.") from error
            return Child(child)

        return self.start(start)

    def start(self, start: Callable[[], Running]) -> Identity:
        """Call `start`, and write down whom it started. Raises CannotStart if it is running already."""
        with self._starting:
            if self._retired:
                raise CannotStart(f"{self.name} is not started any more: Kith is being stopped.")
            if running := self.identity():
                raise CannotStart(f"{self.name} is running already (pid {running.pid}); `kith down` stops it.")
            self._record.parent.mkdir(parents=True, exist_ok=True)
            self._running = start()
            self._own = identity_of(self._running.pid) or Identity(self._running.pid, "ended at once")
            self._write(self._own)
            return self._own

    def identity(self) -> Identity | None:
        """Give the live process that the record names; None when it has ended, or when its pid is another's by now."""
        if self._running is not None and not self._running.has_ended():
            return self._own
        recorded = self._recorded()
        return recorded if recorded and identity_of(recorded.pid) == recorded else None

    @property
    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None while it runs, and where nobody knows."""
        return None if self._running is None else self._running.exit_code()

    @property
    def started_at(self) -> float | None:
        """When the record was written, in seconds since 1970; None without one."""
        return self._record.stat().st_mtime if self._record.exists() else None

    def retire(self) -> None:
        """Never start it again through this object, whatever a thread that is still preparing its start may want."""
        with self._starting:
            self._retired = True

    def terminate(self) -> None:
        """Ask it to end. Does nothing when it has ended."""
        self._signal(signal.SIGTERM)

    def stop(self, *, grace: float) -> bool:
        """Ask it to end, wait `grace` seconds, then end it. Gives False where it had to be ended."""
        self.terminate()
        if self.wait(grace):
            return True
        self.kill()
        return False

    def kill(self) -> None:
        """End it as `kill -9` does, and wait until it is gone."""
        self._signal(signal.SIGKILL)
        self.wait(10)

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended, and forget it then. Gives False where it still runs after `seconds`."""
        until = time.monotonic() + seconds
        while self.identity():
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_EVERY)
        self._record.unlink(missing_ok=True)
        return True

    def _signal(self, number: signal.Signals) -> None:
        if running := self.identity():
            try:
                os.kill(running.pid, number)
            except ProcessLookupError:
                return

    def _recorded(self) -> Identity | None:
        try:
            return Identity(**json.loads(self._record.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def _write(self, identity: Identity) -> None:
        fresh = self._record.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(asdict(identity)))
        fresh.replace(self._record)


def last_lines(log: Path, *, since: int = 0, lines: int = 15) -> str:
    """Give the end of a log, from byte `since` on: what a process that failed had to say."""
    try:
        with log.open("rb") as file:
            file.seek(since)
            said = file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(said.splitlines()[-lines:])

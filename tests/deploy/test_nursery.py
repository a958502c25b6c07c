"""Programs that start as copies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from deploy.local.layout import CHECKOUT
from deploy.local.nursery import Nursery
from deploy.local.processes import Process, identity_of

PROGRAM = """
import os, sys, time
print("arguments", sys.argv[1:], "told", os.environ.get("TOLD"), "name", __name__, flush=True)
if "sleep" in sys.argv:
    time.sleep(600)
sys.exit(3)
"""


@pytest.fixture
def nursery(tmp_path: Path) -> Generator[Nursery]:
    (tmp_path / "stand_in.py").write_text(PROGRAM)
    opened = Nursery({**os.environ, "PYTHONPATH": str(tmp_path)}, libraries=["json", "one_that_is_not_there"])
    yield opened
    opened.close()


def _run(nursery: Nursery, folder: Path, *arguments: str) -> Process:
    process = Process("stand-in", folder / "run")
    environment = {"TOLD": "something"}
    process.start(lambda: nursery.run("stand_in", *arguments, log=folder / "log", environment=environment))
    return process


def test_a_program_runs_as_python_m_runs_it(nursery: Nursery, tmp_path: Path) -> None:
    process = _run(nursery, tmp_path, "one", "two")

    assert process.wait(60)
    assert (tmp_path / "log").read_text() == "arguments ['one', 'two'] told something name __main__\n"
    assert process.exit_code == 3
    assert process.exit_code == 3, "asked a second time"


def test_how_it_was_ended_is_known(nursery: Nursery, tmp_path: Path) -> None:
    process = _run(nursery, tmp_path, "sleep")

    process.kill()

    assert process.exit_code == -signal.SIGKILL


def test_it_lives_on_without_the_nursery_and_the_next_one_starts_all_the_same(nursery: Nursery, tmp_path: Path) -> None:
    first = _run(nursery, tmp_path, "sleep")

    nursery.close()

    assert first.identity() is not None
    first.kill()
    second = _run(nursery, tmp_path)
    assert second.wait(60)
    assert second.exit_code == 3


def test_code_that_was_changed_meanwhile_runs_as_it_is_now(nursery: Nursery, tmp_path: Path) -> None:
    assert _run(nursery, tmp_path).wait(60)
    (tmp_path / "stand_in.py").write_text("print('the new one')")

    assert _run(nursery, tmp_path).wait(60)

    assert (tmp_path / "log").read_text().endswith("the new one\n")


def test_it_ends_with_whoever_asked_it() -> None:
    asks = """
import os, sys
from deploy.local.nursery import Nursery
nursery = Nursery(dict(os.environ), libraries=[])
nursery.open()
print(nursery._process.pid, flush=True)
sys.stdin.read()
"""
    argv = [sys.executable, "-c", asks]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT) as asking:
        assert asking.stdout is not None
        nursery = identity_of(int(asking.stdout.readline()))
        assert nursery is not None

        asking.kill()

    while identity_of(nursery.pid) == nursery:
        time.sleep(0.01)

"""Processes of ours: found again, never confused with others, always ended."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from deploy.local.errors import CannotStart
from deploy.local.processes import Process, identity_of, last_lines

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
]


@pytest.fixture
def sleeper(tmp_path: Path) -> Generator[Process]:
    process = Process("sleeper", tmp_path / "run")
    yield process
    process.kill()


def _start(process: Process, argv: list[str], folder: Path) -> int:
    pid = process.spawn(argv, log=folder / "log", cwd=folder).pid
    while "up" not in (folder / "log").read_text():
        time.sleep(0.01)
    return pid


def test_a_later_run_finds_the_process_by_its_record_and_stops_it(sleeper: Process, tmp_path: Path) -> None:
    pid = _start(sleeper, SLEEPS, tmp_path)
    later = Process("sleeper", tmp_path / "run")

    found = later.identity()

    assert found is not None
    assert found.pid == pid
    assert later.stop(grace=10)
    assert sleeper.identity() is None
    assert sleeper.exit_code == -signal.SIGTERM


def test_a_recycled_pid_is_somebody_elses(tmp_path: Path) -> None:
    with subprocess.Popen(SLEEPS, stdout=subprocess.DEVNULL) as other:
        try:
            (tmp_path / "kafka.json").write_text(json.dumps({"pid": other.pid, "born": "long ago"}))
            ours = Process("kafka", tmp_path)

            assert ours.identity() is None
            assert ours.stop(grace=1)
            assert other.poll() is None, "a process of somebody else was ended"
        finally:
            other.kill()


def test_a_record_that_a_crash_left_half_written_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "kafka.json").write_text('{"pid": 12')

    assert Process("kafka", tmp_path).identity() is None


def test_a_zombie_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        while identity_of(child.pid):
            time.sleep(0.01)
        assert Path(f"/proc/{child.pid}").exists() or sys.platform != "linux"


def test_one_that_does_not_listen_is_killed(sleeper: Process, tmp_path: Path) -> None:
    _start(sleeper, DEAF, tmp_path)

    assert not sleeper.stop(grace=0.2)
    assert sleeper.identity() is None
    assert sleeper.exit_code == -signal.SIGKILL


def test_it_runs_once_at_a_time(sleeper: Process, tmp_path: Path) -> None:
    _start(sleeper, SLEEPS, tmp_path)

    with pytest.raises(CannotStart, match="running already"):
        Process("sleeper", tmp_path / "run").spawn(SLEEPS, log=tmp_path / "log", cwd=tmp_path)


def test_one_that_is_being_stopped_is_not_started_by_a_thread_that_comes_late(sleeper: Process, tmp_path: Path) -> None:
    sleeper.retire()

    with pytest.raises(CannotStart, match="being stopped"):
        sleeper.spawn(SLEEPS, log=tmp_path / "log", cwd=tmp_path)


def test_a_program_that_is_not_there_is_a_sentence(sleeper: Process, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="sleeper cannot be run"):
        sleeper.spawn([str(tmp_path / "nothing")], log=tmp_path / "log", cwd=tmp_path)


def test_the_terminals_ctrl_c_does_not_reach_it(sleeper: Process, tmp_path: Path) -> None:
    pid = _start(sleeper, SLEEPS, tmp_path)

    assert os.getpgid(pid) != os.getpgid(0)


def test_the_end_of_a_log_is_this_runs_own(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of yesterday\n")
    before = log.stat().st_size
    log.write_text("of yesterday\n" + "".join(f"line {number}\n" for number in range(20)))

    assert last_lines(log, since=before, lines=2) == "line 18\nline 19"

"""One run per home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import run_lock
from deploy.local.errors import CannotStart
from deploy.local.layout import CHECKOUT, Home

HOLDS = """
import os, sys
from pathlib import Path
from deploy.local import run_lock
from deploy.local.layout import Home
with run_lock.held(Home(Path(sys.argv[1])).make(), {"console": 8000}):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_on_the_same_home_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path).make()

    with run_lock.held(home, {"console": 8000}):
        with pytest.raises(CannotStart, match=rf"runs already .*pid {os.getpid()}.*kith down"), run_lock.held(home, {}):
            pass
        run = run_lock.of(home)
        assert run is not None
        assert run.ports == {"console": 8000}

    assert run_lock.of(home) is None


def test_kith_up_says_so(tmp_path: Path) -> None:
    with run_lock.held(Home(tmp_path).make(), {"console": 8000}):
        second = subprocess.run(
            [sys.executable, "-m", "deploy.cli", "up"],
            env={**os.environ, "KITH_HOME": str(tmp_path)},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert second.returncode == 1
    assert second.stderr.startswith("kith: Kith runs already with the home")
    assert "Traceback" not in second.stderr


def test_a_run_that_was_killed_leaves_the_home_free(tmp_path: Path) -> None:
    home = Home(tmp_path).make()
    argv = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        assert run_lock.of(home) is not None
        first.kill()
        first.wait()

    assert run_lock.of(home) is None
    with run_lock.held(home, {}):
        pass

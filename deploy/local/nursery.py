"""Starts our Python programs as copies of a process that has the big libraries loaded already.

Six programs that each import the same libraries keep two processor cores busy for many seconds; here that is done
once, while the broker and the database start. Only libraries are loaded beforehand, so that a program that is started
again runs the code as it is in the checkout then.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.local import layout
from deploy.local.errors import CannotStart
from deploy.local.processes import Identity, identity_of

LIBRARIES = (
    *("fastapi", "fastapi.responses", "uvicorn", "uvloop", "httptools", "aiohttp", "httpx"),
    *("aiokafka", "aiokafka.admin", "faststream.kafka", "motor.motor_asyncio", "pymongo", "lz4.frame"),
    *("pydantic_settings", "structlog", "prometheus_client", "opentelemetry.sdk.trace", "cryptography"),
    *("uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on"),
    *("cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.kdf.hkdf"),
    *("jwt", "pwdlib", "phonenumbers", "email_validator", "typer", "rich.console"),
)
"""What most of our programs import. One that is missing is left to whoever needs it, and to their log."""

_REAP_EVERY = 1.0


class Nursery:
    """The side that asks: made by whoever starts programs. Safe to use from several threads."""

    def __init__(self, environment: Mapping[str, str], libraries: Sequence[str] = LIBRARIES) -> None:
        self._environment = dict(environment)
        self._libraries = libraries
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def open(self) -> None:
        """Start it, unless it runs. It ends by itself when this process does."""
        with self._asking:
            self._open()

    def _open(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        self._close_line()
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(its.fileno()), *self._libraries],
                pass_fds=(its.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                cwd=layout.CHECKOUT,
                env=self._environment,
            )
        self._line = ours

    def run(self, module: str, *arguments: str, log: Path, environment: Mapping[str, str]) -> "Copied":
        """Run a module as `python -m` does, its output added to `log`. Raises CannotStart."""
        order = {"module": module, "arguments": arguments, "log": str(log), "environment": dict(environment)}
        with self._asking:
            self._open()
            answer = self._ask(order)
        if answer is None:
            raise CannotStart(f"{module} could not be started: the process that starts the others has ended.")
        return Copied(answer["pid"], self)

    def exit_code(self, pid: int) -> int | None:
        """Tell how one of its processes ended, negative for a signal; None where it cannot tell."""
        with self._asking:
            answer = self._ask({"ended": pid})
        return answer["code"] if answer else None

    def close(self) -> None:
        """End it. What it started goes on."""
        with self._asking:
            self._close_line()
            if self._process is not None:
                self._process.terminate()
                self._process.wait()

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._line is None:
            return None
        try:
            self._line.sendall(json.dumps(question).encode() + b"\n")
            return json.loads(_line_from(self._line))
        except (OSError, ValueError):
            return None  # it has ended

    def _close_line(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Copied:
    """A process that the nursery started: a grandchild, whose end is seen by looking for it."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid = pid
        self._nursery = nursery
        self._identity: Identity | None = identity_of(pid)
        self._code: int | None = None

    def has_ended(self) -> bool:
        return self._identity is None or identity_of(self.pid) != self._identity

    def exit_code(self) -> int | None:
        if self._code is None and self.has_ended():
            self._code = self._nursery.exit_code(self.pid)  # it tells this once
        return self._code


def _line_from(line: socket.socket) -> bytes:
    received = b""
    while not received.endswith(b"\n"):
        piece = line.recv(65536)
        if not piece:
            raise ConnectionError("the other side has ended")
        received += piece
    return received


def _serve(line: socket.socket) -> dict[str, Any] | None:
    """Answer until the asking side is gone. Gives None then; and an order, in the copy that is to carry it out."""
    codes: dict[int, int] = {}
    while True:
        asked, _, _ = select.select([line], [], [], _REAP_EVERY)
        _reap(codes)
        if not asked:
            continue
        try:
            question: dict[str, Any] = json.loads(_line_from(line))
        except (OSError, ValueError):
            return None
        if "ended" in question:
            answer: dict[str, int | None] = {"code": codes.pop(question["ended"], None)}
        else:
            pid = os.fork()
            if pid == 0:
                return question
            answer = {"pid": pid}
        line.sendall(json.dumps(answer).encode() + b"\n")


def _reap(codes: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            codes[pid] = os.waitstatus_to_exitcode(status)


def _become(order: Mapping[str, Any]) -> None:
    """Turn this copy into the program: its own session, environment, output and name."""
    os.setsid()
    output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.environ.clear()
    os.environ.update(order["environment"])
    module: str = order["module"]
    arguments: Sequence[str] = order["arguments"]
    with contextlib.suppress(OSError):  # only Linux has it: what ps and top call this process
        Path("/proc/self/comm").write_text(f"kith-{module.rpartition('.')[2]}")
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    """Load the libraries that are named, then serve the socket that was handed over."""
    line = socket.socket(fileno=int(sys.argv[1]))
    for library in sys.argv[2:]:
        with contextlib.suppress(Exception):
            importlib.import_module(library)
    gc.collect()
    gc.freeze()  # the copies share what is loaded; a collection must not write to it
    order = _serve(line)
    line.close()
    if order is not None:
        _become(order)


if __name__ == "__main__":
    main()

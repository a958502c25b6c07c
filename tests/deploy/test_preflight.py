"""What the system lacks is said before anything is started."""

import stat
from pathlib import Path

import pytest

from deploy.local.errors import CannotStart
from deploy.local.mongod import binary
from deploy.local.preflight import check_mongod


def _mongod(folder: Path, script: str) -> Path:
    program = folder / "mongod"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def test_a_missing_library_is_named_with_what_brings_it(tmp_path: Path) -> None:
    said = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    program = _mongod(tmp_path, f"echo '{said}' >&2; exit 127")

    with pytest.raises(CannotStart, match=r"libcurl\.so\.4.*apt-get install libcurl4"):
        check_mongod(program)


def test_an_old_openssl_is_named(tmp_path: Path) -> None:
    said = "mongod: error while loading shared libraries: libcrypto.so.3: cannot open shared object file"
    program = _mongod(tmp_path, f"echo '{said}' >&2; exit 127")

    with pytest.raises(CannotStart, match="OpenSSL 3"):
        check_mongod(program)


def test_a_processor_without_avx_is_named(tmp_path: Path) -> None:
    program = _mongod(tmp_path, "kill -ILL $$")

    with pytest.raises(CannotStart, match="AVX"):
        check_mongod(program)


def test_whatever_else_it_says_is_passed_on(tmp_path: Path) -> None:
    program = _mongod(tmp_path, "echo 'the moon is full' >&2; exit 3")

    with pytest.raises(CannotStart, match="the moon is full"):
        check_mongod(program)


def test_ours_runs_here() -> None:
    check_mongod(binary())

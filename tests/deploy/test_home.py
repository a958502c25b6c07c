"""What a home holds, and what its processes are told."""

import os
import stat
from pathlib import Path

import pytest

from deploy.local import environment, logs, secret_key
from deploy.local.layout import CHECKOUT, Home, cache
from shared.sealing.keys import SecretKeys


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "secret-key"

    made = secret_key.of_home(place)

    assert secret_key.of_home(place) == made
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert SecretKeys(made).newest == 1


def test_what_the_operator_says_stands(tmp_path: Path) -> None:
    given = {"KITH_PORT": "9100", "KITH_MONGO": "mongodb://db.example", "KITH_TELEGRAM_API": "https://api.telegram.org"}

    told = environment.for_processes(Home(tmp_path).make(), given)

    assert told["KITH_MONGO"] == "mongodb://db.example"
    assert told["KITH_TELEGRAM_API"] == "https://api.telegram.org"
    assert told["KITH_META_API"] == "http://127.0.0.1:9105/meta/v24.0"
    assert told["KITH_KAFKA"] == "127.0.0.1:9106"
    assert told["KITH_SANDBOX_PORT"] == "9105"
    assert told["KITH_HOME"] == str(tmp_path)


def test_an_empty_setting_is_none(tmp_path: Path) -> None:
    told = environment.for_processes(Home(tmp_path).make(), {"KITH_KAFKA": "", "KITH_SECRET_KEY": ""})

    assert told["KITH_KAFKA"] == "127.0.0.1:8006"
    assert told["KITH_SECRET_KEY"].startswith("1:")


def test_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()

    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700


def test_where_a_home_and_the_cache_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")

    assert Home.of({}).root == CHECKOUT / ".kith"
    assert Home.of({"KITH_HOME": "~/kith"}).root == Path("/somewhere/kith")
    assert cache({}) == Path("/somewhere/.cache/kith")
    assert cache({"XDG_CACHE_HOME": "/c"}) == Path("/c/kith")
    assert cache({"KITH_CACHE": "/k"}) == Path("/k")


def test_a_log_that_grew_too_long_begins_anew_and_its_process_writes_on(tmp_path: Path) -> None:
    log = tmp_path / "ingest.log"
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), "wb", buffering=0) as writer:
        writer.write(b"x" * 101)
        logs.bound(tmp_path, limit=100)
        writer.write(b"on it goes")

    assert log.read_bytes() == b"on it goes"
    assert (tmp_path / "ingest.log.1").stat().st_size == 101

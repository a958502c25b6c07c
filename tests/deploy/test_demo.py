"""`kith demo`: made once, whatever interrupts it."""

import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deploy.cli import demo as making
from deploy.cli import demo_file, demo_people, demo_queue, demo_shop
from deploy.cli.demo_file import Connection
from deploy.cli.demo_people import Person
from deploy.local.layout import Home
from services.console import cli as console


class World:
    """Stands in for the console and the services, and counts what they were asked."""

    def __init__(self) -> None:
        self.users: list[str] = []
        self.keys = 0
        self.bots: list[str] = []
        self.wrote: list[str] = []
        self.asked: list[tuple[str, str, object]] = []
        self.queues: list[list[str]] = []
        self.shops = 0
        self.down_after: int | None = None

    async def add_user(self, *, email: str, **_: object) -> SimpleNamespace:
        self.users.append(email)
        return SimpleNamespace(workspace_id="ws_1")

    async def add_api_key(self, **_: object) -> SimpleNamespace:
        self.keys += 1
        return SimpleNamespace(key="kith_1_secret")

    def connect(self, _api: object, _path: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        self.bots.append(wanted["name"])
        pastes = [{"label": "Callback URL", "value": "http://k/hook"}, {"label": "Verify token", "value": "v3rify"}]
        made = {"id": f"cn_{len(self.bots)}", "secret": "s", "name": wanted["name"], "bot_id": "wk_1"}
        return {**made, "to_paste": pastes}

    def ask(self, method: str, path: str, *, json: Any) -> Any:
        self.asked.append((method, path, json))
        if path == "/api/meta/accounts":
            return {
                "account_id": f"10{len(self.asked)}",
                "token": "EAA",
                "app_secret": f"app secret of {json['channel']}",
            }
        return None

    def queue(self, _api: object, connection_ids: list[str]) -> str:
        self.queues.append(connection_ids)
        return "q_1"

    def shop(self, _api: object) -> str:
        self.shops += 1
        return "told"

    def write(self, _sandbox: str, _to: Connection, person: Person) -> str:
        if self.down_after is not None and len(self.wrote) >= self.down_after:
            raise SystemExit("the line was lost")
        self.wrote.append(person.name)
        return "1"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    made = World()
    monkeypatch.setattr(console, "add_user", made.add_user)
    monkeypatch.setattr(console, "add_api_key", made.add_api_key)
    monkeypatch.setattr(making, "post_patiently", made.connect)
    monkeypatch.setattr(making, "until_ready", lambda _seconds: None)  # pyright: ignore[reportUnknownLambdaType]
    monkeypatch.setattr(making.Api, "ask", made.ask)
    monkeypatch.setattr(demo_people, "write", made.write)
    monkeypatch.setattr(demo_queue, "make", made.queue)
    monkeypatch.setattr(demo_shop, "make", made.shop)
    monkeypatch.setenv("KITH_HOME", str(tmp_path))
    monkeypatch.delenv("KITH_META_API", raising=False)
    return made


def test_everything_is_there_afterwards_for_its_owner_alone(world: World, tmp_path: Path) -> None:
    making.demo()

    home = Home(tmp_path)
    there = demo_file.read(home)
    assert [user.role for user in there.users] == ["admin", "agent", "marketer"]
    assert len({user.password for user in there.users}) == 3
    assert there.connection("telegram").secret == "s"
    assert there.connections["widget"].site_key == "wk_1"
    assert len(there.connections["widget"].secret) >= 32
    assert there.connection("Newcomers bot").id == "cn_2"
    assert there.connections["telegram"].bot_token.startswith(f"{there.connections['telegram'].bot_id}:")
    for channel in ("whatsapp", "messenger", "instagram"):
        connection = there.connection(channel)
        assert (connection.channel, connection.secret) == (channel, f"app secret of {channel}")
        put = ("PUT", f"/api/meta/accounts/{connection.account_id}/webhook")
        assert (*put, {"url": "http://k/hook", "verify_token": "v3rify"}) in world.asked
    assert world.queues == [[connection.id for connection in there.connections.values()]]
    assert stat.S_IMODE(home.demo.stat().st_mode) == 0o600
    assert world.wrote == [person.name for person in demo_people.PEOPLE]


def test_the_second_time_nothing_happens(world: World) -> None:
    making.demo()
    making.demo()

    assert len(world.users) == 3
    assert world.keys == 1
    assert len(world.bots) == 6


def test_without_the_sandbox_as_meta_there_are_no_accounts_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KITH_META_API", "https://graph.facebook.com/v24.0")

    making.demo()

    assert set(demo_file.read(Home(tmp_path)).connections) == {"telegram", "telegram-newcomers", "widget"}
    assert world.asked == []


def test_what_was_interrupted_is_finished_and_nothing_is_made_twice(world: World, tmp_path: Path) -> None:
    world.down_after = 4
    with pytest.raises(SystemExit):
        making.demo()
    assert not Home(tmp_path).demo.exists()

    world.down_after = None
    making.demo()

    assert len(world.users) == 3
    assert len(world.bots) == 6
    assert world.wrote == [person.name for person in demo_people.PEOPLE]
    assert not (tmp_path / "demo.unfinished.json").exists()


def test_a_bot_whose_secret_was_lost_gives_way_to_a_new_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[dict[str, Any] | None] = [None]
    tokens: list[str] = []

    def connect(api: object, path: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
        if wanted["channel"] != "telegram":
            return world.connect(api, path, wanted)
        tokens.append(wanted["token"])
        return answers.pop() if answers else world.connect(api, path, wanted)

    monkeypatch.setattr(making, "post_patiently", connect)

    making.demo()

    assert len(tokens) == 3
    assert tokens[0] != tokens[1]


def test_the_addresses_follow_a_run_that_moved(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    making.demo()
    world.asked.clear()
    monkeypatch.setenv("KITH_PORT", "9300")
    for name in ("KITH_INGEST_PORT", "KITH_SANDBOX_PORT"):
        monkeypatch.delenv(name, raising=False)

    making.demo()

    there = json.loads(Home(tmp_path).demo.read_text())
    assert there["origin"] == "http://127.0.0.1:9300"
    assert there["sandbox"] == "http://127.0.0.1:9305"
    origins = {"origins": ["http://127.0.0.1:9305", "http://localhost:9305"]}
    assert world.asked == [("PATCH", "/api/ingest/connections/cn_3", origins)]


@pytest.mark.usefixtures("world")
def test_the_addresses_are_those_that_the_settings_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KITH_CONSOLE_URL", "http://console:8000/")
    monkeypatch.setenv("KITH_SANDBOX_URL", "http://sandbox:8005")

    making.demo()

    there = json.loads(Home(tmp_path).demo.read_text())
    assert (there["origin"], there["sandbox"]) == ("http://console:8000", "http://sandbox:8005")

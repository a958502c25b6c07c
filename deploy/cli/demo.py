"""`kith demo`: a workspace to look around in, made through the same doors as everybody's."""

import asyncio
import json
import os
import secrets
import string
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from deploy.cli import addresses, demo_file, demo_meta, demo_people, demo_queue, demo_shop, local
from deploy.cli.api import Api, origin_of, problem_of
from deploy.cli.output import give_up, screen
from deploy.cli.people import SCOPES
from deploy.local import layout, ports
from deploy.local.children import answers_ready
from deploy.local.layout import Home

if TYPE_CHECKING:  # it takes long to import, and few commands need it
    from shared.contracts.accounts import Role

WORKSPACE = "Demo"
SCENARIO = layout.CHECKOUT / "services" / "ingest" / "domain" / "demo_scenario.json"
USERS: "tuple[tuple[str, str, Role], ...]" = (
    ("ada@demo.kith", "Ada Admin", "admin"),
    ("agnes@demo.kith", "Agnes Agent", "agent"),
    ("mark@demo.kith", "Mark Marketer", "marketer"),
)
SITE = "widget"
BOTS = {
    "telegram": {"name": "Kith demo bot", "becomes_client": "on_contact"},
    "telegram-newcomers": {"name": "Newcomers bot", "becomes_client": "on_first_message"},
}
CONFLICT = 409
ANSWERS_WITHIN = 20.0
"""Seconds until a key that was just made is known to every service; after them a refusal is meant."""

_TOKEN_LETTERS = string.ascii_letters + string.digits + "_-"

Wait = Annotated[float, typer.Option(help="Seconds to wait for the services and the sandbox.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing of what is there already.")]


def demo(*, quiet: Quiet = False, wait: Wait = 15.0) -> None:
    """Make demo data: users, bots, a website, a queue and some people who wrote. Does nothing the second time."""
    home = local.settle()
    origin, sandbox = origin_of(home), addresses.of("sandbox", ports.of_environment())
    if home.demo.exists():
        _refresh(home, origin, sandbox, wait)
        if not quiet:
            screen.print(f"The demo data is there: {home.demo}", markup=False)
        return
    _Making(home, origin, sandbox, wait).all()
    screen.print(f"The demo data is made: {home.demo}", markup=False)


def _refresh(home: Home, origin: str, sandbox: str, wait: float) -> None:
    """Put the addresses right, where this run has other ports than the one that made the demo."""
    there = demo_file.read(home)
    if (there.origin, there.sandbox) != (origin, sandbox):
        site = there.connections.get(SITE)
        if site is not None:
            until_ready(wait)
            path = f"/api/ingest/connections/{site.id}"
            Api(origin, there.api_key).ask("PATCH", path, json={"origins": site_origins(sandbox)})
        demo_file.write(home.demo, {**asdict(there), "origin": origin, "sandbox": sandbox})


class _Making:
    """Makes the demo step by step. What is done is written down at once: after a crash the rest is made, no more."""

    def __init__(self, home: Home, origin: str, sandbox: str, wait: float) -> None:
        self._home = home
        self._origin = origin
        self._sandbox = sandbox
        self._wait = wait
        self._place = home.root / "demo.unfinished.json"
        self._done: dict[str, Any] = json.loads(self._place.read_text()) if self._place.exists() else {}

    def all(self) -> None:
        """Make what is missing, then the file that everybody reads."""
        users = [self._user(*user) for user in USERS]
        workspace_id: str = users[0]["workspace_id"]
        key: str = self._step("key", lambda: self._key(workspace_id))
        until_ready(self._wait)
        api = Api(self._origin, key)
        bots = {name: self._step(f"bot {name}", lambda n=name: self._connect(api, n)) for name in BOTS}
        site = self._step(SITE, lambda: self._connect_site(api))
        meta = {name: self._step(name, lambda n=name: self._connect_meta(api, n)) for name in self._of_meta()}
        connections = {name: demo_file.Connection(**made) for name, made in {**bots, SITE: site, **meta}.items()}
        self._step("queue", lambda: demo_queue.make(api, [connection.id for connection in connections.values()]))
        for person in demo_people.PEOPLE:
            to = connections.get(person.to)
            if to is not None:
                step = f"person {person.name} at {person.to}"
                self._step(step, lambda p=person, c=to: demo_people.write(self._sandbox, c, p))
        self._step("shop", lambda: demo_shop.make(api))
        finished = demo_file.DemoFile(
            origin=self._origin,
            workspace_id=workspace_id,
            api_key=key,
            users=[demo_file.User(user["email"], user["password"], user["role"]) for user in users],
            connections=connections,
            sandbox=self._sandbox,
        )
        demo_file.write(self._home.demo, asdict(finished))
        self._place.unlink(missing_ok=True)

    def _step(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401  JSON
        if name not in self._done:
            self._done[name] = make()
            demo_file.write(self._place, self._done)
        return self._done[name]

    def _user(self, email: str, name: str, role: "Role") -> dict[str, Any]:
        from services.console import cli as console
        from shared.web.problems import ProblemError

        password: str = self._step(f"password {email}", lambda: secrets.token_urlsafe(12))

        def make() -> dict[str, Any]:
            add = console.add_user(email=email, password=password, name=name, role=role, workspace_name=WORKSPACE)
            try:
                workspace_id = asyncio.run(add).workspace_id
            except ProblemError as refusal:
                if refusal.status != CONFLICT:
                    give_up(str(refusal))
                workspace_id = self._workspace_of(email, password)
            return {"email": email, "password": password, "role": role, "workspace_id": workspace_id}

        return self._step(f"user {email}", make)

    def _workspace_of(self, email: str, password: str) -> str:
        """Ask whose workspace it is, as a user whom an interrupted run has added."""
        until_ready(self._wait)
        asked = {"email": email, "password": password}
        return Api(self._origin).ask("POST", "/api/console/sign-in", json=asked)["user"]["workspace_id"]

    def _key(self, workspace_id: str) -> str:
        from services.console import cli as console

        made = asyncio.run(console.add_api_key(workspace_id=workspace_id, name="Demo", scopes=list(SCOPES)))
        return made.key

    def _connect(self, api: Api, name: str) -> dict[str, Any]:
        token: str = self._step(f"token {name}", _bot_token)
        scenario = {"scenario": json.loads(SCENARIO.read_text())} if name == "telegram" else {}
        wanted = {"channel": "telegram", "token": token, **BOTS[name], **scenario}
        made = post_patiently(api, "/api/ingest/connections", wanted)
        if made is None:  # an interrupted run connected it; its secret was told then, and is told no more
            del self._done[f"token {name}"]
            return self._connect(api, name)
        return {
            "id": made["id"],
            "secret": made["secret"],
            "bot_token": token,
            "bot_id": int(token.partition(":")[0]),
            "name": made["name"],
        }

    def _connect_site(self, api: Api) -> dict[str, Any]:
        """Connect the demo website, which the sandbox serves."""
        secret: str = self._step("secret of the site", lambda: secrets.token_urlsafe(32))
        wanted = {
            "channel": "widget",
            "name": "Demo website",
            "origins": site_origins(self._sandbox),
            "site_secret": secret,
            "scenario": json.loads(SCENARIO.read_text()),
        }
        made = post_patiently(api, "/api/ingest/connections", wanted)
        if made is None:
            give_up("A website that was just made was there already: start `kith demo` again.")
        site_key: str = made["bot_id"]
        return {"id": made["id"], "secret": secret, "channel": SITE, "site_key": site_key, "name": made["name"]}

    def _of_meta(self) -> list[str]:
        """Name Meta's channels, unless an operator's setting says that Kith speaks to Meta itself."""
        api = os.environ.get("KITH_META_API") or self._sandbox
        return list(demo_meta.CHANNELS) if api.startswith(self._sandbox) else []

    def _connect_meta(self, api: Api, channel: str) -> dict[str, Any]:
        """Connect an account that the sandbox makes, and set its webhook as somebody does on Meta's pages."""
        step = f"account {channel}"
        account = self._step(step, lambda: demo_meta.account(self._sandbox, channel))
        wanted = {**demo_meta.credentials(channel, account), "scenario": json.loads(SCENARIO.read_text())}
        made = post_patiently(api, "/api/ingest/connections", wanted)
        if made is None:  # an interrupted run connected it; what is to be pasted was told then
            del self._done[step]
            return self._connect_meta(api, channel)
        return demo_meta.paste(self._sandbox, channel, account, made)


def site_origins(sandbox: str) -> list[str]:
    """Name the demo website's origins: people type `localhost` for 127.0.0.1."""
    port = urlsplit(sandbox).port
    return [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]


def post_patiently(api: Api, path: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Post, and try again while the services still hear of the key. None for what is there already."""
    until = time.monotonic() + ANSWERS_WITHIN
    while True:
        answer = api.try_once("POST", path, json=wanted)
        if answer.is_success:
            return answer.json()
        if answer.status_code == CONFLICT:
            return None
        if answer.status_code not in {401, 403, 502, 503} or time.monotonic() > until:
            give_up(f"POST {path} was refused ({answer.status_code}): {problem_of(answer)}")
        time.sleep(0.1)


def until_ready(seconds: float) -> None:
    """Wait for all that the demo goes through; users and keys are made before that, without the services."""
    until = time.monotonic() + seconds
    numbers = ports.of_environment()
    for name in ("console", "ingest", "notification", "sandbox"):
        while not answers_ready(addresses.of(name, numbers)):
            if time.monotonic() > until:
                give_up(f"{name} is not ready: `kith up` starts it, `kith status` shows it.")
            time.sleep(0.05)


def _bot_token() -> str:
    """Make a token of Telegram's form, which the sandbox takes for a bot's."""
    letters = "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(35))
    return f"{7_000_000_000 + secrets.randbelow(1_000_000_000)}:{letters}"

"""A whole Kith, started as `make run` starts it, on ports and in a home of its own."""

import asyncio
import itertools
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from deploy.local import ports

ROOT = Path(__file__).parents[2]
READY_SECONDS = 240
SOON = 30.0
"""Seconds to wait for what should come within one: a slow machine is no fault of Kith's."""
T = TypeVar("T")
UPDATE_IDS = itertools.count(int(time.time()) * 100)


class Kith:
    """What people and providers may do with a running Kith, in their words."""

    def __init__(
        self,
        home: Path,
        process: asyncio.subprocess.Process,
        session: aiohttp.ClientSession,
        numbers: Mapping[str, int],
        environment: Mapping[str, str],
    ) -> None:
        demo: dict[str, Any] = json.loads((home / "demo.json").read_text(encoding="utf-8"))
        self.home = home
        self.process = process
        self.session = session
        self.ports = dict(numbers)
        self._environment = dict(environment)
        self.origin: str = demo["origin"]
        self.workspace_id: str = demo["workspace_id"]
        self.sandbox: str = demo["sandbox"]
        self.api_key: str = demo["api_key"]
        self.users: dict[str, dict[str, str]] = {user["role"]: user for user in demo["users"]}
        self.connections: dict[str, dict[str, Any]] = demo["connections"]
        self.bot: dict[str, Any] = demo["connections"]["telegram"]
        self.site: dict[str, Any] = demo["connections"]["widget"]
        self.newcomers_bot: dict[str, Any] = demo["connections"]["telegram-newcomers"]

    async def get(self, path: str, *, key: str | None = None, **query: Any) -> tuple[int, Any]:
        """Ask the API; returns status and body."""
        return await self.call("GET", path, key=key, query=query)

    async def token(self, role: str) -> str:
        """Sign in as a demo user of a role; the token is good for five minutes, as a key is."""
        who = {"email": self.users[role]["email"], "password": self.users[role]["password"]}
        async with self.session.post(f"{self.origin}/api/console/sign-in", json=who) as answer:
            token: str = (await answer.json())["access_token"]
            return token

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> tuple[int, Any]:
        """Call the API with the demo's key, or another one."""
        headers = {"Authorization": f"Bearer {key or self.api_key}"}
        async with self.session.request(
            method, f"{self.origin}{path}", json=body, params=query, headers=headers
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def hook(self, update: Any, *, bot: Mapping[str, Any] | None = None, secret: str | None = None) -> int:
        """Deliver a webhook as Telegram does; returns the status."""
        status, _ = await self.hook_answer(update, bot=bot, secret=secret)
        return status

    async def hook_answer(
        self, update: Any, *, bot: Mapping[str, Any] | None = None, secret: str | None = None
    ) -> tuple[int, Any]:
        """Deliver a webhook; returns status and body. `update` may be bytes that are no update at all."""
        bot = bot or self.bot
        data = update if isinstance(update, bytes) else json.dumps(update).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": bot["secret"] if secret is None else secret,
        }
        async with self.session.post(f"{self.origin}/hooks/telegram/{bot['id']}", data=data, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def say(self, chat_id: int, what: Mapping[str, Any], *, bot: Mapping[str, Any] | None = None) -> Any:
        """Write as a person, through the sandbox."""
        bot = bot or self.bot
        address = f"{self.sandbox}/api/telegram/bots/{bot['bot_id']}/chats/{chat_id}/say"
        async with self.session.post(address, json=what) as answer:
            body = await answer.json()
            assert answer.status < 300, body
            return body

    async def answers(self, chat_id: int, *, bot: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return what the bot has said in a chat, oldest first."""
        bot = bot or self.bot
        address = f"{self.sandbox}/api/telegram/bots/{bot['bot_id']}/chats/{chat_id}/messages"
        async with self.session.get(address) as answer:
            items: list[dict[str, Any]] = (await answer.json())["items"]
            return [item for item in items if item["from"] == "bot"]

    async def visitor(self, chat_id: int) -> dict[str, Any] | None:
        """Find somebody in Without Contacts."""
        _, found = await self.get("/api/identity/chat-contacts", profile="none", search=str(chat_id))
        return found["items"][0] if found["items"] else None

    async def contact(self, chat_id: int) -> dict[str, Any] | None:
        """Find a chat contact, whether a client or not."""
        _, found = await self.get("/api/identity/chat-contacts", profile="any", search=str(chat_id))
        return found["items"][0] if found["items"] else None

    async def metrics(self, service: str) -> dict[str, float]:
        """Read a service's metrics, by name and labels."""
        async with self.session.get(f"http://127.0.0.1:{self.ports[service]}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}

    async def processes(self) -> dict[str, dict[str, Any]]:
        """Return what `kith status --json` tells of each process, by name."""
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", "status", "--json"),
            cwd=ROOT,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asked.communicate()
        return {row["name"]: row for row in json.loads(out)["processes"]}

    async def command(self, *words: str) -> Any:
        """Run `kith … --json` on this Kith; returns what it printed. What it says on its error line fails the test."""
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", *words, "--json"),
            cwd=ROOT,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, trouble = await asked.communicate()
        assert asked.returncode == 0, trouble.decode()
        return json.loads(out)

    async def kill(self, name: str) -> None:
        """End a process as `kill -9` does; the supervisor starts it again."""
        pid = (await self.processes())[name]["pid"]
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    async def until_ready(self, seconds: float = 120.0) -> None:
        """Wait until every process is ready again."""
        await until(self._all_ready, seconds)

    async def _all_ready(self) -> bool:
        return all(row["ready"] for row in (await self.processes()).values())


async def until(ask: Callable[[], Awaitable[T | None]], seconds: float = SOON) -> T:
    """Ask again and again until the answer is true or not empty; returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = await ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"nothing within {seconds:.0f} s: {ask}")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def a_kith(**more: str) -> AsyncGenerator[Kith]:
    """Start everything with demo data; stop it as Ctrl-C does."""
    with tempfile.TemporaryDirectory(prefix="kith-") as folder:
        home = Path(folder)
        numbers = dict(zip(ports.SETTINGS, ports.free(len(ports.SETTINGS)), strict=True))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
        environment |= {setting: str(numbers[name]) for name, setting in ports.SETTINGS.items()}
        if "KITH_CACHE" in os.environ:
            environment["KITH_CACHE"] = os.environ["KITH_CACHE"]
        environment |= {"KITH_HOME": str(home), "KITH_DEMO": "1", **more}
        log = home / "up.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deploy.cli", "up"), cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            await _until_up(process, home, log)
            async with aiohttp.ClientSession() as session:
                yield Kith(home, process, session, numbers, environment)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
                await process.wait()


async def _until_up(process: asyncio.subprocess.Process, home: Path, log: Path) -> None:
    for _ in range(READY_SECONDS * 10):
        if process.returncode is not None:
            break
        if (home / "demo.json").exists() and "is up" in _said(log):
            return
        await asyncio.sleep(0.1)
    raise RuntimeError(f"Kith did not come up:\n{_said(log)[-4000:]}")


def _said(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")

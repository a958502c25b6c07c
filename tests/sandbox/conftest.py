"""A sandbox as it really runs: its own process, over HTTP, on a free port and in a folder of its own."""

import asyncio
import os
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Sandbox:
    """One run of the sandbox, which can be killed and started again over the same state."""

    home: Path
    port: int
    session: aiohttp.ClientSession
    environment: dict[str, str] = field(default_factory=dict[str, str])
    process: asyncio.subprocess.Process | None = None
    mail_port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        settings = {
            "KITH_HOME": str(self.home),
            "KITH_SANDBOX_PORT": str(self.port),
            "KITH_SANDBOX_MAIL_PORT": str(self.mail_port),
            "KITH_SANDBOX_FIRST_RETRY": "0.05",
        }
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.sandbox",
            cwd=ROOT, env={**os.environ, **settings, **self.environment}, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            try:
                async with self.session.get(f"{self.address}/health/ready") as ready:
                    if ready.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.05)
        raise AssertionError("the sandbox did not become ready in 30 s")

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await self.process.wait()

    async def ask(self, method: str, path: str, **how: Any) -> Answer:
        async with self.session.request(method, self.address + path, **how) as answer:
            return Answer(answer.status, await answer.json(content_type=None), dict(answer.headers))

    def bot(self) -> "Bot":
        bot_id = secrets.randbelow(10**9) + 10**9
        return Bot(self, bot_id, f"{bot_id}:{secrets.token_hex(18)[:35]}")


@dataclass
class Bot:
    """A bot's side and its people's side of the sandbox."""

    sandbox: Sandbox
    id: int
    token: str

    async def call(self, method: str, **parameters: Any) -> Answer:
        return await self.sandbox.ask("POST", f"/telegram/bot{self.token}/{method}", json=parameters)

    async def ok(self, method: str, **parameters: Any) -> Any:
        answer = await self.call(method, **parameters)
        assert answer.status == 200, answer.body
        assert answer.body["ok"] is True
        return answer.body["result"]

    async def says(self, chat: int, **what: Any) -> Any:
        """Do something as a person; the outcome."""
        answer = await self.sandbox.ask("POST", f"/api/telegram/bots/{self.id}/chats/{chat}/say", json=what)
        assert answer.status == 200, answer.body
        return answer.body

    async def met(self, chat: int = 5551) -> "Bot":
        """Let somebody write to the bot first."""
        await self.ok("getMe")
        await self.says(chat, text="hi", wait=0)
        return self

    async def faults(self, *rules: dict[str, Any], **more: Any) -> Any:
        put = await self.sandbox.ask("PUT", f"/api/telegram/bots/{self.id}/faults", json={"rules": list(rules), **more})
        assert put.status == 200, put.body
        return put.body

    async def requests(self, **wanted: Any) -> list[dict[str, Any]]:
        wanted = {"bot_id": self.id, **wanted}
        return (await self.sandbox.ask("GET", "/api/telegram/requests", params=wanted)).body["items"]

    async def messages(self, chat: int = 5551) -> list[dict[str, Any]]:
        path = f"/api/telegram/bots/{self.id}/chats/{chat}/messages"
        return (await self.sandbox.ask("GET", path)).body["items"]


@dataclass
class Hook:
    """A webhook of ours: keeps what it is sent, answers as told."""

    url: str
    updates: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    secrets: list[str | None] = field(default_factory=list[str | None])
    answers: list[int] = field(default_factory=list[int])
    """Statuses of the next answers; 200 when there are none left."""

    async def take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def received(self, count: int) -> list[dict[str, Any]]:
        for _ in range(2000):
            if len(self.updates) >= count:
                return self.updates
            await asyncio.sleep(0.01)
        raise AssertionError(f"{len(self.updates)} of {count} updates came within 20 s")


@pytest.fixture
async def start_sandbox(tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Sandbox]]]:
    started: list[Sandbox] = []
    async with aiohttp.ClientSession() as session:

        async def start(**environment: str) -> Sandbox:
            sandbox = Sandbox(tmp_path / f"home{len(started)}", free_port(), session, environment)
            started.append(sandbox)
            await sandbox.start()
            return sandbox

        yield start
        for sandbox in started:
            await sandbox.stop()


@pytest.fixture(scope="session")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    """One sandbox for all tests that do not stop it; each test has bots of its own."""
    async with aiohttp.ClientSession() as session:
        running = Sandbox(tmp_path_factory.mktemp("sandbox"), free_port(), session)
        await running.start()
        yield running
        assert await running.stop() == 0


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    port = free_port()
    made = Hook(f"http://127.0.0.1:{port}/hooks/telegram/c1")
    application = web.Application()
    application.router.add_post("/hooks/telegram/c1", made.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield made
    await runner.cleanup()

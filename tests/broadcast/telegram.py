"""A stand-in for Telegram's side that does what a test tells it to, and keeps every request."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Answer = Callable[["Request"], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class Request:
    """One request as it arrived. `at` is of the monotonic clock."""

    at: float
    token: str
    method: str
    body: dict[str, Any]
    ledger_id: str | None
    http: web.Request

    @property
    def chat(self) -> str:
        return str(self.body.get("chat_id"))


def ok(number: int) -> web.Response:
    return web.json_response({"ok": True, "result": {"message_id": number, "date": 0}})


def refused(code: int, words: str, **parameters: Any) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": words}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


@dataclass
class Telegram:
    """`answer` decides about each `sendMessage`; by default all are accepted."""

    api: str = ""
    requests: list[Request] = field(default_factory=list[Request])
    answer: Answer | None = None
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the test is over, so that a silence ends."""

    @property
    def sent(self) -> list[Request]:
        return [request for request in self.requests if request.method == "sendMessage"]

    def ledger_ids(self) -> list[str]:
        return [request.ledger_id or "" for request in self.sent]

    def to(self, chat: str) -> list[Request]:
        return [request for request in self.sent if request.chat == chat]

    async def silence(self, _request: Request) -> web.StreamResponse:
        await self.release.wait()
        return ok(0)

    async def handle(self, http: web.Request) -> web.StreamResponse:
        arrived = time.monotonic()
        body = await http.json()
        request = Request(
            arrived,
            http.match_info["token"],
            http.match_info["method"],
            body,
            http.headers.get("X-Kith-Ledger-Id"),
            http,
        )
        self.requests.append(request)
        if request.method == "sendMessage" and self.answer is not None:
            return await self.answer(request)
        if request.method == "answerCallbackQuery":
            return web.json_response({"ok": True, "result": True})
        return ok(len(self.requests))


@asynccontextmanager
async def a_telegram() -> AsyncGenerator[Telegram]:
    telegram = Telegram()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", telegram.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    telegram.api = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield telegram
    finally:
        telegram.release.set()
        await runner.cleanup()

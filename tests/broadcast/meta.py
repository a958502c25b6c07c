"""A stand-in for Meta's side that does what a test tells it to, and keeps every request."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "EAAB-the-accounts-own-token"
APP_SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(slots=True)
class Request:
    """One request as it arrived."""

    account_id: str
    body: dict[str, Any]
    http: web.Request


Answer = Callable[[Request], Awaitable[web.StreamResponse]]


def ok(number: int, *, whatsapp: bool) -> web.Response:
    id_ = f"wamid.{number}" if whatsapp else f"m_{number}"
    return web.json_response(
        {"messaging_product": "whatsapp", "messages": [{"id": id_}]} if whatsapp else {"message_id": id_}
    )


def error(status: int, code: int, words: str = "no", **more: Any) -> web.Response:
    return web.json_response({"error": {"message": words, "code": code, **more}}, status=status)


@dataclass
class Meta:
    """`answer` decides about each message; by default all are accepted."""

    api: str = ""
    requests: list[Request] = field(default_factory=list[Request])
    answer: Answer | None = None

    async def handle(self, http: web.Request) -> web.StreamResponse:
        request = Request(http.match_info["id"], await http.json(), http)
        self.requests.append(request)
        if self.answer is not None:
            return await self.answer(request)
        return ok(len(self.requests), whatsapp="messaging_product" in request.body)

    def bodies(self) -> list[dict[str, Any]]:
        return [request.body for request in self.requests]


@asynccontextmanager
async def a_meta() -> AsyncGenerator[Meta]:
    meta = Meta()
    app = web.Application()
    app.router.add_post("/v24.0/{id}/messages", meta.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    meta.api = f"http://127.0.0.1:{runner.addresses[0][1]}/v24.0"
    try:
        yield meta
    finally:
        await runner.cleanup()

"""Requests that belong to another service go on to it, and its answers come back, as they are."""

import asyncio
import gzip
import io
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from deploy.local import ports
from services.console.routes.hand_on import HandOn, Onward
from services.console.routes.wire import LiveEnds
from tests.console.running import serving
from tests.console.upstream import Upstream


async def _own(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"own": scope["path"]})(scope, receive, send)


@asynccontextmanager
async def _in_front_of(address: str, live_ends: LiveEnds | None = None) -> AsyncGenerator[str]:
    never = asyncio.Event()
    names = ("ingest", "identity", "notification", "broadcast")
    onward = Onward(dict.fromkeys(names, address), live_ends or never.wait)
    async with onward.running(), serving(HandOn(_lifeless(_own), onward=onward)) as origin:
        yield origin


def _lifeless(app: Any) -> Any:
    """Let an app without a lifespan be served."""

    async def found(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan")
        await app(scope, receive, send)

    return found


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
async def origin(upstream: Upstream) -> AsyncGenerator[str]:
    async with serving(upstream.app) as address, _in_front_of(address) as found:
        yield found


@pytest.fixture
async def browser(origin: str) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(origin, auto_decompress=False) as found:
        yield found


async def test_a_request_arrives_as_it_was_sent(browser: aiohttp.ClientSession, origin: str) -> None:
    headers = {
        "Authorization": "Bearer t",
        "X-Telegram-Bot-Api-Secret-Token": "s",
        "Connection": "keep-alive, X-Private",
        "X-Private": "1",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=evil",
        "TE": "trailers",
    }
    async with browser.post("/hooks/telegram/c%201?a=b%20c&a=d", data=b"{}", headers=headers) as answer:
        found = await answer.json()

    assert (found["method"], found["path"], found["query"]) == ("POST", "/hooks/telegram/c%201", "a=b%20c&a=d")
    got = found["headers"]
    assert (got["authorization"], got["x-telegram-bot-api-secret-token"]) == ("Bearer t", "s")
    assert not {"x-private", "forwarded", "te", "cookie"} & set(got)
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "http"
    assert got["x-forwarded-host"] == origin.removeprefix("http://")
    assert answer.headers["x-own"] == "yes"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_any_method_and_status_go_through(browser: aiohttp.ClientSession, method: str) -> None:
    async with browser.request(method, "/api/ingest/echo?teapot=1") as answer:
        assert answer.status == 418
        assert (await answer.json())["method"] == method


@pytest.mark.parametrize(
    "path", ["/", "/clients", "/api/console/me", "/api/unknown/x", "/apiingest", "/hooksy", "/widget.js"]
)
async def test_the_rest_is_the_consoles_own(browser: aiohttp.ClientSession, path: str) -> None:
    async with browser.get(path) as answer:
        assert await answer.json() == {"own": path}


async def test_big_bodies_flow_both_ways(browser: aiohttp.ClientSession) -> None:
    sent = bytes(range(256)) * 40_000

    async def parts() -> AsyncIterator[bytes]:
        for begin in range(0, len(sent), 100_000):
            yield sent[begin : begin + 100_000]

    for data in (io.BytesIO(sent), parts()):
        async with browser.post("/api/ingest/echo", data=data) as answer:
            found = await answer.json()
            assert (found["length"], found["sum"]) == (len(sent), sum(sent) % 1_000_003)
    async with browser.get("/api/ingest/big") as answer:
        assert len(await answer.read()) == 20_000_000


async def test_a_body_that_is_too_large_gets_the_services_own_413(browser: aiohttp.ClientSession) -> None:
    for _ in range(5):
        async with browser.post("/api/ingest/limited", data=io.BytesIO(b"x" * 3_000_000)) as answer:
            assert answer.status == 413
            assert await answer.json(content_type=None) == {"title": "Too large"}


async def test_what_is_packed_stays_packed_and_redirects_are_the_callers(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/api/ingest/packed") as answer:
        assert gzip.decompress(await answer.read()) == b"packed"
    async with browser.get("/api/ingest/elsewhere", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["location"]) == (307, "http://192.0.2.1/")
    async with browser.get("/api/ingest/nothing") as answer:
        assert (answer.status, await answer.read()) == (204, b"")
    async with browser.get("/api/ingest/missing") as answer:
        assert answer.status == 404
    async with browser.head("/api/ingest/packed") as answer:
        assert answer.status == 200


async def test_events_come_through_one_by_one(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/api/notification/live?ends=1") as answer:
        assert answer.content_type == "text/event-stream"
        late = [
            time.monotonic() - float(line.removeprefix(b"data: "))
            async for line in answer.content
            if line.startswith(b"data: ") and line.strip() != b"data: {}"
        ]

    assert len(late) == 3
    assert min(late) < 0.09  # each came before the next was sent, not all at the end


async def test_a_service_hears_at_once_that_the_browser_has_gone(
    browser: aiohttp.ClientSession, upstream: Upstream
) -> None:
    async with browser.get("/api/notification/live") as answer:
        await answer.content.readline()
        answer.close()
    await asyncio.wait_for(upstream.hung_up.wait(), 5)


async def test_live_streams_end_when_the_console_is_stopped(upstream: Upstream) -> None:
    stopping = asyncio.Event()
    async with serving(upstream.app) as address, _in_front_of(address, stopping.wait) as origin:
        async with aiohttp.ClientSession(origin) as browser, browser.get("/api/notification/live") as answer:
            await answer.content.readline()
            stopping.set()
            rest = await asyncio.wait_for(answer.read(), 5)
        await asyncio.wait_for(upstream.hung_up.wait(), 5)

    assert rest is not None


async def test_an_answer_that_breaks_off_is_not_taken_for_whole(browser: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.ClientError):
        async with browser.get("/api/ingest/cut-off") as answer:
            await answer.read()


async def test_a_service_that_is_away_is_said_to_be() -> None:
    (nobody,) = ports.free(1)
    async with _in_front_of(f"http://127.0.0.1:{nobody}") as origin, httpx.AsyncClient(base_url=origin) as browser:
        for path in ("/api/identity/clients", "/hooks/telegram/x", "/widget/wk_1/stream", "/f/fk_1", "/u/k1.x"):
            answer = await browser.post(path, content=b"{}")
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "2"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
            assert "away" in answer.json()["detail"]


async def test_a_path_that_leads_elsewhere_is_refused(origin: str) -> None:
    host, port = origin.removeprefix("http://").split(":")
    for path in ("/api/ingest/../../metrics", "/api/ingest/%2e%2e/metrics", "/hooks/../health/ready"):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert b" 404 " in await reader.readline()
        writer.close()
        await writer.wait_closed()

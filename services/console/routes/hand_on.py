"""Hands requests on to the other services, so that a local run has one origin. Elsewhere an ingress does this.

Nothing is gathered on the way: bodies flow through as they come, live streams among them.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send
from yarl import URL

from services.console.routes.wire import (
    LiveEnds,
    RequestBody,
    body_length,
    is_live,
    request_headers,
    response_headers,
    send_whole,
    stream,
)
from shared.web.problems import ProblemError, answer
from shared.web.request_id import RequestIds

log = structlog.get_logger(__name__)

HANDED_ON = Counter("kith_handed_on_total", "Requests handed on to a service, by how it answered.", ["to", "status"])

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 60.0
IDLE_SECONDS = 30.0
"""For how long an unused connection is kept: less than the services keep theirs, so that none closes under us."""
GATHERED_BYTES = 64 * 1024
"""Bodies up to this size go on in one piece."""
_AWAY = (aiohttp.ClientConnectionError, ConnectionError)


class Onward:
    """The connections to the other services."""

    def __init__(self, upstreams: Mapping[str, str], live_ends: LiveEnds) -> None:
        self._places = {f"/api/{name}": (name, address) for name, address in upstreams.items()}
        self._public = ("ingest", upstreams["ingest"])
        """What providers and visitors of websites ask, who know nothing of services."""
        self._preferences = ("identity", upstreams["identity"])
        """Where people choose what to be sent, without an account."""
        self._live_ends = live_ends
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Hold the pool of connections."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as self._session:
            yield

    def place_of(self, path: str) -> tuple[str, str] | None:
        """Return the service that a path belongs to, and its address; None for what is the console's own."""
        if path.startswith("/api/"):
            end = path.find("/", len("/api/"))
            return self._places.get(path if end < 0 else path[:end])
        if path.startswith("/u/"):
            return self._preferences
        return self._public if path.startswith(("/hooks/", "/widget/", "/f/")) else None

    async def pass_on(self, place: tuple[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with what its service answers. Raises `ProblemError` where it gives no answer."""
        name, address = place
        body = RequestBody(receive, body_length(scope))
        given = await body.gathered(GATHERED_BYTES)
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as limit:
                response = await self._ask(scope, address, given if given is not None else _moving(body.parts(), limit))
        except TimeoutError as error:
            HANDED_ON.labels(name, "none").inc()
            if isinstance(error, _AWAY):  # aiohttp's time-out of a connect is both
                raise _away(name) from error
            raise ProblemError(504, "took-too-long", f"{name} gave no answer in time. Try again.") from error
        except _AWAY as error:
            if body.gone:
                return
            HANDED_ON.labels(name, "none").inc()
            log.warning("a service is away", to=name, error=type(error).__name__)
            raise _away(name) from error
        HANDED_ON.labels(name, f"{response.status // 100}xx").inc()
        try:
            await self._give_back(response, body, send)
        finally:
            if body.complete and response.content.at_eof():
                response.release()
            else:
                response.close()

    async def _ask(
        self, scope: Scope, address: str, data: bytes | AsyncIterator[bytes] | None
    ) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("not running")
        query = scope["query_string"]
        target = f"{address}{_raw_path(scope)}{'?' + query.decode('latin-1') if query else ''}"
        return await self._session.request(
            scope["method"],
            URL(target, encoded=True),
            headers=request_headers(scope),
            data=data or None,
            allow_redirects=False,
        )

    async def _give_back(self, response: aiohttp.ClientResponse, body: RequestBody, send: Send) -> None:
        start = {"type": "http.response.start", "status": response.status, "headers": response_headers(response)}
        live = is_live(response)
        length = response.content_length
        if not live and length is not None and length <= GATHERED_BYTES:
            await send_whole(response, start, send)
            return
        await send(start)
        await stream(response, body, send, ends=self._live_ends if live else None)


async def _moving(parts: AsyncIterator[bytes], limit: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Give the service its time from the last part on: a large file on a slow line takes minutes to come."""
    clock = asyncio.get_running_loop()
    async for part in parts:
        limit.reschedule(clock.time() + ANSWER_SECONDS)
        yield part


def _raw_path(scope: Scope) -> str:
    """Return the path as it was sent. One that leads elsewhere than it says is nobody's."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    if not raw.isascii() or {".", ".."} & set(scope["path"].split("/")):
        raise ProblemError(404, "not-found", "There is nothing at this address.")
    return raw.decode()


def _away(name: str) -> ProblemError:
    return ProblemError(
        503,
        "away",
        f"The service {name} is away for a moment. Nothing was changed; try again.",
        headers={"Retry-After": "2"},
    )


class HandOn:
    """Lets the console's own requests through to its app, and hands on the others."""

    def __init__(self, app: ASGIApp, *, onward: Onward) -> None:
        self._app = app
        self._onward = onward

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = self._onward.place_of(scope["path"]) if scope["type"] == "http" else None
        if place is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._onward.pass_on(place, scope, receive, send)
        except ProblemError as problem:
            await _tell(problem, scope, receive, send)


async def _tell(problem: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem of our own, with an id as every answer has."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(problem)(scope, receive, send)

    await RequestIds(app)(scope, receive, send)

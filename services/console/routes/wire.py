"""The two ends of a request that is handed on: headers, bodies, and when to let go."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from multidict import CIMultiDict
from starlette.types import Receive, Scope, Send

LiveEnds = Callable[[], Awaitable[object]]
"""Waits until live streams have to end: the process is being stopped."""

_HOP_BY_HOP = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection",
        b"te", b"trailer", b"transfer-encoding", b"upgrade",
    }
)  # fmt: skip
_OURS = frozenset({b"host", b"expect", b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"})
"""Said anew by us, or of no meaning behind us."""


def _named_in_connection(headers: list[tuple[bytes, bytes]]) -> set[bytes]:
    return {name.strip().lower() for key, value in headers if key == b"connection" for name in value.split(b",")}


def request_headers(scope: Scope) -> CIMultiDict[str]:
    """Return what goes on: everything but what concerns this connection alone, and who asks."""
    given: list[tuple[bytes, bytes]] = scope["headers"]
    dropped = _HOP_BY_HOP | _OURS | _named_in_connection(given)
    kept = CIMultiDict(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in given if name not in dropped
    )
    host = next((value.decode("latin-1") for name, value in given if name == b"host"), None)
    if scope.get("client"):
        kept["X-Forwarded-For"] = scope["client"][0]
    kept["X-Forwarded-Proto"] = scope["scheme"]
    if host is not None:
        kept["X-Forwarded-Host"] = host
    return kept


def response_headers(response: aiohttp.ClientResponse) -> list[tuple[bytes, bytes]]:
    """Return what goes back, its names in lower case as ASGI wants them."""
    given = [(name.lower(), value) for name, value in response.raw_headers]
    dropped = _HOP_BY_HOP | _named_in_connection(given)
    return [(name, value) for name, value in given if name not in dropped]


def body_length(scope: Scope) -> int | None:
    """Return how long a request's body is: 0 for none, None where only its end will tell."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
        if name == b"transfer-encoding":
            return None
    return 0


def is_live(response: aiohttp.ClientResponse) -> bool:
    """Tell whether an answer is a stream of events, which ends when somebody ends it."""
    return response.content_type == "text/event-stream"


class RequestBody:
    """A request's body, read once."""

    def __init__(self, receive: Receive, length: int | None) -> None:
        self._receive = receive
        self._length = length
        self.complete = length == 0
        self.gone = False
        """Whether the caller hung up before the end."""

    async def gathered(self, limit: int) -> bytes | None:
        """Return the whole body where it is known to be small; None where it should flow."""
        if self._length is None or self._length > limit:
            return None
        return b"".join([part async for part in self.parts()])

    async def parts(self) -> AsyncIterator[bytes]:
        """Give the body as it comes. Raises `ConnectionError` when the caller hangs up."""
        while not self.complete:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.gone = True
                raise ConnectionResetError("the caller hung up")
            self.complete = not message.get("more_body", False)
            if message.get("body"):
                yield message["body"]

    async def hang_up(self) -> None:
        """Wait until the caller hangs up. Only after the body is complete."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def send_whole(response: aiohttp.ClientResponse, start: Any, send: Send) -> None:  # noqa: ANN401 - ASGI's message
    """Give a small answer back in one piece."""
    try:
        content = await response.read()
    except aiohttp.ClientError:
        await send(start)  # the server closes what has no end: the caller sees that it was cut off
        return
    await send(start)
    await send({"type": "http.response.body", "body": content})


async def stream(response: aiohttp.ClientResponse, body: RequestBody, send: Send, *, ends: LiveEnds | None) -> None:
    """Give an answer back as it comes, until it ends or the caller hangs up; a live one also until `ends`.

    An answer that breaks off is not given an end, so that it is not taken for whole. A live one has none to miss.
    """
    pump = asyncio.ensure_future(_pump(response, send))
    waiting: list[asyncio.Future[Any]] = [pump]
    if body.complete:
        waiting.append(asyncio.ensure_future(body.hang_up()))
    if ends is not None:
        waiting.append(asyncio.ensure_future(ends()))
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        whole = pump.done() and pump.exception() is None
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    if whole or ends is not None:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _pump(response: aiohttp.ClientResponse, send: Send) -> None:
    async for part in response.content.iter_any():
        await send({"type": "http.response.body", "body": part, "more_body": True})

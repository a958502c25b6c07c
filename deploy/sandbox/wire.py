"""Answers that are none: a connection that stays open and silent, and one that breaks."""

import asyncio
import socket
import struct
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class BreakableProtocol(HttpToolsProtocol):
    """uvicorn's protocol, that lets a request reach its own connection (`request.state.transport`)."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        state = self.scope.get("state")
        if state is not None:
            state["transport"] = self.transport


class Silence(Response):
    """Never answers. Ends when the caller gives up, or the sandbox stops."""

    def __init__(self, stopping: asyncio.Event) -> None:
        super().__init__()
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  nothing is sent
        gone = asyncio.ensure_future(_gone(receive))
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            stopped.cancel()
        if not gone.done() or gone.cancelled():
            _break(scope)


class Reset(Response):
    """Breaks the connection as a crashed server does (RST), without a byte of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  nothing is sent
        _break(scope)
        await _gone(receive)


def _break(scope: Scope) -> None:
    # Absent where no real server runs the application; uvloop's transports are no subclass of asyncio's.
    transport = cast("asyncio.Transport | None", getattr(Request(scope).state, "transport", None))
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    # Linger on, for no time: closing then sends RST instead of FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

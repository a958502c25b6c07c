"""A bad line between a service and a server: slow, cut, or silent."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

AT_ONCE = 65536


class Proxy:
    """Hands bytes on between whoever connects to `port` and 127.0.0.1:`target`, as badly as it is told to."""

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self.latency = 0.0
        """Seconds that everything takes, either way."""
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._lines: set[asyncio.Task[None]] = set()

    def fall_silent(self) -> None:
        """Hand nothing on from now, and refuse nothing: the other side seems to think for ever."""
        self._open.clear()

    def speak_again(self) -> None:
        self._open.set()

    def reset_all(self) -> None:
        """Break every connection as a crashed router does: RST, and no word."""
        for writer in list(self._writers):
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Proxy"]:
        server = await asyncio.start_server(self._taken, "127.0.0.1", self.port)
        try:
            yield self
        finally:
            server.close()
            for line in self._lines:
                line.cancel()
            await asyncio.gather(*self._lines, return_exceptions=True)

    def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, far_writer}
        self._writers |= both
        there = asyncio.create_task(self._pump(reader, far_writer))
        back = asyncio.create_task(self._pump(far_reader, writer))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            there.cancel()
            back.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
            self._writers -= both
            for one in both:
                one.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(AT_ONCE):
            if self.latency:
                await asyncio.sleep(self.latency)
            await self._open.wait()
            writer.write(piece)
            await writer.drain()

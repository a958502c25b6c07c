"""A load of requests from a process of its own: keep-alive connections, one request under way on each.

`python -m tests.bench.load` reads a `Plan` as JSON from each line of its standard input, and answers with one.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass

import uvloop

from tests.bench.requests import MAKERS

CONTACTS = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send."""

    port: int
    path: str
    maker: str
    """Of `MAKERS`."""
    proofs: list[str]
    """Secrets, tokens or keys, in turn by person."""
    seconds: float
    connections: int
    first: int
    """Requests are numbered from here on."""


class _Line(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last has come."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.send()

    def send(self) -> None:
        request = self._load.next_request()
        if request is None:
            self._transport.close()
            self._load.ended.release()
            return
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._buffer = b""
        self._load.answered(int(head[9:12]))
        self.send()


class Load:
    """Counts and ends."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._make = MAKERS[plan.maker]
        self._until = time.perf_counter() + plan.seconds
        self._next = plan.first
        self._random = random.Random(plan.first)
        self.statuses: dict[int, int] = {}
        self.ended = asyncio.Semaphore(0)

    def next_request(self) -> bytes | None:
        if time.perf_counter() >= self._until:
            return None
        self._next += 1
        person = self._random.randrange(CONTACTS)
        proof = self._plan.proofs[person % len(self._plan.proofs)]
        headers, body = self._make(self._next, 10_000_000 + person, proof)
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return (
            f"POST {self._plan.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"{lines}content-length: {len(body)}\r\n\r\n"
        ).encode() + body

    def answered(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1


async def _main(plan: Plan) -> None:
    load = Load(plan)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(plan.connections):
        await loop.create_connection(lambda: _Line(load), "127.0.0.1", plan.port)
    for _ in range(plan.connections):
        await load.ended.acquire()
    print(json.dumps({"statuses": load.statuses, "seconds": time.perf_counter() - began}), flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        uvloop.run(_main(Plan(**json.loads(line))))

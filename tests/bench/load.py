"""A load of webhooks from a process of its own: keep-alive connections, one request under way on each.

`python -m tests.bench.load PORT PATH SECRET SECONDS CONNECTIONS FIRST_UPDATE_ID [RATE]` prints one JSON object.
"""

import asyncio
import json
import random
import sys
import time

import uvloop

CONTACTS = 10_000


def update(update_id: int, contact: int) -> bytes:
    """Return a text message as Telegram sends it."""
    return json.dumps(
        {
            "update_id": update_id,
            "message": {
                "message_id": update_id,
                "from": {
                    "id": contact,
                    "is_bot": False,
                    "first_name": "Ann",
                    "last_name": "Example",
                    "username": f"ann{contact}",
                    "language_code": "en",
                },
                "chat": {
                    "id": contact,
                    "first_name": "Ann",
                    "last_name": "Example",
                    "username": f"ann{contact}",
                    "type": "private",
                },
                "date": 1_795_348_800 + update_id % 1000,
                "text": "Good morning, is the blue one still there?",
            },
        }
    ).encode()


class _Line(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last has come."""

    def __init__(self, load: "Load") -> None:
        self._load = load
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.send()

    def send(self) -> None:
        request = self._load.next_request()
        if request is None:
            self._load.ended.release()
            return
        self._sent_at = time.perf_counter()
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
        self._load.answered(int(head[9:12]), time.perf_counter() - self._sent_at)
        delay = self._load.wait()
        if delay > 0:
            asyncio.get_running_loop().call_later(delay, self.send)
        else:
            self.send()


class Load:
    """Counts, paces and ends."""

    def __init__(self, path: str, secret: str, seconds: float, first: int, rate: float) -> None:
        self._path = path
        self._secret = secret
        self._until = time.perf_counter() + seconds
        self._began = time.perf_counter()
        self._next = first
        self._rate = rate
        self._asked = 0
        self._random = random.Random(first)
        self.statuses: dict[int, int] = {}
        self.took: list[float] = []
        self.ended = asyncio.Semaphore(0)

    def next_request(self) -> bytes | None:
        if time.perf_counter() >= self._until:
            return None
        self._next += 1
        self._asked += 1
        body = update(self._next, 10_000_000 + self._random.randrange(CONTACTS))
        return (
            f"POST {self._path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"x-telegram-bot-api-secret-token: {self._secret}\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode() + body

    def wait(self) -> float:
        """Return how long to wait before the next request, at the rate asked for."""
        return self._began + self._asked / self._rate - time.perf_counter() if self._rate else 0.0

    def answered(self, status: int, took: float) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.took.append(took)


async def _main(port: int, path: str, secret: str, seconds: float, connections: int, first: int, rate: float) -> None:
    load = Load(path, secret, seconds, first, rate)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: _Line(load), "127.0.0.1", port)
    for _ in range(connections):
        await load.ended.acquire()
    took = sorted(load.took)
    print(
        json.dumps(
            {
                "statuses": load.statuses,
                "seconds": time.perf_counter() - began,
                "p50_ms": took[len(took) // 2] * 1000,
                "p99_ms": took[int(len(took) * 0.99)] * 1000,
            }
        )
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(
        _main(
            int(given[0]),
            given[1],
            given[2],
            float(given[3]),
            int(given[4]),
            int(given[5]),
            float(given[6]) if len(given) > 6 else 0.0,
        )
    )

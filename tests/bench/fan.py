"""The floor of telling agents: a bare process that hands the same bytes to the same streams. No broker, no database.

`python -m tests.bench.fan <port>`: the same server and framework as Kith's. What is posted to `/say/<queue>/<id>` is
answered, and said to all who listen at `/live/<queue>`.
"""

import asyncio
import itertools
import sys
from collections.abc import AsyncGenerator

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from services.notification.domain import lines
from services.notification.domain.changes import Numbered, about_request
from shared.settings import KithSettings
from shared.web.app import serve
from shared.web.health import Health

app = FastAPI(openapi_url=None)
numbers = itertools.count(1)
listening: dict[str, set[asyncio.Queue[bytes]]] = {}


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ok": True}


@app.get("/live/{queue_id}")
async def live(queue_id: str) -> StreamingResponse:
    return StreamingResponse(_listen(queue_id), media_type="text/event-stream")


async def _listen(queue_id: str) -> AsyncGenerator[bytes]:
    told: asyncio.Queue[bytes] = asyncio.Queue()
    listeners = listening.setdefault(queue_id, set())
    listeners.add(told)
    try:
        yield lines.ready(0)
        while True:
            yield await told.get()
    finally:
        listeners.discard(told)


@app.post("/say/{queue_id}/{id_}")
async def say(queue_id: str, id_: str, request: Request) -> dict[str, bool]:
    await request.json()
    said = lines.line(Numbered(next(numbers), about_request(id_, 1, queue_id))).said
    for told in listening.get(queue_id, ()):
        told.put_nowait(said)
    return {"ok": True}


if __name__ == "__main__":
    serve(app, health=Health(), settings=KithSettings(), port=int(sys.argv[1]))

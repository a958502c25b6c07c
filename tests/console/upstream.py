"""A service that requests are handed on to."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route


class Upstream:
    """Answers in every way that a service may."""

    def __init__(self) -> None:
        self.hung_up = asyncio.Event()
        self.app = Starlette(
            routes=[
                Route("/api/ingest/echo", self.echo, methods=["GET", "POST", "PATCH", "DELETE"]),
                Route("/hooks/telegram/{id}", self.echo, methods=["POST"]),
                Route("/api/notification/live", self.live),
                Route("/api/ingest/big", self.big),
                Route("/api/ingest/packed", self.packed),
                Route("/api/ingest/elsewhere", self.elsewhere),
                Route("/api/ingest/limited", self.limited, methods=["POST"]),
                Route("/api/ingest/cut-off", self.cut_off),
                Route("/api/ingest/nothing", self.nothing),
            ]
        )

    async def echo(self, request: Request) -> Response:
        body = await request.body()
        found = {
            "method": request.method,
            "path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": dict(request.headers),
            "length": len(body),
            "sum": sum(body) % 1_000_003,
        }
        return JSONResponse(found, 418 if "teapot" in request.query_params else 200, headers={"X-Own": "yes"})

    async def live(self, request: Request) -> Response:
        async def events() -> AsyncIterator[bytes]:
            try:
                yield b"event: ready\ndata: {}\n\n"
                for n in range(3):
                    await asyncio.sleep(0.1)
                    yield f"id: {n}\ndata: {time.monotonic()}\n\n".encode()
                if "ends" not in request.query_params:
                    await asyncio.sleep(3600)
            finally:
                self.hung_up.set()

        return StreamingResponse(events(), media_type="text/event-stream")

    async def big(self, _request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(200):
                yield b"x" * 100_000

        return StreamingResponse(parts())

    async def packed(self, _request: Request) -> Response:
        return Response(gzip.compress(b"packed"), headers={"Content-Encoding": "gzip"})

    async def elsewhere(self, _request: Request) -> Response:
        return RedirectResponse("http://192.0.2.1/", 307)

    async def limited(self, _request: Request) -> Response:
        return JSONResponse({"title": "Too large"}, 413, media_type="application/problem+json")

    async def cut_off(self, _request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"x" * 1000
            raise ConnectionResetError

        return StreamingResponse(parts(), headers={"Content-Length": "2000"})

    async def nothing(self, _request: Request) -> Response:
        return Response(status_code=204)

"""The smallest service of ours, run as a process of its own: `python a_service.py <port> <how it ends>`."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shared.settings import KithSettings
from shared.web.access import AccessBook
from shared.web.app import make_app, serve
from shared.web.health import Health


def main(port: int, how: str) -> None:
    health = Health({})
    routes = APIRouter()

    @routes.get("/slow")
    async def slow() -> str:
        print("asked", flush=True)  # noqa: T201 - what the test waits for
        await asyncio.sleep(1.0)
        return "finished"

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        if how == "fails to start":
            raise RuntimeError(how)
        yield
        if how == "fails to stop":
            raise RuntimeError(how)
        print("drained", flush=True)  # noqa: T201 - what the test looks for

    app = make_app(
        service="console",
        title="small",
        summary="",
        routers=[routes],
        lifespan=lifespan,
        health=health,
        access=AccessBook(),
    )
    serve(app, health=health, settings=KithSettings(), port=port)


main(int(sys.argv[1]), sys.argv[2])

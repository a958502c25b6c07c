"""How every service's web side is made, and run."""

import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from types import FrameType

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp

from shared.contracts.asyncapi import asyncapi_document
from shared.contracts.topics import Service
from shared.settings import KithSettings
from shared.web import problems
from shared.web.access import AccessBook
from shared.web.docs_page import docs_page
from shared.web.health import Health
from shared.web.problems import ProblemDetails
from shared.web.request_id import RequestIds

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
GRACE_SECONDS = 25

__all__ = ["AsyncIterator", "make_app", "serve"]


def make_app(
    *,
    service: Service,
    title: str,
    summary: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    health: Health,
    access: AccessBook,
) -> FastAPI:
    """Make a service's app: its API under /api/<service>, its documents, health and metrics."""
    app = FastAPI(
        title=f"Kith {title}",
        summary=summary,
        version="1",
        lifespan=lifespan,
        openapi_url=f"/api/{service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses={
            "4XX": {"model": ProblemDetails, "description": "What is wrong, and what to do about it."},
            "503": {"model": ProblemDetails, "description": "Something is away for a moment; try again."},
        },
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.access = access
    app.state.health = health
    problems.install(app)
    app.include_router(health.router())
    for router in routers:
        app.include_router(router, prefix=f"/api/{service}")

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi() -> dict[str, object]:
        return asyncapi_document(service)

    @app.get(f"/api/{service}/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi(), asyncapi_document(service)))

    app.add_middleware(RequestIds)
    return app


class _Server(uvicorn.Server):
    """Tells the app that it is being stopped before connections are waited for: live streams end then.

    uvicorn's own `handle_exit` also notes the signal, and `serve()` raises it once more when all is finished: a
    drain that went well would end with 143, as if it had been cut off.
    """

    def __init__(self, config: uvicorn.Config, health: Health) -> None:
        super().__init__(config)
        self._health = health
        self._asked_to_stop = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        self._health.draining.set()
        self._asked_to_stop = True
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True  # a second Ctrl-C waits for nobody
        self.should_exit = True

    @property
    def went_well(self) -> bool:
        """Whether it started, was asked to stop, and finished in order."""
        return self._asked_to_stop and not self.force_exit and not self.lifespan.should_exit


def collect_less() -> None:
    """Have the garbage collector pass over what is there for good, and look at the rest less often.

    A batch of 500 makes tens of thousands of objects that reference counting frees; with Python's own thresholds a
    fifth of identity's time went into looking for cycles among them (`make bench`, recognise).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def serve(app: ASGIApp, *, health: Health, settings: KithSettings, port: int) -> None:
    """Serve until SIGTERM; then finish what is under way.

    Returns after a drain that went well, so that the process ends with 0. Raises `SystemExit` with 1 for one that was
    cut short, and for a start that failed.
    """
    collect_less()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
        server_header=False,
        date_header=False,
        loop="uvloop",
        http="httptools",
        backlog=2048,
    )
    server = _Server(config, health)
    server.run()
    if not server.went_well:
        raise SystemExit(1)

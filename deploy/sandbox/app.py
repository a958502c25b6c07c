"""The composition root: every provider the sandbox stands in for, and the page over them."""

import random
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.guard import Guard
from deploy.sandbox.live import Live
from deploy.sandbox.mail.part import MailPart
from deploy.sandbox.meta.part import MetaPart
from deploy.sandbox.page.routes import page_routes
from deploy.sandbox.problems import answer_with_problems
from deploy.sandbox.settings import SandboxSettings
from deploy.sandbox.telegram.part import TelegramPart


def make_app(settings: SandboxSettings, live: Live) -> FastAPI:
    """Make the whole sandbox. Setting `live.stopping` ends its streams and the answers that it keeps back."""
    ambient = Ambient(
        clock=time.time,
        dice=random.random,
        limits=settings.sandbox_limits == "on",
        further_hosts=settings.further_hosts,
    )
    telegram = TelegramPart.make(settings, ambient, live)
    meta = MetaPart.make(settings, ambient, live)
    mail = MailPart(settings, live)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        await telegram.start()
        await meta.start()
        await mail.start()
        yield
        await mail.stop()
        await meta.stop()
        await telegram.stop()

    app = FastAPI(
        title="Kith provider sandbox",
        summary="Stands in for the providers' side of a local run. Nothing leaves this machine.",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's own page loads its viewer from a public CDN
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(Guard, further_hosts=settings.further_hosts)
    answer_with_problems(app)

    @app.get("/health/live", tags=["health"])
    async def is_live() -> dict[str, str]:
        """Whether the process runs."""
        return {"status": "ok"}

    @app.get("/health/ready", tags=["health"])
    async def is_ready() -> dict[str, object]:
        """Whether it can take requests; its file answers."""
        counts = {
            "telegram": {"bots": len(telegram.state.bots.all())},
            "meta": {"accounts": len(meta.state.accounts.all())},
        }
        return {"status": "ok", "checks": counts}

    app.router.routes.extend(page_routes(settings.port))
    telegram.join(app)
    meta.join(app)
    mail.join(app)
    return app

"""Notification's composition root."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.notification.routes.live import live_routes
from services.notification.settings import NotificationSettings
from services.notification.store.live import Live
from services.notification.subscribers.changes import subscribe
from services.notification.usecases.hub import Hub
from services.notification.usecases.number_changes import NumberChanges
from shared.spine import Spine
from shared.web.app import make_app


def create_app(settings: NotificationSettings | None = None) -> FastAPI:
    """Put notification together. Nothing is connected before its lifespan begins."""
    settings = settings or NotificationSettings()
    spine = Spine(settings, "notification")
    live = Live(spine.client, spine.database)
    hub = Hub(live, spine.access, spine.health.draining)
    subscribe(spine, NumberChanges(live, hub.wake))
    spine.background("watch", hub.watch)
    spine.background("look after streams", hub.look_after)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running():
            yield

    return make_app(
        service="notification",
        title="notification",
        summary="Tells the console's pages, live, what changed.",
        routers=[live_routes(hub)],
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )

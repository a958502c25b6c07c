"""Telegram's side of the sandbox, put together."""

from dataclasses import dataclass

from fastapi import FastAPI

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.courier import Courier
from deploy.sandbox.live import Live
from deploy.sandbox.saying import Dispatch
from deploy.sandbox.settings import SandboxSettings
from deploy.sandbox.telegram.bot_api import BotApi
from deploy.sandbox.telegram.control import control_routes
from deploy.sandbox.telegram.desk import Desk
from deploy.sandbox.telegram.person import PersonSays
from deploy.sandbox.telegram.post import BotPost
from deploy.sandbox.telegram.state import State


@dataclass(frozen=True)
class TelegramPart:
    """One provider of the sandbox: its routes, and what runs beside them."""

    state: State
    courier: Courier

    @classmethod
    def make(cls, settings: SandboxSettings, ambient: Ambient, live: Live) -> "TelegramPart":
        """Open what the last run left."""
        state = State(settings.state / "telegram.sqlite", settings.sandbox_keep, ambient, live)
        return cls(state, Courier(BotPost(state), settings.sandbox_first_retry))

    def join(self, app: FastAPI) -> None:
        """Add its addresses."""
        app.include_router(control_routes(self.state, PersonSays(self.state, self._dispatch())))
        app.router.routes.extend(BotApi(self.state, Desk(self.state), self.courier).routes())

    def _dispatch(self) -> Dispatch:
        return Dispatch(self.state.deliveries, self.courier, self.state.ambient, self.state.live)

    async def start(self) -> None:
        """Begin to deliver."""
        await self.courier.start()

    async def stop(self) -> None:
        """Leave off and let go of the file."""
        await self.courier.stop()
        self.state.database.close()

"""Meta's side of the sandbox, put together."""

from dataclasses import dataclass

from fastapi import FastAPI

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.courier import Courier
from deploy.sandbox.live import Live
from deploy.sandbox.meta.control import control_routes
from deploy.sandbox.meta.dashboard import Dashboard
from deploy.sandbox.meta.desk import Desk
from deploy.sandbox.meta.graph_api import GraphApi
from deploy.sandbox.meta.person import PersonSays
from deploy.sandbox.meta.post import AccountPost
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.updates import Updates
from deploy.sandbox.saying import Dispatch
from deploy.sandbox.settings import SandboxSettings


@dataclass(frozen=True)
class MetaPart:
    """One provider of the sandbox: its routes, and what runs beside them."""

    state: State
    courier: Courier

    @classmethod
    def make(cls, settings: SandboxSettings, ambient: Ambient, live: Live) -> "MetaPart":
        """Open what the last run left."""
        state = State(settings.state / "meta.sqlite", settings.sandbox_keep, ambient, live)
        first = settings.sandbox_first_retry
        return cls(state, Courier(AccountPost(state, first), first))

    def join(self, app: FastAPI) -> None:
        """Add its addresses."""
        state, dispatch = self.state, Dispatch(self.state.deliveries, self.courier, self.state.ambient, self.state.live)
        updates = Updates(state, dispatch)
        dashboard = Dashboard(state, self.courier)
        app.include_router(control_routes(state, dashboard, PersonSays(state, dispatch, updates)))
        app.router.routes.extend(GraphApi(state, Desk(state, updates), self.courier).routes())

    async def start(self) -> None:
        """Begin to deliver."""
        await self.courier.start()

    async def stop(self) -> None:
        """Leave off and let go of the file."""
        await self.courier.stop()
        self.state.database.close()

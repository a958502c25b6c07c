"""The console's composition root."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.console.routes.api_keys import api_key_routes
from services.console.routes.cookie import SessionCookie
from services.console.routes.guards import BodyLimit, StrictHeaders
from services.console.routes.hand_on import HandOn, Onward
from services.console.routes.invitations import invitation_routes, invited_routes
from services.console.routes.me import me_routes
from services.console.routes.pages import Pages, page_routes
from services.console.routes.session import session_routes
from services.console.routes.users import user_routes
from services.console.settings import ConsoleSettings
from services.console.store.api_keys import ApiKeys
from services.console.store.attempts import Attempts
from services.console.store.invitations import Invitations
from services.console.store.publishes import make_outbox
from services.console.store.sessions import Sessions
from services.console.store.signing_keys import SigningKeys
from services.console.store.users import Users, Workspaces
from services.console.usecases.accept_invitation import AcceptInvitation
from services.console.usecases.api_keys import ManageApiKeys
from services.console.usecases.changes import Changes
from services.console.usecases.hashing import Hashing
from services.console.usecases.invitations import ManageInvitations
from services.console.usecases.inviters import Inviters
from services.console.usecases.key_use_book import KeyUseBook
from services.console.usecases.own_password import ChangeOwnPassword
from services.console.usecases.sign_in import SignIn
from services.console.usecases.signing import Signing
from services.console.usecases.users import ManageUsers
from services.console.usecases.who import WhoAmI
from shared.contracts import topics
from shared.spine import Spine
from shared.web.app import make_app


def create_app(settings: ConsoleSettings | None = None) -> FastAPI:
    """Put the console together. Nothing is connected before its lifespan begins."""
    settings = settings or ConsoleSettings()
    spine = Spine(settings, "console")
    owned = spine.database
    users, workspaces, sessions, attempts = Users(owned), Workspaces(owned), Sessions(owned), Attempts(owned)
    outbox = make_outbox(owned, spine.publisher)
    spine.owns(outbox)
    changes = Changes(spine.client, outbox, spine.publisher, spine.access)
    signing = Signing(SigningKeys(owned), changes, settings.secret_key.get_secret_value())
    hashing = Hashing()
    sign_in = SignIn(users, workspaces, sessions, attempts, hashing, signing)
    manage_users = ManageUsers(users, workspaces, sessions, changes, hashing)
    api_keys, invitations = ApiKeys(owned), Invitations(owned)
    inviters = Inviters(users, api_keys)
    uses = KeyUseBook()
    spine.tail(topics.KEY_USE, uses)
    accept = AcceptInvitation(invitations, inviters, users, workspaces, attempts, hashing, changes, sign_in)
    cookie = SessionCookie(settings)
    onward = Onward(settings.upstreams, spine.health.draining.wait)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        async with spine.running(), onward.running():
            await signing.start()
            yield

    app = make_app(
        service="console",
        title="console",
        summary="Signing in, users, API keys; serves the web console, and hands on to the other services locally.",
        routers=[
            session_routes(sign_in, cookie),
            me_routes(
                WhoAmI(users, workspaces),
                ChangeOwnPassword(users, attempts, hashing, manage_users, sign_in),
                cookie,
            ),
            user_routes(manage_users),
            invitation_routes(ManageInvitations(invitations, users, inviters), origin=settings.origin),
            invited_routes(accept, sign_in, cookie),
            api_key_routes(ManageApiKeys(api_keys, changes), uses),
        ],
        lifespan=lifespan,
        health=spine.health,
        access=spine.access,
    )
    app.include_router(page_routes(Pages(settings.web_dist)))
    # The last one added stands outermost: what is handed on meets nothing but the headers.
    app.add_middleware(BodyLimit)
    app.add_middleware(HandOn, onward=onward)
    app.add_middleware(StrictHeaders)
    return app

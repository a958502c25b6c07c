"""Oneself."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.console.routes.cookie import SessionCookie
from services.console.routes.session import signed_in_out
from services.console.routes.shapes import Me, PasswordChange, SignedInOut
from services.console.usecases.own_password import ChangeOwnPassword
from services.console.usecases.who import WhoAmI
from shared.web.access import Principal, principal_of
from shared.web.problems import ProblemError

AnySignedIn = Annotated[Principal, Depends(principal_of)]


def me_routes(who_am_i: WhoAmI, change_own_password: ChangeOwnPassword, cookie: SessionCookie) -> APIRouter:
    """Return the routes for one's own account."""
    router = APIRouter(tags=["session"])

    @router.get("/me", summary="Who I am")
    async def me(principal: AnySignedIn) -> Me:
        """Tell who holds the token."""
        return Me.of(*await who_am_i(principal.workspace_id, _user_id(principal)))

    @router.post("/me/password", summary="Change my password")
    async def change_password(
        body: PasswordChange, principal: AnySignedIn, request: Request, response: Response
    ) -> SignedInOut:
        """Change one's own password. Every other session and token of the user ends; the answer begins a new one."""
        cookie.check_not_foreign(request)
        signed_in = await change_own_password(
            principal.workspace_id, _user_id(principal), current=body.current_password, new=body.new_password
        )
        return signed_in_out(signed_in, response, cookie)

    return router


def _user_id(principal: Principal) -> str:
    if principal.kind != "user":
        raise ProblemError(403, "not-a-user", "This is for people who sign in; an API key is nobody in person.")
    return principal.id

"""Signing in and out, and fresh tokens."""

from fastapi import APIRouter, Request, Response

from services.console.routes.cookie import SessionCookie
from services.console.routes.shapes import Credentials, Me, SignedInOut
from services.console.usecases.sign_in import SignedIn, SignIn, over


def signed_in_out(signed_in: SignedIn, response: Response, cookie: SessionCookie) -> SignedInOut:
    """Give the token in the body, and the session, where it is new, in its cookie."""
    if signed_in.cookie is not None:
        cookie.set(response, signed_in.cookie)
    return SignedInOut(access_token=signed_in.access_token, user=Me.of(signed_in.user, signed_in.workspace))


def address_of(request: Request) -> str:
    """Return the address that attempts are counted by."""
    return request.client.host if request.client else ""


def session_routes(sign_in: SignIn, cookie: SessionCookie) -> APIRouter:
    """Return the routes around a session."""
    router = APIRouter(tags=["session"])

    @router.post("/sign-in", summary="Sign in")
    async def sign_in_(body: Credentials, request: Request, response: Response) -> SignedInOut:
        """Give a token, and a cookie with which `/token` gives fresh ones."""
        cookie.check_not_foreign(request)
        signed_in = await sign_in(body.email, body.password, address=address_of(request))
        earlier = cookie.of(request)
        if earlier is not None:
            await sign_in.end(earlier)
        return signed_in_out(signed_in, response, cookie)

    @router.post("/token", summary="A fresh token")
    async def token(request: Request, response: Response) -> SignedInOut:
        """Give a fresh token to who holds the session's cookie. The session lasts 30 days from its last use."""
        cookie.check_origin(request)
        held = cookie.of(request)
        if held is None:
            raise over()
        return signed_in_out(await sign_in.refresh(held), response, cookie)

    @router.post("/sign-out", status_code=204, summary="Sign out")
    async def sign_out(request: Request, response: Response) -> None:
        """End the session. The token at hand ends by itself, within five minutes."""
        cookie.check_origin(request)
        held = cookie.of(request)
        if held is not None:
            await sign_in.end(held)
        cookie.delete(response)

    return router

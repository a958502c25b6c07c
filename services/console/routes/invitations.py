"""Invitations: what admins do with them, and what the invited do."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from services.console.routes.cookie import SessionCookie
from services.console.routes.invitation_shapes import (
    Acceptance,
    InvitationIn,
    InvitationList,
    InvitationOut,
    InvitationToken,
    NewInvitationOut,
    OpenedInvitation,
)
from services.console.routes.session import address_of, signed_in_out
from services.console.routes.shapes import Cursor, Limit, Search, SignedInOut
from services.console.usecases.accept_invitation import AcceptInvitation
from services.console.usecases.invitations import ManageInvitations, Sent
from services.console.usecases.sign_in import SignIn
from shared.web.access import WritesUsers

InvitationSort = Literal["email", "-email", "name", "-name", "created_at", "-created_at", "expires_at", "-expires_at"]


def invitation_routes(manage: ManageInvitations, *, origin: str) -> APIRouter:
    """Return the routes for admins; all need `users:write`. Links begin with `origin`."""
    router = APIRouter(prefix="/invitations", tags=["users"])

    def with_link(sent: Sent) -> NewInvitationOut:
        # After the # it reaches no server's log, and nobody who is linked to from the page.
        link = f"{origin}/invitation#{sent.token}"
        return NewInvitationOut(**InvitationOut.of(sent).model_dump(), link=link)

    @router.get("", summary="Open invitations")
    async def list_invitations(
        principal: WritesUsers,
        limit: Annotated[Limit, Query()] = 50,
        cursor: Annotated[Cursor, Query()] = None,
        search: Annotated[Search, Query(description="In the name or the email.")] = "",
        sort: Annotated[InvitationSort, Query()] = "-created_at",
    ) -> InvitationList:
        """List who was invited and has not come yet, also where the link has expired meanwhile."""
        page = await manage.page(principal.workspace_id, search=search, sort=sort, limit=limit, cursor=cursor)
        items = [InvitationOut.of(sent) for sent in page.items]
        return InvitationList(items=items, next_cursor=page.next_cursor, total=page.total)

    @router.post("", status_code=201, summary="Invite somebody")
    async def invite(principal: WritesUsers, body: InvitationIn) -> NewInvitationOut:
        """Make a link to be handed over: good for seven days, once. The answer shows it this once."""
        sent = await manage.invite(
            principal.workspace_id,
            email=body.email,
            name=body.name,
            role=body.role,
            by=principal.id,
            scopes=principal.scopes,
        )
        return with_link(sent)

    @router.post("/{invitation_id}/link", summary="A new link")
    async def renew_invitation(principal: WritesUsers, invitation_id: str) -> NewInvitationOut:
        """Make a new link, good for seven days. The one before ends at once."""
        return with_link(
            await manage.renew(principal.workspace_id, invitation_id, by=principal.id, scopes=principal.scopes)
        )

    @router.delete("/{invitation_id}", status_code=204, summary="Revoke an invitation")
    async def revoke_invitation(principal: WritesUsers, invitation_id: str) -> None:
        """End an invitation at once, also for somebody who has its page open."""
        await manage.revoke(principal.workspace_id, invitation_id)

    return router


def invited_routes(accept: AcceptInvitation, sign_in: SignIn, cookie: SessionCookie) -> APIRouter:
    """Return the routes for whoever holds a link: they are nobody yet."""
    router = APIRouter(prefix="/invitation", tags=["session"])

    @router.post("/open", summary="Open an invitation")
    async def open_invitation(body: InvitationToken, request: Request) -> OpenedInvitation:
        """Tell who invites to what. 410 says that the link was used, was revoked or has expired."""
        cookie.check_not_foreign(request)
        return OpenedInvitation.of(await accept.look(body.token, address=address_of(request)))

    @router.post("/accept", summary="Accept an invitation")
    async def accept_invitation(body: Acceptance, request: Request, response: Response) -> SignedInOut:
        """Become a user with the password that one chose, and be signed in."""
        cookie.check_not_foreign(request)
        signed_in = await accept(body.token, password=body.password, address=address_of(request))
        earlier = cookie.of(request)
        if earlier is not None:
            await sign_in.end(earlier)
        return signed_in_out(signed_in, response, cookie)

    return router

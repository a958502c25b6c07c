"""What goes in and what comes out around invitations."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.console.routes.shapes import Email, In, Name, Password
from services.console.usecases import clock
from services.console.usecases.accept_invitation import Opened
from services.console.usecases.invitations import Sent
from services.console.usecases.inviters import still_stands
from shared.contracts.accounts import Role

Token = Annotated[str, Field(min_length=1, max_length=200, description="What stands after the # of the link.")]


class InvitationIn(In):
    """Somebody to be invited."""

    email: Email
    name: Name
    role: Role


class InvitationToken(In):
    """The link that somebody opened."""

    token: Token


class Acceptance(InvitationToken):
    """The link that somebody opened, and the password they chose."""

    password: Password


class InvitationOut(BaseModel):
    """An open invitation, without its link."""

    id: str
    email: str
    name: str
    role: Role
    state: Literal["pending", "expired", "void"]
    """`void`: whoever invited may not invite any more. A new link makes it hold again."""
    invited_by: str | None
    """The name of the user or API key that invited; null where there is none any more."""
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, sent: Sent) -> "InvitationOut":
        invitation = sent.invitation
        expired = invitation.state(clock.now()) == "expired"
        stands = still_stands(invitation, sent.inviter)
        return cls(
            id=invitation.id,
            email=invitation.email,
            name=invitation.name,
            role=invitation.role,
            state="expired" if expired else "pending" if stands else "void",
            invited_by=sent.inviter.name if sent.inviter else None,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
        )


class NewInvitationOut(InvitationOut):
    """An invitation with a link just made."""

    link: str
    """To be handed over. It is shown this once: we keep only a hash. Nothing is sent by email."""


class InvitationList(BaseModel):
    """A page of open invitations."""

    items: list[InvitationOut]
    next_cursor: str | None
    total: int
    total_is_exact: Literal[True] = True


class OpenedInvitation(BaseModel):
    """What the invited person sees."""

    email: str
    name: str
    role: Role
    workspace_name: str
    invited_by: str
    expires_at: datetime

    @classmethod
    def of(cls, opened: Opened) -> "OpenedInvitation":
        return cls(
            email=opened.invitation.email,
            name=opened.invitation.name,
            role=opened.invitation.role,
            workspace_name=opened.workspace.name,
            invited_by=opened.inviter_name,
            expires_at=opened.invitation.expires_at,
        )

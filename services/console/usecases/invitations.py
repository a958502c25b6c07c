"""Inviting people, and taking invitations back."""

from dataclasses import dataclass, field

from services.console.domain import invitations
from services.console.domain.invitations import Invitation
from services.console.store.invitations import Invitations
from services.console.store.paging import BadCursorError, Sort
from services.console.store.users import TakenError, Users
from services.console.usecases import clock
from services.console.usecases.inviters import Inviter, Inviters
from services.console.usecases.users import email_of, in_use, may_give
from shared.contracts.accounts import Role
from shared.contracts.ids import new_id
from shared.web.problems import FieldError, ProblemError, invalid, not_found


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with who invited, and with its token where that was just made: it is shown once."""

    invitation: Invitation
    inviter: Inviter | None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """A page of open invitations."""

    items: list[Sent]
    next_cursor: str | None
    total: int


class ManageInvitations:
    """Everything an admin does with invitations. `scopes` are the caller's own: nobody gives what they do not have."""

    def __init__(self, open_invitations: Invitations, users: Users, inviters: Inviters) -> None:
        self._invitations = open_invitations
        self._users = users
        self._inviters = inviters

    async def page(
        self, workspace_id: str, *, search: str, sort: str, limit: int, cursor: str | None
    ) -> InvitationPage:
        try:
            page = await self._invitations.page(
                workspace_id, search=search, sort=Sort.of(sort), limit=limit, cursor=cursor
            )
        except BadCursorError:
            raise invalid("cursor", "This is no cursor of this list in this order. Leave it out to begin.") from None
        found = self._invitations.of_page(page)
        inviters = await self._inviters.of(found)
        return InvitationPage([Sent(one, inviters.get(one.invited_by)) for one in found], page.next_cursor, page.total)

    async def invite(
        self, workspace_id: str, *, email: str, name: str, role: Role, by: str, scopes: frozenset[str]
    ) -> Sent:
        """Make an invitation. Raises a 409 problem where the email is a user's, or has an open invitation."""
        may_give(role, scopes)
        email = email_of(email)
        if await self._users.by_email(email):
            raise in_use()
        now = clock.now()
        token = invitations.make_token()
        invitation = Invitation(
            id=new_id("inv"),
            workspace_id=workspace_id,
            email=email,
            name=name,
            role=role,
            token_sha256=invitations.digest(token),
            invited_by=by,
            created_at=now,
            expires_at=now + invitations.LIFE,
        )
        await self._invitations.close_expired(workspace_id, email, now)
        try:
            await self._invitations.add(invitation)
        except TakenError:
            said = "This email has an open invitation already. Make a new link for it, or revoke it first."
            raise ProblemError(409, "already-invited", said, errors=[FieldError(field="email", message=said)]) from None
        return await self._with_inviter(invitation, token)

    async def renew(self, workspace_id: str, invitation_id: str, *, by: str, scopes: frozenset[str]) -> Sent:
        """Give an invitation a new link for another seven days. The link before ends at once."""
        there = await self._there(workspace_id, invitation_id)
        may_give(there.role, scopes)
        token = invitations.make_token()
        renewed = await self._invitations.renew(
            workspace_id,
            invitation_id,
            token_sha256=invitations.digest(token),
            invited_by=by,
            expires_at=clock.now() + invitations.LIFE,
        )
        if renewed is None:
            raise ProblemError(
                409, "invitation-closed", "This invitation was accepted or revoked. Where need be, invite them again."
            )
        return await self._with_inviter(renewed, token)

    async def revoke(self, workspace_id: str, invitation_id: str) -> None:
        """End an invitation; ending it twice is no error. Raises a 409 problem where it was accepted."""
        there = await self._there(workspace_id, invitation_id)
        await self._invitations.revoke(workspace_id, invitation_id, clock.now())
        there = await self._invitations.one(workspace_id, invitation_id) or there
        if there.accepted_at is not None:
            raise ProblemError(
                409,
                "invitation-accepted",
                "This invitation was accepted: they are a user now. Deactivate that user to keep them out.",
            )

    async def _there(self, workspace_id: str, invitation_id: str) -> Invitation:
        there = await self._invitations.one(workspace_id, invitation_id)
        if there is None:
            raise not_found("invitation")
        return there

    async def _with_inviter(self, invitation: Invitation, token: str) -> Sent:
        inviters = await self._inviters.of([invitation])
        return Sent(invitation, inviters.get(invitation.invited_by), token)

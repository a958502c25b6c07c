"""Opening an invitation's link, and becoming a user with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.console.domain import invitations
from services.console.domain.invitations import Invitation
from services.console.domain.people import Workspace
from services.console.store.attempts import Attempts
from services.console.store.invitations import ClosedError, Invitations
from services.console.store.users import TakenError, Users, Workspaces
from services.console.usecases import clock
from services.console.usecases.changes import Changes
from services.console.usecases.hashing import Hashing
from services.console.usecases.inviters import Inviters, still_stands
from services.console.usecases.sign_in import PER_ADDRESS, PER_EMAIL, SignedIn, SignIn, too_many
from services.console.usecases.users import check_password, new_user
from shared.contracts.event import StateEvent
from shared.storage.mongo import Session
from shared.web.problems import ProblemError

_ASK = "Ask whoever invited you for a new one."


@dataclass(frozen=True, slots=True)
class Opened:
    """What the invited person is told."""

    invitation: Invitation
    workspace: Workspace
    inviter_name: str


class AcceptInvitation:
    """Everything that the holder of a link may do. Addresses that try links which lead nowhere are slowed down."""

    def __init__(
        self,
        sent: Invitations,
        inviters: Inviters,
        users: Users,
        workspaces: Workspaces,
        attempts: Attempts,
        hashing: Hashing,
        changes: Changes,
        sign_in: SignIn,
    ) -> None:
        self._invitations = sent
        self._inviters = inviters
        self._users = users
        self._workspaces = workspaces
        self._attempts = attempts
        self._hashing = hashing
        self._changes = changes
        self._sign_in = sign_in

    async def look(self, token: str, *, address: str) -> Opened:
        """Tell who invites to what. Raises a 404 or 410 problem, which says why the link leads nowhere."""
        wait = await self._attempts.take("address", address, PER_ADDRESS)
        if wait > 0:
            raise too_many(wait)
        opened = await self._opened(token)
        await self._attempts.give_back("address", address, PER_ADDRESS)
        return opened

    async def __call__(self, token: str, *, password: str, address: str) -> SignedIn:
        """Make the user, with the password that they chose, and sign them in. Of two at once, one is refused."""
        invitation = (await self.look(token, address=address)).invitation
        check_password(password, invitation.email)
        wait = await self._attempts.take("invitation", invitation.id, PER_EMAIL)
        if wait > 0:
            raise too_many(wait)
        password_hash = await self._hashing.hash(password)
        now = clock.now()
        user = new_user(
            invitation.workspace_id,
            email=invitation.email,
            name=invitation.name,
            role=invitation.role,
            password_hash=password_hash,
            now=now,
        )

        async def change(session: Session) -> Sequence[StateEvent]:
            await self._invitations.accept(invitation, now, session)
            await self._users.add(user, session)
            return [user.state()]

        try:
            await self._changes.make(change, takes_away=False)
        except ClosedError:
            await self._opened(token)  # says what became of it
            raise _nowhere() from None
        except TakenError:
            raise ProblemError(
                409,
                "email-in-use",
                f"Somebody signs in as {invitation.email} already. If that is you, sign in with the password you have.",
            ) from None
        return await self._sign_in.begin(user)

    async def _opened(self, token: str) -> Opened:
        invitation = await self._invitations.by_token(invitations.digest(token))
        workspace = await self._workspaces.one(invitation.workspace_id) if invitation else None
        if invitation is None or workspace is None:
            raise _nowhere()
        match invitation.state(clock.now()):
            case "accepted":
                raise _over(
                    "used",
                    "This invitation was used already. If that was you, sign in with the password you chose; "
                    "if it was not, tell whoever invited you.",
                )
            case "revoked":
                raise _over("revoked", f"This invitation was taken back. {_ASK}")
            case "expired":
                raise _over(
                    "expired", f"This invitation has expired: it was good for {invitations.LIFE.days} days. {_ASK}"
                )
            case "pending":
                inviter = (await self._inviters.of([invitation])).get(invitation.invited_by)
        if inviter is None or not still_stands(invitation, inviter):
            raise _over(
                "void", "Whoever invited you may not invite any more. Ask an admin of the workspace for a new link."
            )
        return Opened(invitation, workspace, inviter.name)


def _over(how: str, detail: str) -> ProblemError:
    return ProblemError(410, f"invitation-{how}", detail)


def _nowhere() -> ProblemError:
    return ProblemError(
        404,
        "no-such-invitation",
        "There is no invitation behind this link. Check that you copied it whole; a newer link may have replaced it. "
        f"{_ASK}",
    )

"""Signing in, staying signed in, and signing out."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.console.domain import emails
from services.console.domain.people import User, Workspace
from services.console.store.attempts import Attempts, Rate
from services.console.store.sessions import Sessions, SignedInSession
from services.console.store.users import Users, Workspaces
from services.console.usecases import clock
from services.console.usecases.hashing import Hashing
from services.console.usecases.signing import Signing
from shared.web.problems import ProblemError, invalid

SESSION_LIFE = timedelta(days=30)
"""Of a session that is not used; using it begins it anew."""
EXTEND_EVERY = timedelta(hours=1)
PER_EMAIL = Rate(burst=10, every=timedelta(seconds=60))
PER_ADDRESS = Rate(burst=60, every=timedelta(seconds=10))
"""More: an office has one address. Attempts that succeed are given back."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, and a fresh token."""

    user: User
    workspace: Workspace
    access_token: str = field(repr=False)
    cookie: str | None = field(repr=False)
    """The session's value where the browser must be given it (again); None where it has it."""


def digest(cookie: str) -> str:
    """Return what a session is kept under."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def over() -> ProblemError:
    """Say that a session is over, or that there never was one."""
    return ProblemError(401, "not-signed-in", "You are not signed in, or your session is over. Sign in again.")


class SignIn:
    """Checks an email and a password, and begins a session."""

    def __init__(
        self,
        users: Users,
        workspaces: Workspaces,
        sessions: Sessions,
        attempts: Attempts,
        hashing: Hashing,
        signing: Signing,
    ) -> None:
        self._users = users
        self._workspaces = workspaces
        self._sessions = sessions
        self._attempts = attempts
        self._hashing = hashing
        self._signing = signing

    async def __call__(self, email: str, password: str, *, address: str) -> SignedIn:
        """Begin a session.

        Raises a 401 problem with the same words, after the same time, whether the email or the password is wrong.
        """
        try:
            email = emails.normalise(email)
        except emails.BadEmailError as error:
            raise invalid("email", str(error)) from error
        await self._take_attempt(email, address)
        user = await self._users.by_email(email)
        right, newer = await self._hashing.check(password, user.password_hash if user else None)
        if user is None or not right:
            raise ProblemError(
                401, "wrong-credentials", "The email or the password is wrong. Check both and try again."
            )
        await self._attempts.forget("email", email)
        await self._attempts.give_back("address", address, PER_ADDRESS)
        if not user.active:
            raise ProblemError(403, "deactivated", "This account was deactivated. Ask an admin of your workspace.")
        if newer is not None:
            await self._users.keep_hash(user, newer)
        return await self.begin(user)

    async def begin(self, user: User) -> SignedIn:
        """Begin a session for a user whose password was just checked."""
        now = clock.now()
        cookie = secrets.token_urlsafe(32)
        await self._sessions.add(
            SignedInSession(
                digest=digest(cookie),
                workspace_id=user.workspace_id,
                user_id=user.id,
                tokens_from=user.tokens_from,
                used_at=now,
                expires_at=now + SESSION_LIFE,
            )
        )
        await self._users.signed_in(user, now)
        return await self._signed_in(user, now, cookie)

    async def refresh(self, cookie: str) -> SignedIn:
        """Give a fresh token to who holds a session. Raises a 401 problem when it is over."""
        now = clock.now()
        session = await self._sessions.one(digest(cookie), now)
        user = await self._users.one(session.workspace_id, session.user_id) if session else None
        if session is None or user is None or not user.active or user.tokens_from != session.tokens_from:
            raise over()
        grown_old = now - session.used_at > EXTEND_EVERY
        if grown_old:
            await self._sessions.extend(session.digest, used_at=now, expires_at=now + SESSION_LIFE)
        return await self._signed_in(user, now, cookie if grown_old else None)

    async def end(self, cookie: str) -> None:
        """End a session; one that is over already is no error."""
        await self._sessions.end(digest(cookie))

    async def _signed_in(self, user: User, now: datetime, cookie: str | None) -> SignedIn:
        workspace = await self._workspaces.one(user.workspace_id)
        if workspace is None:
            raise over()
        return SignedIn(user, workspace, await self._signing.sign(user, now), cookie)

    async def _take_attempt(self, email: str, address: str) -> None:
        wait = max(
            await self._attempts.take("address", address, PER_ADDRESS),
            await self._attempts.take("email", email, PER_EMAIL),
        )
        if wait > 0:
            raise too_many(wait)


def too_many(wait: float) -> ProblemError:
    """Say that there were too many attempts, and in how many seconds there may be another."""
    seconds = int(wait) + 1
    return ProblemError(
        429,
        "too-many-attempts",
        f"Too many attempts. Try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )

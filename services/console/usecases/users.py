"""Adding users, and changing what they may do."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.console.domain import emails, passwords
from services.console.domain.people import User
from services.console.store.paging import BadCursorError, Sort
from services.console.store.sessions import Sessions
from services.console.store.users import TakenError, Users, Workspaces
from services.console.usecases import clock
from services.console.usecases.changes import Changes
from services.console.usecases.hashing import Hashing
from shared.contracts.accounts import Role
from shared.contracts.event import StateEvent
from shared.contracts.ids import new_id
from shared.contracts.scopes import ROLE_SCOPES
from shared.storage.mongo import Session
from shared.web.problems import FieldError, ProblemError, invalid, not_found

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user just added. `password` is set where we made it: it is shown once."""

    user: User
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserPage:
    """A page of users."""

    users: list[User]
    next_cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to change of a user; None leaves as it is."""

    name: str | None = None
    role: Role | None = None
    active: bool | None = None
    password: str | None = field(default=None, repr=False)


class ManageUsers:
    """Everything an admin does with users. `scopes` are the caller's own: nobody gives what they do not have."""

    def __init__(
        self, users: Users, workspaces: Workspaces, sessions: Sessions, changes: Changes, hashing: Hashing
    ) -> None:
        self._users = users
        self._workspaces = workspaces
        self._sessions = sessions
        self._changes = changes
        self._hashing = hashing

    async def page(self, workspace_id: str, *, search: str, sort: str, limit: int, cursor: str | None) -> UserPage:
        try:
            page = await self._users.page(workspace_id, search=search, sort=Sort.of(sort), limit=limit, cursor=cursor)
        except BadCursorError:
            raise invalid("cursor", "This is no cursor of this list in this order. Leave it out to begin.") from None
        return UserPage(self._users.of_page(page), page.next_cursor, page.total)

    async def add(
        self, workspace_id: str, *, email: str, name: str, role: Role, password: str | None, scopes: frozenset[str]
    ) -> NewUser:
        """Add a user; without a password one is made. Raises a 409 problem where the email is somebody's."""
        may_give(role, scopes)
        email = email_of(email)
        made = passwords.make() if password is None else None
        given = made or password or ""
        check_password(given, email)
        user = new_user(
            workspace_id,
            email=email,
            name=name,
            role=role,
            password_hash=await self._hashing.hash(given),
            now=clock.now(),
        )

        async def change(session: Session) -> Sequence[StateEvent]:
            await self._users.add(user, session)
            return [user.state()]

        try:
            await self._changes.make(change, takes_away=False)
        except TakenError:
            raise in_use() from None
        return NewUser(user, made)

    async def change(self, workspace_id: str, user_id: str, wanted: Wanted, *, scopes: frozenset[str]) -> User:
        """Change a user. A new password or a deactivation ends every session and token of theirs at once.

        Raises a 409 problem where the workspace would be left without an acting admin.
        """
        there = await self._users.one(workspace_id, user_id)
        if there is None:
            raise not_found("user")
        password_hash: str | None = None
        if wanted.password is not None:
            check_password(wanted.password, there.email)
            password_hash = await self._hashing.hash(wanted.password)
        changed = there

        async def change(session: Session) -> Sequence[StateEvent]:
            nonlocal changed
            before = await self._users.one(workspace_id, user_id, session)
            if before is None:
                raise not_found("user")
            may_give(before.role, scopes)
            changed = _changed(before, wanted, password_hash, clock.now())
            may_give(changed.role, scopes)
            if changed == before:
                return [before.state()]  # the news of an earlier attempt may not have got through
            if before.is_acting_admin and not changed.is_acting_admin:
                await self._keep_an_admin(workspace_id, session)
            await self._users.save(changed, session)
            return [changed.state()]

        takes_away = wanted.active is False or wanted.role is not None or password_hash is not None
        await self._changes.make(change, takes_away=takes_away)
        if changed.tokens_from != there.tokens_from:
            await self._sessions.end_all_of(user_id)
        return changed

    async def _keep_an_admin(self, workspace_id: str, session: Session) -> None:
        await self._workspaces.touch(workspace_id, session)
        if await self._users.count_acting_admins(workspace_id, session) <= 1:
            raise ProblemError(
                409,
                "last-admin",
                "This is the last active admin of the workspace. Make somebody else an admin first.",
            )


def _changed(before: User, wanted: Wanted, password_hash: str | None, now: datetime) -> User:
    after = dataclasses.replace(
        before,
        name=before.name if wanted.name is None else wanted.name,
        role=before.role if wanted.role is None else wanted.role,
        active=before.active if wanted.active is None else wanted.active,
        password_hash=password_hash or before.password_hash,
    )
    if after == before:
        return before
    ends = password_hash is not None or after.active != before.active
    # Tokens may carry the very millisecond in which they are voided.
    tokens_from = max(now, before.tokens_from) + _TICK if ends else before.tokens_from
    return dataclasses.replace(after, tokens_from=tokens_from, changed_at=now, rev=before.rev + 1)


def new_user(workspace_id: str, *, email: str, name: str, role: Role, password_hash: str, now: datetime) -> User:
    """Make a user who may sign in from now on."""
    return User(
        id=new_id("user"),
        workspace_id=workspace_id,
        email=email,
        name=name,
        role=role,
        active=True,
        password_hash=password_hash,
        tokens_from=now,
        created_at=now,
        changed_at=now,
        rev=1,
    )


def email_of(given: str) -> str:
    """Return an email in its one form. Raises a 422 problem at its field."""
    try:
        return emails.normalise(given)
    except emails.BadEmailError as error:
        raise invalid("email", str(error)) from error


def in_use() -> ProblemError:
    """Say that an email is somebody's."""
    return ProblemError(
        409,
        "email-in-use",
        "Somebody signs in with this email already. Take another, or change that user.",
        errors=[FieldError(field="email", message="Somebody signs in with this email already.")],
    )


def check_password(password: str, email: str) -> None:
    """Raise a 422 problem at its field for a password that is not taken."""
    wrong = passwords.what_is_wrong(password, email=email)
    if wrong is not None:
        raise invalid("password", wrong)


def may_give(role: Role, scopes: frozenset[str]) -> None:
    """Raise a 403 problem where a role may do more than who gives it."""
    lacking = sorted(ROLE_SCOPES[role] - scopes)
    if lacking:
        raise ProblemError(
            403,
            "not-allowed",
            f"The role {role} may do more than you may ({', '.join(lacking)}). Ask an admin.",
        )

"""Changing one's own password: the one that an admin was given on somebody's behalf is not for ever."""

from services.console.store.attempts import Attempts
from services.console.store.users import Users
from services.console.usecases.hashing import Hashing
from services.console.usecases.sign_in import PER_EMAIL, SignedIn, SignIn, too_many
from services.console.usecases.users import ManageUsers, Wanted
from shared.contracts.scopes import SCOPES
from shared.web.problems import invalid, not_found


class ChangeOwnPassword:
    """Ends every session of the user, and begins one anew for who asked."""

    def __init__(
        self, users: Users, attempts: Attempts, hashing: Hashing, manage: ManageUsers, sign_in: SignIn
    ) -> None:
        self._users = users
        self._attempts = attempts
        self._hashing = hashing
        self._manage = manage
        self._sign_in = sign_in

    async def __call__(self, workspace_id: str, user_id: str, *, current: str, new: str) -> SignedIn:
        user = await self._users.one(workspace_id, user_id)
        if user is None:
            raise not_found("user")
        wait = await self._attempts.take("password", user_id, PER_EMAIL)
        if wait > 0:
            raise too_many(wait)
        right, _ = await self._hashing.check(current, user.password_hash)
        if not right:
            raise invalid("current_password", "This is not your password now.")
        changed = await self._manage.change(workspace_id, user_id, Wanted(password=new), scopes=frozenset(SCOPES))
        return await self._sign_in.begin(changed)

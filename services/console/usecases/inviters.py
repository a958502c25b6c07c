"""Who invited: an invitation holds only for as long as they may still invite.

An admin who is put out must not come back through a link that they kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.console.domain.invitations import Invitation
from services.console.store.api_keys import ApiKeys
from services.console.store.users import Users
from shared.contracts.scopes import ROLE_SCOPES


@dataclass(frozen=True, slots=True)
class Inviter:
    """A user or an API key: its name, and what it may do now."""

    workspace_id: str
    name: str
    scopes: frozenset[str]


class Inviters:
    """Reads who invited, as they are now."""

    def __init__(self, users: Users, api_keys: ApiKeys) -> None:
        self._users = users
        self._keys = api_keys

    async def of(self, invitations: Sequence[Invitation]) -> dict[str, Inviter]:
        """Return who invited, by id; two reads, however many invitations."""
        ids = sorted({invitation.invited_by for invitation in invitations})
        found: dict[str, Inviter] = {}
        for user in await self._users.states(ids):
            scopes = frozenset[str](ROLE_SCOPES[user.role]) if user.active else frozenset[str]()
            found[user.id] = Inviter(user.workspace_id, user.name, scopes)
        for key in await self._keys.states(ids):
            scopes = frozenset(key.scopes) if key.active else frozenset[str]()
            found[key.id] = Inviter(key.workspace_id, key.name, scopes)
        return found


def still_stands(invitation: Invitation, inviter: Inviter | None) -> bool:
    """Tell whether who invited could invite to this role today."""
    if inviter is None or inviter.workspace_id != invitation.workspace_id:
        return False
    return "users:write" in inviter.scopes and ROLE_SCOPES[invitation.role] <= inviter.scopes

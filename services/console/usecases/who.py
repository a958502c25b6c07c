"""Who a token stands for."""

from services.console.domain.people import User, Workspace
from services.console.store.users import Users, Workspaces
from shared.web.problems import not_found


class WhoAmI:
    """Reads a user with their workspace."""

    def __init__(self, users: Users, workspaces: Workspaces) -> None:
        self._users = users
        self._workspaces = workspaces

    async def __call__(self, workspace_id: str, user_id: str) -> tuple[User, Workspace]:
        user = await self._users.one(workspace_id, user_id)
        workspace = await self._workspaces.one(workspace_id)
        if user is None or workspace is None:
            raise not_found("user")
        return user, workspace

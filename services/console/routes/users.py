"""Users of a workspace."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.console.routes.shapes import Cursor, Limit, NewUserOut, Search, UserChange, UserIn, UserList, UserOut
from services.console.usecases.users import ManageUsers, Wanted
from shared.web.access import WritesUsers

UserSort = Literal["email", "-email", "name", "-name", "created_at", "-created_at"]


def user_routes(manage: ManageUsers) -> APIRouter:
    """Return the routes for users; all need `users:write`."""
    router = APIRouter(prefix="/users", tags=["users"])

    @router.get("", summary="Users")
    async def list_users(
        principal: WritesUsers,
        limit: Annotated[Limit, Query()] = 50,
        cursor: Annotated[Cursor, Query()] = None,
        search: Annotated[Search, Query(description="In the name or the email.")] = "",
        sort: Annotated[UserSort, Query()] = "email",
    ) -> UserList:
        """List who may sign in, and who could."""
        page = await manage.page(principal.workspace_id, search=search, sort=sort, limit=limit, cursor=cursor)
        return UserList(items=[UserOut.of(user) for user in page.users], next_cursor=page.next_cursor, total=page.total)

    @router.post("", status_code=201, summary="Add a user")
    async def add_user(principal: WritesUsers, body: UserIn) -> NewUserOut:
        """Add a user. An email signs in to one workspace of the installation only."""
        new = await manage.add(
            principal.workspace_id,
            email=body.email,
            name=body.name,
            role=body.role,
            password=body.password,
            scopes=principal.scopes,
        )
        return NewUserOut(**UserOut.of(new.user).model_dump(), temporary_password=new.password)

    @router.patch("/{user_id}", summary="Change a user")
    async def change_user(principal: WritesUsers, user_id: str, body: UserChange) -> UserOut:
        """Change a user. A new password or a deactivation puts them out everywhere, within seconds."""
        wanted = Wanted(name=body.name, role=body.role, active=body.active, password=body.password)
        return UserOut.of(await manage.change(principal.workspace_id, user_id, wanted, scopes=principal.scopes))

    return router

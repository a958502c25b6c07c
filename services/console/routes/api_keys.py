"""API keys of a workspace."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.console.routes.shapes import ApiKeyIn, ApiKeyList, ApiKeyOut, Cursor, Limit, NewApiKeyOut, Search
from services.console.usecases.api_keys import ManageApiKeys
from services.console.usecases.key_use_book import KeyUseBook
from shared.web.access import WritesKeys

KeySort = Literal["name", "-name", "created_at", "-created_at"]


def api_key_routes(manage: ManageApiKeys, uses: KeyUseBook) -> APIRouter:
    """Return the routes for API keys; all need `keys:write`."""
    router = APIRouter(prefix="/api-keys", tags=["API keys"])

    @router.get("", summary="API keys")
    async def list_api_keys(
        principal: WritesKeys,
        limit: Annotated[Limit, Query()] = 50,
        cursor: Annotated[Cursor, Query()] = None,
        search: Annotated[Search, Query(description="In the name.")] = "",
        sort: Annotated[KeySort, Query()] = "-created_at",
    ) -> ApiKeyList:
        """List the keys, revoked ones among them. The keys themselves are not kept."""
        page = await manage.page(principal.workspace_id, search=search, sort=sort, limit=limit, cursor=cursor)
        return ApiKeyList(
            items=[ApiKeyOut.of(key, uses.last_used_on(key.workspace_id, key.id)) for key in page.keys],
            next_cursor=page.next_cursor,
            total=page.total,
        )

    @router.post("", status_code=201, summary="Make an API key")
    async def make_api_key(principal: WritesKeys, body: ApiKeyIn) -> NewApiKeyOut:
        """Make a key. The answer shows it this once."""
        made = await manage.make(
            principal.workspace_id,
            name=body.name,
            scopes=body.scopes,
            made_by=principal.id,
            own_scopes=principal.scopes,
        )
        return NewApiKeyOut(**ApiKeyOut.of(made.key, None).model_dump(), key=made.text)

    @router.delete("/{key_id}", status_code=204, summary="Revoke an API key")
    async def revoke_api_key(principal: WritesKeys, key_id: str) -> None:
        """Revoke a key for good. Every service refuses it within seconds."""
        await manage.revoke(principal.workspace_id, key_id)

    return router

"""Everything under /api/identity/clients."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.domain.cursors import BadCursorError
from services.identity.routes.asked import ClientsAsked
from services.identity.routes.problems import absorbed
from services.identity.routes.shapes import (
    ClientsOut,
    CountsOut,
    WholeClientOut,
    listed_client_out,
    whole_client_out,
)
from services.identity.store.connections import Connections
from services.identity.usecases.browse import BrowseClients
from services.identity.usecases.resolve_filter import ResolveFilter
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.web.access import ReadsPeople
from shared.web.problems import invalid, not_found


def clients(browse: BrowseClients, resolve: ResolveFilter, show: ShowClient, connections: Connections) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["clients"])

    @router.get("/clients")
    async def list_clients(who: ReadsPeople, asked: Annotated[ClientsAsked, Query()]) -> ClientsOut:
        """List clients, the newest first; a search comes in the order of what it matched."""
        meant = await resolve(who.workspace_id, asked.filter())
        if asked.id:
            page = await browse.named(who.workspace_id, asked.id, meant)
        else:
            try:
                page = await browse(who.workspace_id, meant, limit=asked.limit, cursor=asked.cursor)
            except BadCursorError as error:
                raise invalid("cursor", str(error)) from error
        contacts, tags, (groups, segments) = await asyncio.gather(
            show.chat_contacts_of(who.workspace_id, page.items),
            show.tags_of(who.workspace_id, page.items),
            show.names_of(who.workspace_id, page.items),
        )
        return ClientsOut(
            items=[listed_client_out(one, contacts[one.id], tags, groups, segments) for one in page.items],
            next_cursor=page.next_cursor,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @router.get("/clients/counts")
    async def count_clients(who: ReadsPeople) -> CountsOut:
        """Count clients, exactly."""
        counts = await browse.counts(who.workspace_id)
        return CountsOut(all=counts.all, registered=counts.registered, not_registered=counts.not_registered)

    @router.get(
        "/clients/{id}",
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )
    async def get_client(who: ReadsPeople, id: str) -> WholeClientOut:  # noqa: A002 - the path's own word
        """Return one client with its channels and why each is linked."""
        try:
            whole = await show(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        return whole_client_out(whole, connections)

    return router

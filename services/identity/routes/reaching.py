"""How a client is reached: PUT /clients/{id}/subscriptions, and push tokens one by one."""

from collections.abc import Awaitable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.contact_row import PushTokenRow, Token
from services.identity.domain.inputs import Id
from services.identity.domain.row_edit import TooManyError
from services.identity.routes.editing_clients import source_of
from services.identity.routes.problems import absorbed, refused
from services.identity.routes.shapes import WholeClientOut, whole_client_out
from services.identity.store.connections import Connections
from services.identity.usecases.change_client import ChangeClient
from services.identity.usecases.change_tokens import ChangeTokens
from services.identity.usecases.check_statement import BadStatementError
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.web.access import Principal, WritesPeople
from shared.web.problems import invalid, not_found

_MERGED: dict[int | str, dict[str, Any]] = {
    410: {"description": "This client was merged; `survivor` and the Link header say into whom."}
}


class SubscriptionsAsked(BaseModel):
    """What the client chose of subscription categories; those that are not named stay as they are."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"subscriptions": {"ct_3f9c0a1b2c3d4e5f60718293": True}}]},
    )

    subscriptions: Annotated[dict[Id, bool], Field(min_length=1, max_length=50)]
    """Yes or no, by the id of the category: `GET /api/identity/categories` lists them."""


def reaching(change: ChangeClient, tokens: ChangeTokens, show: ShowClient, connections: Connections) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["contacts API"])

    async def answered(who: Principal, id_: str, work: Awaitable[object]) -> WholeClientOut:
        try:
            await work
            return whole_client_out(await show(who.workspace_id, id_), connections)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        except BadStatementError as error:
            raise refused(error) from error
        except TooManyError as error:
            raise invalid(error.wrong.field, error.wrong.message) from error

    @router.put("/clients/{id}/subscriptions", responses=_MERGED)
    async def set_subscriptions(who: WritesPeople, id: str, asked: SubscriptionsAsked) -> WholeClientOut:  # noqa: A002 - the path's own word
        """Set what a client chose of subscription categories."""
        work = change(who.workspace_id, id, {"subscriptions": asked.subscriptions}, None, source_of(who))
        return await answered(who, id, work)

    @router.put("/clients/{id}/push-tokens", responses=_MERGED)
    async def add_push_token(who: WritesPeople, id: str, asked: PushTokenRow) -> WholeClientOut:  # noqa: A002 - the path's own word
        """Add a push token, or give the one that is there another label."""
        return await answered(who, id, tokens.add(who.workspace_id, id, asked, source_of(who)))

    @router.delete("/clients/{id}/push-tokens", responses=_MERGED)
    async def remove_push_token(who: WritesPeople, id: str, token: Annotated[Token, Query()]) -> WholeClientOut:  # noqa: A002 - the path's own word
        """Take a push token away: it was revoked, or the application is gone. One that is not there is no error."""
        return await answered(who, id, tokens.remove(who.workspace_id, id, token, source_of(who)))

    return router

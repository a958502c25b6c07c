"""POST and PATCH under /api/identity/clients: what the business says of one person."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.identity.domain.profile import ProfileSource
from services.identity.routes.client_edits import ClientEditAsked, NewClientAsked
from services.identity.routes.problems import absorbed, refused
from services.identity.routes.shapes import WholeClientOut, whole_client_out
from services.identity.store.connections import Connections
from services.identity.usecases.change_client import ChangeClient
from services.identity.usecases.check_statement import BadStatementError, HeldByAnotherError
from services.identity.usecases.label_client import ClientChangedError
from services.identity.usecases.make_client import MakeClient
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.web.access import Principal, WritesPeople
from shared.web.problems import ProblemError, not_found


def editing(make: MakeClient, change: ChangeClient, show: ShowClient, connections: Connections) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["clients"])

    async def shown(workspace_id: str, client_id: str) -> WholeClientOut:
        return whole_client_out(await show(workspace_id, client_id), connections)

    @router.post("/clients", status_code=201)
    async def make_client(who: WritesPeople, asked: NewClientAsked) -> WholeClientOut:
        """Make a client by hand."""
        try:
            client = await make(who.workspace_id, asked.edit(), source_of(who))
        except (BadStatementError, HeldByAnotherError) as error:
            raise refused(error) from error
        return await shown(who.workspace_id, client.id)

    @router.patch(
        "/clients/{id}",
        responses={
            409: {
                "description": "`changed-meanwhile`: somebody changed the client since the rev you named; `current` is "
                "how it stands, `yours` what you sent. `held-by-another`, `contact-key-taken`: `client_id` says whose."
            },
            410: {"description": "This client was merged; `survivor` and the Link header say into whom."},
        },
    )
    async def change_client(
        who: WritesPeople,
        id: str,  # noqa: A002 - the path's own word
        asked: ClientEditAsked,
        if_match: Annotated[str | None, Header(pattern=r'^(W/)?"?\d+"?$')] = None,
    ) -> WholeClientOut:
        """Change what is known of a client. What was written by hand is shown before what is better known."""
        rev = asked.rev if if_match is None else int(if_match.removeprefix("W/").strip('"'))
        try:
            await change(who.workspace_id, id, asked.edit(), rev, source_of(who))
            return await shown(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        except (BadStatementError, HeldByAnotherError) as error:
            raise refused(error) from error
        except ClientChangedError as error:
            current = (await shown(who.workspace_id, id)).model_dump(mode="json")
            yours = {**asked.model_dump(mode="json", exclude_unset=True), "rev": rev}
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed this client since you read it. Look at `current`, and send your change again with "
                "its rev.",
                more={"current": current, "yours": yours},
            ) from error

    return router


def source_of(who: Principal) -> ProfileSource:
    """Tell whether a user or a program says it."""
    return "api" if who.kind == "api_key" else "by_hand"

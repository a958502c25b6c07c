"""What a client is sorted by: PUT /api/identity/clients/{id}/tags, /groups and /segments."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.identity.domain.labels import OF_ONE, LabelKind
from services.identity.routes.asked import Id
from services.identity.routes.labels import NOUNS, PLACES
from services.identity.routes.problems import absorbed
from services.identity.routes.shapes import ClientOut, client_out
from services.identity.usecases.label_client import ClientChangedError, LabelClient, UnknownLabelsError
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.web.access import TagsPeople, WritesPeople
from shared.web.problems import ProblemError, invalid, not_found


class _OfClient(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    rev: int | None = None
    """The rev you saw, if the change may only be made to that: 409 otherwise."""


class TagsOfClient(_OfClient):
    """All tags that the client is to have; what is left out is taken off."""

    tags: Annotated[list[Id], Field(max_length=OF_ONE["tag"])]


class GroupsOfClient(_OfClient):
    """All contact groups that the client is to be in; it leaves the others."""

    groups: Annotated[list[Id], Field(max_length=OF_ONE["group"])]


class SegmentsOfClient(_OfClient):
    """All segments kept by hand that the client is to be in; it leaves the others."""

    segments: Annotated[list[Id], Field(max_length=OF_ONE["segment"])]


def client_labels(label: LabelClient, show: ShowClient) -> APIRouter:
    """Make the routes."""
    router = APIRouter(
        tags=["clients"],
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )

    async def shown(workspace_id: str, client_id: str) -> ClientOut:
        """Show the client with its channels in short."""
        whole = await show(workspace_id, client_id)
        return client_out(whole.client, whole.chat_contacts, whole.tags)

    async def set_all(workspace_id: str, id_: str, kind: LabelKind, ids: Sequence[str], asked: _OfClient) -> ClientOut:
        place, noun = PLACES[kind], NOUNS[kind]
        try:
            await label(workspace_id, id_, kind, ids, asked.rev)
            return await shown(workspace_id, id_)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        except UnknownLabelsError as error:
            by_hand = " that is kept by hand" if kind == "segment" else ""
            names = ", ".join(error.ids)
            message = f"your workspace has no {noun} {names}{by_hand}; GET /api/identity/{place} lists them"
            raise invalid(place, message) from error
        except ClientChangedError as error:
            current = (await shown(workspace_id, id_)).model_dump(mode="json")
            raise ProblemError(
                409,
                "changed-meanwhile",
                f"Somebody changed this client since you read it. Look at `current`, and send your {place} again with "
                "its rev.",
                more={"current": current, "yours": asked.model_dump(mode="json")},
            ) from error

    @router.put("/clients/{id}/tags")
    async def tag_client(who: TagsPeople, id: str, asked: TagsOfClient) -> ClientOut:  # noqa: A002 - the path's own word
        """Set all tags of a client."""
        return await set_all(who.workspace_id, id, "tag", asked.tags, asked)

    @router.put("/clients/{id}/groups")
    async def group_client(who: WritesPeople, id: str, asked: GroupsOfClient) -> ClientOut:  # noqa: A002 - the path's own word
        """Set all contact groups of a client."""
        return await set_all(who.workspace_id, id, "group", asked.groups, asked)

    @router.put("/clients/{id}/segments")
    async def segment_client(who: WritesPeople, id: str, asked: SegmentsOfClient) -> ClientOut:  # noqa: A002 - the path's own word
        """Set all segments kept by hand that a client is in. One that a filter keeps is not set here."""
        return await set_all(who.workspace_id, id, "segment", asked.segments, asked)

    return router

"""Tags, and the tags of a client: GET and POST /api/identity/tags, PUT /api/identity/clients/{id}/tags."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.identity.domain.tags import TAG_CHARACTERS, TAGS_OF_ONE, Tag
from services.identity.routes.asked import Id, Searched, plain
from services.identity.routes.problems import absorbed
from services.identity.routes.shapes import ClientOut, client_out
from services.identity.store.tags import Tags
from services.identity.usecases.make_tag import MakeTag
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from services.identity.usecases.tag_client import ClientChangedError, TagClient, UnknownTagsError
from shared.web.access import ReadsPeople, TagsPeople
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import ProblemError, invalid, not_found


class TagOut(BaseModel):
    """A tag of the workspace."""

    id: str
    name: str
    created_at: datetime


class TagsOut(BaseModel):
    """A page of tags, by name."""

    items: list[TagOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class TagsAsked(_Asked):
    """`search` begins the tag's name, in any case and with or without accents."""

    search: Searched = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    """`next_cursor` of the page before."""


class TagAsked(_Asked):
    """A tag's name; one that differs by case, accents or spaces alone is the same tag."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=TAG_CHARACTERS),
        AfterValidator(plain),
    ]


class TagsOfClient(_Asked):
    """All tags that the client is to have; what is left out is taken off."""

    tags: Annotated[list[Id], Field(max_length=TAGS_OF_ONE)]
    rev: int | None = None
    """The rev you saw, if the change may only be made to that: 409 otherwise."""


def tags(kept: Tags, make: MakeTag, tag: TagClient, show: ShowClient) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["tags"])

    async def shown(workspace_id: str, client_id: str) -> ClientOut:
        """Show the client with its channels in short."""
        whole = await show(workspace_id, client_id)
        return client_out(whole.client, whole.chat_contacts, whole.tags)

    @router.get("/tags")
    async def list_tags(who: ReadsPeople, asked: Annotated[TagsAsked, Query()]) -> TagsOut:
        """List the workspace's tags by name."""
        after = read_cursor(asked.cursor, str)[0] if asked.cursor is not None else None
        page = await kept.page(who.workspace_id, asked.search, after, asked.limit + 1)
        items = page.items[: asked.limit]
        more = len(page.items) > asked.limit
        return TagsOut(
            items=[_out(one) for one in items],
            next_cursor=write_cursor(items[-1].key) if more else None,
            total=page.total,
            total_is_exact=True,
        )

    @router.post("/tags", status_code=201, responses={200: {"model": TagOut, "description": "It was there already."}})
    async def make_tag(who: TagsPeople, asked: TagAsked, response: Response) -> TagOut:
        """Make a tag; the one of the same name where there is one."""
        made, is_new = await make(who.workspace_id, asked.name)
        if not is_new:
            response.status_code = 200
        return _out(made)

    @router.put(
        "/clients/{id}/tags",
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )
    async def tag_client(who: TagsPeople, id: str, asked: TagsOfClient) -> ClientOut:  # noqa: A002 - the path's own word
        """Set all tags of a client."""
        try:
            await tag(who.workspace_id, id, asked.tags, asked.rev)
            return await shown(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        except UnknownTagsError as error:
            message = f"your workspace has no tag {', '.join(error.ids)}; GET /api/identity/tags lists them"
            raise invalid("tags", message) from error
        except ClientChangedError as error:
            current = (await shown(who.workspace_id, id)).model_dump(mode="json")
            raise ProblemError(
                409,
                "changed-meanwhile",
                "Somebody changed this client since you read it. Look at `current`, and send your tags again with its "
                "rev.",
                more={"current": current, "yours": asked.model_dump(mode="json")},
            ) from error

    return router


def _out(tag: Tag) -> TagOut:
    return TagOut(id=tag.id, name=tag.name, created_at=tag.created_at)

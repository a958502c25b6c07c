"""Tags: /api/identity/tags."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.identity.domain.labels import tidy
from services.identity.domain.tags import DEFAULT_COLOR, Tag, TagColor
from services.identity.routes.labels import (
    LabelAsked,
    LabelEdit,
    LabelOut,
    LabelsAsked,
    common,
    left_out,
    page_of,
    told,
)
from services.identity.store.label_counts import People
from services.identity.store.labels import Tags
from services.identity.usecases.count_people import CountPeople
from services.identity.usecases.keep_labels import KeepLabels
from shared.contracts.ids import new_id
from shared.web.access import ReadsPeople, TagsPeople, WritesPeople

MERGED: dict[int | str, dict[str, Any]] = {
    410: {"description": "This tag was merged; `survivor` and the Link header say into which."}
}


class TagOut(LabelOut):
    """A tag of the workspace."""

    color: TagColor


class TagsOut(BaseModel):
    """A page of tags, by name."""

    items: list[TagOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class TagAsked(LabelAsked):
    """A tag. One that is there already stays as it is."""

    color: TagColor = DEFAULT_COLOR


class TagEdit(LabelEdit):
    """A change of a tag; what is left out stays."""

    color: TagColor = Field(default_factory=left_out)


def tags(kept: Tags, count: CountPeople) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["tags"])
    keep = KeepLabels(kept)

    @router.get("/tags")
    async def list_tags(who: ReadsPeople, asked: Annotated[LabelsAsked, Query()]) -> TagsOut:
        """List the workspace's tags by name."""
        page, cursor, people = await page_of(kept, who.workspace_id, asked, count.of_tags)
        items = [_out(one, people.get(one.id)) for one in page.items]
        return TagsOut(items=items, next_cursor=cursor, total=page.total, total_is_exact=True)

    @router.post("/tags", status_code=201, responses={200: {"model": TagOut, "description": "It was there already."}})
    async def make_tag(who: TagsPeople, asked: TagAsked, response: Response) -> TagOut:
        """Make a tag; the one of the same name where there is one."""
        wanted = Tag(
            new_id("tg"), who.workspace_id, tidy(asked.name), keep.clock(), asked.description, color=asked.color
        )
        made, is_new = await keep.make(wanted)
        if not is_new:
            response.status_code = 200
        return _out(made, None)

    @router.get("/tags/{id}", responses=MERGED)
    async def get_tag(who: ReadsPeople, id: str) -> TagOut:  # noqa: A002 - the path's own word
        """Return one tag, and exactly how many people have it."""
        with told("tag"):
            found = await keep.get(who.workspace_id, id)
        return _out(found, await count.exactly(who.workspace_id, found))

    @router.patch("/tags/{id}", responses=MERGED)
    async def change_tag(who: WritesPeople, id: str, asked: TagEdit) -> TagOut:  # noqa: A002 - the path's own word
        """Rename, recolour or describe a tag. Whoever has it keeps it."""
        with told("tag", asked):
            return _out(await keep.change(who.workspace_id, id, asked.news(), asked.rev), None)

    return router


def _out(tag: Tag, people: People | None) -> TagOut:
    return TagOut(**common(tag, {tag.id: people} if people else {}), color=tag.color)

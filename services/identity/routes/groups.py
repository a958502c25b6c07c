"""Contact groups, lists of people kept by hand: /api/identity/groups."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.identity.domain.labels import Group, tidy
from services.identity.routes.labels import LabelAsked, LabelEdit, LabelOut, LabelsAsked, common, page_of, told
from services.identity.store.label_counts import People
from services.identity.store.labels import Groups
from services.identity.usecases.count_people import CountPeople
from services.identity.usecases.keep_labels import KeepLabels
from shared.contracts.ids import new_id
from shared.web.access import ReadsPeople, WritesPeople


class GroupOut(LabelOut):
    """A contact group of the workspace."""


class GroupsOut(BaseModel):
    """A page of contact groups, by name."""

    items: list[GroupOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


def groups(kept: Groups, count: CountPeople) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["groups"])
    keep = KeepLabels(kept)

    @router.get("/groups")
    async def list_groups(who: ReadsPeople, asked: Annotated[LabelsAsked, Query()]) -> GroupsOut:
        """List the workspace's contact groups by name. `GET /clients?group=` lists who is in one."""
        page, cursor, people = await page_of(kept, who.workspace_id, asked, count.of_groups)
        items = [_out(one, people.get(one.id)) for one in page.items]
        return GroupsOut(items=items, next_cursor=cursor, total=page.total, total_is_exact=True)

    @router.post(
        "/groups", status_code=201, responses={200: {"model": GroupOut, "description": "It was there already."}}
    )
    async def make_group(who: WritesPeople, asked: LabelAsked, response: Response) -> GroupOut:
        """Make a contact group; the one of the same name where there is one."""
        wanted = Group(new_id("gr"), who.workspace_id, tidy(asked.name), keep.clock(), asked.description)
        made, is_new = await keep.make(wanted)
        if not is_new:
            response.status_code = 200
        return _out(made, None)

    @router.get("/groups/{id}")
    async def get_group(who: ReadsPeople, id: str) -> GroupOut:  # noqa: A002 - the path's own word
        """Return one contact group, and exactly how many people are in it."""
        with told("group"):
            found = await keep.get(who.workspace_id, id)
        return _out(found, await count.exactly(who.workspace_id, found))

    @router.patch("/groups/{id}")
    async def change_group(who: WritesPeople, id: str, asked: LabelEdit) -> GroupOut:  # noqa: A002 - the path's own word
        """Rename or describe a contact group. Whoever is in it stays."""
        with told("group", asked):
            return _out(await keep.change(who.workspace_id, id, asked.news(), asked.rev), None)

    return router


def _out(group: Group, people: People | None) -> GroupOut:
    return GroupOut(**common(group, {group.id: people} if people else {}))

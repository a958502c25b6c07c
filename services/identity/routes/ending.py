"""Deleting tags, contact groups and segments, and merging tags: each answers with the job that does it."""

from collections.abc import Generator
from contextlib import contextmanager

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.identity.domain.inputs import Id
from services.identity.domain.labels import LabelKind
from services.identity.routes.jobs import JobOut, job_out
from services.identity.routes.labels import NOUNS, told
from services.identity.usecases.end_label import EndLabel, LabelInUseError, SameLabelError
from services.identity.usecases.keep_labels import UnknownLabelError
from shared.web.access import WritesPeople
from shared.web.problems import ProblemError, invalid

IN_USE = "Segments ask for it in their filters; `segments` says which."


class LabelMergeAsked(BaseModel):
    """Whoever has the one tag gets the other."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    into: Id
    """The tag that stays."""


def ending(tags: EndLabel, groups: EndLabel, segments: EndLabel) -> APIRouter:
    """Make the routes."""
    router = APIRouter()

    @router.delete("/tags/{id}", status_code=202, tags=["tags"], responses={409: {"description": IN_USE}})
    async def delete_tag(who: WritesPeople, id: str) -> JobOut:  # noqa: A002 - the path's own word
        """Delete a tag: it is gone at once, and a job takes it off everybody. This cannot be undone."""
        with _told("tag"):
            return job_out(await tags.delete(who.workspace_id, id, who.id))

    @router.post("/tags/{id}/merge", status_code=202, tags=["tags"])
    async def merge_tag(who: WritesPeople, id: str, asked: LabelMergeAsked) -> JobOut:  # noqa: A002 - the path's own word
        """Merge a tag into another one: whoever has it gets the other, and so do the filters that ask for it."""
        with _told("tag"):
            try:
                await tags.known(who.workspace_id, asked.into)
            except UnknownLabelError as error:
                raise invalid("into", "your workspace has no such tag; GET /api/identity/tags lists them") from error
            return job_out(await tags.merge(who.workspace_id, id, asked.into, who.id))

    @router.delete("/groups/{id}", status_code=202, tags=["groups"], responses={409: {"description": IN_USE}})
    async def delete_group(who: WritesPeople, id: str) -> JobOut:  # noqa: A002 - the path's own word
        """Delete a contact group: it is gone at once, and a job takes everybody out of it. The people stay."""
        with _told("group"):
            return job_out(await groups.delete(who.workspace_id, id, who.id))

    @router.delete("/segments/{id}", status_code=202, tags=["segments"], responses={409: {"description": IN_USE}})
    async def delete_segment(who: WritesPeople, id: str) -> JobOut:  # noqa: A002 - the path's own word
        """Delete a segment: it is gone at once, and a job takes everybody out of it. The people stay."""
        with _told("segment"):
            return job_out(await segments.delete(who.workspace_id, id, who.id))

    return router


@contextmanager
def _told(kind: LabelKind) -> Generator[None]:
    with told(kind):
        try:
            yield
        except LabelInUseError as error:
            names = ", ".join(f"“{segment.name}”" for segment in error.segments)
            raise ProblemError(
                409,
                "in-use",
                f"The filter of {names} asks for this {NOUNS[kind]}, and would mean other people without it. Change or "
                "delete that segment first.",
                more={"segments": [{"id": segment.id, "name": segment.name} for segment in error.segments]},
            ) from error
        except SameLabelError as error:
            raise invalid("into", "a tag cannot be merged into itself; choose another one") from error

"""Segments, kept by hand or by a filter: /api/identity/segments, and those of a client."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.identity.domain.filter import Filter
from services.identity.domain.labels import tidy
from services.identity.domain.segments import Segment
from services.identity.routes.asked import FilterAsked
from services.identity.routes.labels import (
    PLACES,
    LabelAsked,
    LabelEdit,
    LabelOut,
    LabelsAsked,
    common,
    left_out,
    page_of,
    told,
)
from services.identity.routes.problems import absorbed
from services.identity.store.label_counts import People
from services.identity.store.labels import Segments
from services.identity.usecases.count_people import CountPeople
from services.identity.usecases.keep_segments import (
    KeepSegments,
    KindOfSegmentError,
    RuleLeadsBackError,
    UnknownInRuleError,
)
from services.identity.usecases.resolve_filter import SegmentsOf
from services.identity.usecases.show_client import AbsorbedClientError, ShowClient, UnknownClientError
from shared.contracts.chat import Channel
from shared.contracts.ids import new_id
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import ProblemError, invalid, not_found

Kept = Literal["by_hand", "by_rule"]


class RuleOut(BaseModel):
    """Whom a filter lets through, in the words of `GET /api/identity/clients`."""

    search: str
    registered: bool | None
    source: list[Channel]
    tag: list[str]
    not_tag: list[str]
    group: list[str]
    segment: list[str]
    refused: bool | None


class SegmentOut(LabelOut):
    """A segment of the workspace."""

    kept: Kept
    rule: RuleOut | None
    """None where it is kept by hand."""


class SegmentsOut(BaseModel):
    """A page of segments, by name."""

    items: list[SegmentOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class SegmentAsked(LabelAsked):
    """A segment. Without a rule it is kept by hand."""

    rule: FilterAsked | None = None


class SegmentEdit(LabelEdit):
    """A change of a segment; what is left out stays. One that is kept by hand gets no rule, nor the other way."""

    rule: FilterAsked = Field(default_factory=left_out)


class ClientSegmentOut(BaseModel):
    """A segment that a client is in."""

    id: str
    name: str
    kept: Kept
    """`by_rule` is for reading alone: a filter says who is in it."""


class ClientSegmentsOut(BaseModel):
    """All segments that a client is in now, by name."""

    items: list[ClientSegmentOut]


def segments(
    kept: Segments, keep: KeepSegments, count: CountPeople, show: ShowClient, segments_of: SegmentsOf
) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["segments"])

    @router.get("/segments")
    async def list_segments(who: ReadsPeople, asked: Annotated[LabelsAsked, Query()]) -> SegmentsOut:
        """List the workspace's segments by name. `GET /clients?segment=` lists who is in one, by hand or by rule."""
        page, cursor, people = await page_of(kept, who.workspace_id, asked, count.of_segments)
        items = [_out(one, people.get(one.id)) for one in page.items]
        return SegmentsOut(items=items, next_cursor=cursor, total=page.total, total_is_exact=True)

    @router.post(
        "/segments", status_code=201, responses={200: {"model": SegmentOut, "description": "It was there already."}}
    )
    async def make_segment(who: WritesPeople, asked: SegmentAsked, response: Response) -> SegmentOut:
        """Make a segment; the one of the same name, as it is, where there is one."""
        rule = asked.rule.filter() if asked.rule else None
        name = tidy(asked.name)
        wanted = Segment(new_id("sg"), who.workspace_id, name, keep.clock(), asked.description, rule=rule)
        with _told():
            made, is_new = await keep.make(wanted)
        if not is_new:
            response.status_code = 200
        return _out(made, None)

    @router.get("/segments/{id}")
    async def get_segment(who: ReadsPeople, id: str) -> SegmentOut:  # noqa: A002 - the path's own word
        """Return one segment, and how many people are in it: to 10,000 where its filter asks several things."""
        with told("segment"):
            found = await keep.get(who.workspace_id, id)
        return _out(found, await count.exactly(who.workspace_id, found))

    @router.patch("/segments/{id}")
    async def change_segment(who: WritesPeople, id: str, asked: SegmentEdit) -> SegmentOut:  # noqa: A002 - the path's own word
        """Rename or describe a segment, or change its filter."""
        with told("segment", asked), _told():
            news = asked.news()
            if "rule" in news:
                news["rule"] = asked.rule.filter()
            return _out(await keep.change(who.workspace_id, id, news, asked.rev), None)

    @router.get(
        "/clients/{id}/segments",
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )
    async def get_segments_of(who: ReadsPeople, id: str) -> ClientSegmentsOut:  # noqa: A002 - the path's own word
        """List the segments that a client is in, those by rule as its filter says now."""
        try:
            whole = await show(who.workspace_id, id)
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        found = await segments_of(who.workspace_id, whole.client)
        return ClientSegmentsOut(items=[ClientSegmentOut(id=s.id, name=s.name, kept=_kept(s)) for s in found])

    return router


@contextmanager
def _told() -> Generator[None]:
    """Say what is wrong with a rule."""
    try:
        yield
    except UnknownInRuleError as error:
        place = PLACES[error.kind]
        raise invalid(
            f"rule.{error.kind}",
            f"your workspace has no {', '.join(error.ids)}; GET /api/identity/{place} lists what there is",
        ) from error
    except RuleLeadsBackError as error:
        raise invalid(
            "rule.segment",
            "the filter would ask for the segment itself, through the segments it names; leave those out",
        ) from error
    except KindOfSegmentError as error:
        raise ProblemError(
            409,
            "kept-otherwise",
            "A segment that is kept by hand gets no filter later, nor the other way: make another segment.",
        ) from error


def _kept(segment: Segment) -> Kept:
    return "by_hand" if segment.rule is None else "by_rule"


def _out(segment: Segment, people: People | None) -> SegmentOut:
    return SegmentOut(
        **common(segment, {segment.id: people} if people else {}),
        kept=_kept(segment),
        rule=None if segment.rule is None else rule_out(segment.rule),
    )


def rule_out(rule: Filter) -> RuleOut:
    """Show a filter in the words that it is asked with."""
    return RuleOut(
        search=rule.search,
        registered=rule.registered,
        source=list(rule.sources),
        tag=list(rule.tags),
        not_tag=list(rule.not_tags),
        group=list(rule.groups),
        segment=list(rule.segments),
        refused=rule.refused,
    )

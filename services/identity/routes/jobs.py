"""Bulk work on many clients: /api/identity/jobs."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.identity.domain.inputs import Id
from services.identity.domain.jobs import MAX_IDS, FaultReason, Job, JobStatus
from services.identity.routes.asked import FilterAsked, Limit
from services.identity.routes.labels import NOUNS, PLACES
from services.identity.routes.refusal_shapes import Reason
from services.identity.usecases.keep_labels import UnknownLabelError
from services.identity.usecases.start_job import LABELS, StartJob, Wanted
from services.identity.usecases.watch_jobs import UnknownJobError, WatchJobs
from shared.web.access import Principal, ReadsPeople, TagsPeople
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import ProblemError, invalid, not_found

JobKind = Literal[
    "delete",
    "blacklist",
    "tag",
    "untag",
    "group",
    "ungroup",
    "segment",
    "unsegment",
    "delete_tag",
    "delete_group",
    "delete_segment",
    "merge_tags",
]
AGENTS_MAY = frozenset({"tag", "untag"})
"""Whatever else is done to many needs the permission to write people."""


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class LabelAction(_Asked):
    """To tag or untag, to put into a contact group or a segment kept by hand, or to take out of it."""

    kind: Literal["tag", "untag", "group", "ungroup", "segment", "unsegment"]
    id: Id
    """Of the tag, the contact group or the segment."""


class DeleteAction(_Asked):
    """To delete clients: their profiles are gone for good, their conversations stay."""

    kind: Literal["delete"]


class BlacklistAction(_Asked):
    """To blacklist the emails, phones and chats of clients."""

    kind: Literal["blacklist"]
    reason: Reason


def _of_clients(ids: list[str]) -> list[str]:
    strangers = [id_ for id_ in ids if id_.startswith("cc_")]
    if strangers:
        raise ValueError(
            f"{strangers[0]} is a chat contact, and actions are done to clients: somebody without a profile can be "
            "looked at, not acted upon. Take `client_id` of a chat contact that has one."
        )
    return ids


class JobAsked(_Asked):
    """What is to be done, and to whom: `ids`, or all that a `filter` lets through when it starts."""

    action: Annotated[LabelAction | DeleteAction | BlacklistAction, Field(discriminator="kind")]
    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_IDS), AfterValidator(_of_clients)] | None = None
    filter: FilterAsked | None = None
    """An empty one means everybody."""

    @model_validator(mode="after")
    def _one_of_both(self) -> "JobAsked":
        if (self.ids is None) == (self.filter is None):
            raise ValueError("give `ids` of clients, or a `filter`, and not both")
        return self


class JobsAsked(_Asked):
    """The newest first."""

    mine: bool = False
    """Only those that the caller made."""
    limit: Limit = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    """`next_cursor` of the page before."""


class JobFaultOut(BaseModel):
    """A client on whom it was not done, and why."""

    client_id: str
    reason: FaultReason
    survivor_id: str | None
    """As whom a merged client lives on."""


class JobOut(BaseModel):
    """Bulk work, and how far it is."""

    id: str
    kind: JobKind
    label_id: str | None
    """The tag, contact group or segment that it is about."""
    label_name: str | None
    into_id: str | None
    into_name: str | None
    """The tag that stays, of a merge."""
    status: JobStatus
    reason: str | None
    """Why it failed: `gone`, because the tag, group or segment was deleted meanwhile; `ours`, by a fault of Kith's."""
    total: int
    """How many were meant when it started."""
    total_is_exact: bool
    """False where there are more than that."""
    seen: int
    changed: int
    unchanged: int
    """It was so already."""
    faulty: int
    faults: list[JobFaultOut]
    """The first hundred of them."""
    may_cancel: bool
    cancelling: bool
    made_by: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class JobsOut(BaseModel):
    """A page of jobs, the newest first."""

    items: list[JobOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


def jobs(start: StartJob, watch: WatchJobs) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["jobs"])

    @router.post("/jobs", status_code=202)
    async def start_job(
        who: TagsPeople,
        asked: JobAsked,
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> JobOut:
        """Do something to many clients, in the background. The same `Idempotency-Key` again answers the same job."""
        kind = asked.action.kind
        _may_do(who, kind)
        wanted = Wanted(kind, _params(asked.action), asked.ids, asked.filter.filter() if asked.filter else None)
        try:
            job = await start(who.workspace_id, who.id, wanted, _id_of(who, idempotency_key))
        except UnknownLabelError as error:
            label = LABELS[kind]
            by_hand = " that is kept by hand" if label == "segment" else ""
            message = (
                f"your workspace has no such {NOUNS[label]}{by_hand}; GET /api/identity/{PLACES[label]} lists them"
            )
            raise invalid("action.id", message) from error
        return job_out(job)

    @router.get("/jobs")
    async def list_jobs(who: ReadsPeople, asked: Annotated[JobsAsked, Query()]) -> JobsOut:
        """List bulk work, the newest first. What ended is kept for 30 days."""
        after = _after(asked.cursor)
        made_by = who.id if asked.mine else None
        found, total = await watch.newest(who.workspace_id, made_by, after, asked.limit + 1)
        items = [job_out(one) for one in found[: asked.limit]]
        return JobsOut(items=items, next_cursor=_cursor(found, asked.limit), total=total, total_is_exact=True)

    @router.get("/jobs/{id}")
    async def get_job(who: ReadsPeople, id: str) -> JobOut:  # noqa: A002 - the path's own word
        """Return one piece of bulk work, and how far it is."""
        try:
            return job_out(await watch.get(who.workspace_id, id))
        except UnknownJobError:
            raise not_found("job") from None

    @router.post("/jobs/{id}/cancel")
    async def cancel_job(who: TagsPeople, id: str) -> JobOut:  # noqa: A002 - the path's own word
        """Stop bulk work. What was done stays; who has not been reached is not."""
        try:
            job = await watch.get(who.workspace_id, id)
            _may_do(who, job.kind)
            if not job.may_cancel:
                raise ProblemError(409, "cannot-be-cancelled", _why_not(job))
            return job_out(await watch.cancel(who.workspace_id, id))
        except UnknownJobError:
            raise not_found("job") from None

    return router


def _params(action: LabelAction | DeleteAction | BlacklistAction) -> dict[str, str]:
    match action:
        case LabelAction():
            return {"label": action.id}
        case BlacklistAction():
            return {"reason": action.reason}
        case DeleteAction():
            return {}


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    at, id_ = read_cursor(cursor, datetime, str)
    return at, id_


def _cursor(found: Sequence[Job], limit: int) -> str | None:
    return write_cursor(found[limit - 1].made_at, found[limit - 1].id) if len(found) > limit else None


def _may_do(who: Principal, kind: str) -> None:
    if kind not in AGENTS_MAY and "people:write" not in who.scopes:
        raise ProblemError(
            403, "not-allowed", "This needs the permission people:write, which you do not have. Ask an admin."
        )


def _id_of(who: Principal, key: str | None) -> str | None:
    if key is None:
        return None
    digest = hashlib.blake2b(f"{who.workspace_id}/{who.id}/{key}".encode(), digest_size=12)
    return f"jb_{digest.hexdigest()}"


def _why_not(job: Job) -> str:
    if job.ended_at is not None:
        return "It has ended already; there is nothing left to stop."
    return "What it takes off people is deleted already. To stop halfway would leave it on some of them."


def job_out(job: Job) -> JobOut:
    """Show a job."""
    return JobOut(
        id=job.id,
        kind=job.kind,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - a row of the table
        label_id=job.params.get("label"),
        label_name=job.names.get("label"),
        into_id=job.params.get("into"),
        into_name=job.names.get("into"),
        status=job.status,
        reason=job.reason,
        total=job.total,
        total_is_exact=job.total_is_exact,
        seen=job.seen,
        changed=job.changed,
        unchanged=job.seen - job.changed - job.faulty,
        faulty=job.faulty,
        faults=[
            JobFaultOut(client_id=fault.client_id, reason=fault.reason, survivor_id=fault.survivor_id)
            for fault in job.faults
        ],
        may_cancel=job.may_cancel,
        cancelling=job.cancel and job.ended_at is None,
        made_by=job.made_by,
        made_at=job.made_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
    )

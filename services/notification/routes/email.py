"""What became of emails to agents, for admins."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notification.store.emails import Email, Emails
from services.notification.usecases.send_emails import SendEmails
from shared.web.access import AccessBook, WritesQueues
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import not_found

_BOUND = 10_000


class TroubleShape(BaseModel):
    """An email that was refused, got lost, or waits after a failure."""

    id: str
    at: datetime
    """When it was to be sent."""
    status: Literal["queued", "failed", "unknown"]
    """`queued` is tried again for a day; `unknown` may have arrived, and is never sent twice."""
    reason: str
    user_id: str
    user_name: str | None
    email: str | None
    """The address it went to, as the user's is now."""
    request_id: str
    tries: int


class MailServerShape(BaseModel):
    """How it stands with the mail server, as the process that answers sees it."""

    is_set: bool
    trouble: str | None
    """Why nothing can be sent just now."""
    waiting: int
    """Emails that wait, up to 10,000."""
    waiting_since: datetime | None


class TroublesShape(BaseModel):
    """A page of them."""

    items: list[TroubleShape]
    next_cursor: str | None
    total: int
    total_is_exact: bool
    server: MailServerShape


class BounceShape(BaseModel):
    """An email that came back."""

    model_config = ConfigDict(extra="forbid")

    message_id: str = Field(max_length=300)
    """The `Message-ID` of ours that it is about, with or without its brackets."""
    reason: str = Field(min_length=1, max_length=300)


def email_routes(*, emails: Emails, send: SendEmails, access: AccessBook, is_set: bool) -> APIRouter:
    """Return the routes of the emails."""
    router = APIRouter(tags=["emails"])

    @router.get("/email/troubles")
    async def email_troubles(
        principal: WritesQueues,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: str = "",
    ) -> TroublesShape:
        """List emails that were refused or got lost, the newest first, and say how it stands with the mail server."""
        after: tuple[datetime, str] | None = None
        if cursor:
            at, id_ = read_cursor(cursor, datetime, str)
            after = (at, id_)
        found = await emails.troubles(principal.workspace_id, limit + 1, after)
        total = await emails.trouble_total(principal.workspace_id, _BOUND + 1)
        waiting, since = await emails.waiting(principal.workspace_id)
        return TroublesShape(
            items=[_shape(one, access) for one in found[:limit]],
            next_cursor=write_cursor(found[limit - 1].at, found[limit - 1].id) if len(found) > limit else None,
            total=min(total, _BOUND),
            total_is_exact=total <= _BOUND,
            server=MailServerShape(is_set=is_set, trouble=send.trouble, waiting=waiting, waiting_since=since),
        )

    @router.post("/bounces", status_code=204, response_class=Response)
    async def note_bounce(principal: WritesQueues, body: BounceShape) -> None:
        """Tell Kith that an email came back, from a mail system that can say so: it is listed among the troubles."""
        id_ = body.message_id.strip().strip("<>").partition("@")[0]
        if not await emails.bounced(principal.workspace_id, id_, " ".join(body.reason.split())):
            raise not_found("email")

    return router


def _shape(email: Email, access: AccessBook) -> TroubleShape:
    user = access.user(email.workspace_id, email.user_id)
    return TroubleShape(
        id=email.id,
        at=email.at,
        status="queued" if email.status == "queued" else "failed" if email.status == "failed" else "unknown",
        reason=email.reason or "",
        user_id=email.user_id,
        user_name=user.name if user else None,
        email=user.email if user else None,
        request_id=email.request_id,
        tries=email.tries,
    )

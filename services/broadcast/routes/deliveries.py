"""What became of messages that were to be sent."""

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.broadcast.domain.delivery import Delivery, Status
from services.broadcast.usecases.deliveries import GetDelivery, ListDeliveries, ResendDelivery
from shared.contracts.chat import Channel
from shared.contracts.sending import FailureReason, Origin
from shared.web.access import ReadsDeliveries, WritesPeople
from shared.web.problems import invalid


class DeliveryOut(BaseModel):
    """One attempt at one message; its text is the conversation's to show."""

    id: str
    outbound_id: str
    """The message's id, the same for every attempt at it."""
    attempt: int
    status: Status
    """`unknown`: perhaps sent, no answer says so. It is sent again only when you say so."""
    reason: FailureReason | None
    detail: str | None
    """The provider's own words, or ours."""
    channel: Channel
    connection_id: str
    chat_contact_id: str
    origin: Origin
    cause: str
    provider_message_id: str | None
    requests: int
    planned_at: datetime
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    resent_as: str | None
    """The id of the next attempt, where somebody decided to send it again."""
    resent_by: str | None


class DeliveryPage(BaseModel):
    """Some deliveries, newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None
    total: int
    """Exact to 10,000."""
    total_is_exact: bool


class DeliveryQuery(BaseModel):
    """Which deliveries to list."""

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    connection_id: str | None = Field(None, max_length=200)
    chat_contact_id: str | None = Field(None, max_length=200)
    sort: Literal["newest"] = "newest"
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=100)

    def filters(self) -> dict[str, Any]:
        return self.model_dump(include={"status", "connection_id", "chat_contact_id"}, exclude_none=True)


def router(list_: ListDeliveries, get: GetDelivery, resend: ResendDelivery) -> APIRouter:
    """Return /deliveries."""
    found = APIRouter(tags=["deliveries"])

    @found.get("/deliveries", summary="List deliveries")
    async def list_deliveries(who: ReadsDeliveries, query: Annotated[DeliveryQuery, Query()]) -> DeliveryPage:
        page = await list_(who.workspace_id, query.filters(), before=_read(query.cursor), limit=query.limit)
        return DeliveryPage(
            items=[_out(row) for row in page.items],
            next_cursor=None if page.next_before is None else _write(page.next_before),
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @found.get("/deliveries/{id}", summary="Look at one delivery")
    async def get_delivery(who: ReadsDeliveries, id: str) -> DeliveryOut:  # noqa: A002 - the name in the path
        return _out(await get(who.workspace_id, id))

    @found.post("/deliveries/{id}/resend", status_code=201, summary="Send a failed or unknown message again")
    async def resend_delivery(who: WritesPeople, id: str) -> DeliveryOut:  # noqa: A002 - the name in the path
        return _out(await resend(who.workspace_id, id, who.id))

    return found


def _out(row: Delivery) -> DeliveryOut:
    return DeliveryOut(
        channel=row.chat.channel,
        **{name: getattr(row, name) for name in DeliveryOut.model_fields if name != "channel"},
    )


def _write(seq: int) -> str:
    return base64.urlsafe_b64encode(str(seq).encode()).decode().rstrip("=")


def _read(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise invalid("cursor", "this is no cursor of ours; leave it out to begin at the newest") from None

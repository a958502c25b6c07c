"""What people did: POST /api/identity/events and /orders, GET /api/identity/clients/{id}/activity."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.identity.domain.activity import Activity, ActivityKind, PropertyValue
from services.identity.domain.activity_row import LenientEvent, LenientOrder
from services.identity.domain.contact_row import AT_ONCE
from services.identity.routes.problems import absorbed
from services.identity.routes.telling import IdempotencyKey, ToldRowsOut, ledger_of, other_call, rows_out
from services.identity.store.answers import OtherCallError
from services.identity.usecases.answer_once import AnswerOnce
from services.identity.usecases.show_activity import ShowActivity
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from services.identity.usecases.tell_activity import Row, TellActivity
from shared.contracts.chat import Channel
from shared.contracts.event import UtcTime
from shared.contracts.sending import DeliveryStatus
from shared.web.access import Principal, ReadsPeople, WritesPeople
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import not_found


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class EventsAsked(_Asked):
    """Events to keep, each once."""

    events: Annotated[list[LenientEvent], Field(min_length=1, max_length=AT_ONCE)]


class OrdersAsked(_Asked):
    """Orders as they are now."""

    orders: Annotated[list[LenientOrder], Field(min_length=1, max_length=AT_ONCE)]


class ActivityAsked(_Asked):
    """Which activity. Of orders alone, the whole time is always answered."""

    kind: Literal["all", "campaigns", "events", "orders"] = "all"
    since: UtcTime | None = None
    until: UtcTime | None = None
    """Up to this moment, and not with it."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    """`next_cursor` of the page before."""


class EventOut(BaseModel):
    """Something that the client did."""

    name: str
    """In the business's own words; of what Kith saw, one of `wrote_first`, `left_form`, `signed_in` and the like."""
    seen_by_kith: bool
    channel: Channel | None
    workflows: list[str]
    """What it started, by name."""
    properties: dict[str, PropertyValue]


class ItemOut(BaseModel):
    """One line of an order."""

    name: str
    quantity: str | None
    price: str | None
    external_id: str | None


class OrderOut(BaseModel):
    """An order. Amounts are decimal numbers, as text."""

    external_id: str
    amount: str
    currency: str
    status: str
    items: list[ItemOut]


class CampaignOut(BaseModel):
    """A campaign's message to the client."""

    message: str
    channel: Channel
    status: DeliveryStatus
    campaign_id: str | None


class ActivityOut(BaseModel):
    """One thing that happened; one of `campaign`, `event` and `order` says what."""

    id: str
    kind: ActivityKind
    at: datetime
    campaign: CampaignOut | None
    event: EventOut | None
    order: OrderOut | None


class ActivitiesOut(BaseModel):
    """A page of activity, the newest first."""

    items: list[ActivityOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


def activity(show: ShowActivity, tell: TellActivity, once: AnswerOnce) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["contacts API"])

    async def told(who: Principal, rows: list[Row], key: str | None, request: Request) -> ToldRowsOut:
        ledger = await ledger_of(once, who.workspace_id, key, request)
        try:
            return rows_out(await tell(who.workspace_id, rows, ledger))
        except OtherCallError:
            raise other_call() from None

    @router.post("/events")
    async def tell_events(
        who: WritesPeople, asked: EventsAsked, request: Request, idempotency_key: IdempotencyKey = None
    ) -> ToldRowsOut:
        """Tell what clients did, up to 500 events in one call. Each is taken or refused by itself."""
        return await told(who, [*asked.events], idempotency_key, request)

    @router.post("/orders")
    async def tell_orders(
        who: WritesPeople, asked: OrdersAsked, request: Request, idempotency_key: IdempotencyKey = None
    ) -> ToldRowsOut:
        """Tell of orders as they are now, up to 500 in one call. Each is taken or refused by itself.

        An order that is there is updated by whatever is newer; its address becomes the client's, where that one is
        older than the order.
        """
        return await told(who, [*asked.orders], idempotency_key, request)

    @router.get(
        "/clients/{id}/activity",
        responses={410: {"description": "This client was merged; `survivor` and the Link header say into whom."}},
    )
    async def list_activity(
        who: ReadsPeople,
        id: str,  # noqa: A002 - the path's own word
        asked: Annotated[ActivityAsked, Query()],
    ) -> ActivitiesOut:
        """List what a client did and what was sent to them, the newest first; merged clients' is among it."""
        after = read_cursor(asked.cursor, datetime, str) if asked.cursor is not None else None
        try:
            page = await show(
                who.workspace_id,
                id,
                kind=asked.kind,
                since=asked.since,
                until=asked.until,
                after=(after[0], after[1]) if after is not None else None,
                limit=asked.limit,
            )
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        last = page.items[-1] if page.more else None
        return ActivitiesOut(
            items=[_out(one) for one in page.items],
            next_cursor=write_cursor(last.at, last.source) if last is not None else None,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    return router


def _out(one: Activity) -> ActivityOut:
    order, sent = one.order, one.sent
    return ActivityOut(
        id=one.source,
        kind=one.kind,
        at=one.at,
        campaign=None
        if sent is None
        else CampaignOut(message=sent.message, channel=sent.channel, status=sent.status, campaign_id=sent.campaign_id),
        event=None
        if one.kind != "event"
        else EventOut(
            name=one.name,
            seen_by_kith=one.seen,
            channel=one.channel,
            workflows=list(one.workflows),
            properties=dict(one.properties),
        ),
        order=None
        if order is None
        else OrderOut(
            external_id=order.external_id,
            amount=order.amount,
            currency=order.currency,
            status=order.status,
            items=[
                ItemOut(name=item.name, quantity=item.quantity, price=item.price, external_id=item.external_id)
                for item in order.items
            ],
        ),
    )

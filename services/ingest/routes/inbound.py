"""`/api/ingest/inbound` and `/api/ingest/receipts`: the way in for anybody's own adapter."""

import json
from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.ingest.channels.custom.items import MOST_ITEMS, InboundItem, ReceiptItem, schema_of
from services.ingest.usecases.take_items import NothingStoredError, TakeItems, Verdict
from shared.web.access import WritesInbound
from shared.web.problems import FieldError, ProblemError, invalid

MOST_BYTES = 1024 * 1024


class ItemVerdict(BaseModel):
    """What became of one item."""

    id: str | None
    """The item's own: its `id`, or the `message_id` or `delivery_id` of a receipt."""
    status: Literal["accepted", "refused"]
    """`accepted`: Kith has it for good. `refused`: nothing of it was taken."""
    error: FieldError | None = None


class ItemVerdicts(BaseModel):
    """One for each item, in the order in which they were sent."""

    items: list[ItemVerdict]


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    """Describe the body, which is read by hand: a bad item must not spoil the good ones."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(model)}}}}


def router(take: TakeItems) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["adapters"])

    @routes.post("/inbound", openapi_extra=_takes(InboundItem))
    async def take_inbound(who: WritesInbound, request: Request) -> ItemVerdicts:
        """Take what people did on an adapter's channel: one item, or up to a hundred, each answered by itself.

        503 where nothing could be stored: send all of it again.
        """
        items = await _items(request)
        try:
            return _told(await take.inbound(who.workspace_id, items))
        except NothingStoredError as error:
            raise _away() from error

    @routes.post("/receipts", openapi_extra=_takes(ReceiptItem))
    async def take_receipts(who: WritesInbound, request: Request) -> ItemVerdicts:
        """Take what became of messages that an adapter was given: one receipt, or up to a hundred."""
        items = await _items(request)
        try:
            return _told(await take.receipts(who.workspace_id, items))
        except NothingStoredError as error:
            raise _away() from error

    return routes


def _told(verdicts: Sequence[Verdict]) -> ItemVerdicts:
    return ItemVerdicts(
        items=[
            ItemVerdict(id=_shown(one.id), status="accepted")
            if one.error is None
            else ItemVerdict(
                id=_shown(one.id),
                status="refused",
                error=FieldError(field=_shown(one.error.field) or "item", message=one.error.message),
            )
            for one in verdicts
        ]
    )


def _shown(text: str | None) -> str | None:
    """Return text that JSON can carry: whoever sends half a character gets a question mark back."""
    return None if text is None else text[:200].encode(errors="replace").decode()


async def _items(request: Request) -> list[object]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise ProblemError(413, "too-large", f"At most {MOST_BYTES} bytes are taken at once; send fewer items.")
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        raise invalid("body", "this is not JSON in UTF-8") from None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise invalid("body", "send one item, or a list of them")
    if not 0 < len(found) <= MOST_ITEMS:
        raise invalid("body", f"send 1 to {MOST_ITEMS} items at once; these are {len(found)}")
    return list(found)


def _away() -> ProblemError:
    words = "Nothing could be stored just now. Send all of it again in a moment, with the same ids."
    return ProblemError(503, "away", words, headers={"Retry-After": "1"})

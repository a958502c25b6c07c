"""Looking at deliveries, and deciding to send one again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from services.broadcast.domain.delivery import RESENDABLE, Delivery
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.deliveries import COUNTED_EXACTLY, Deliveries
from shared.contracts.ids import derived_id
from shared.web.problems import ProblemError, not_found

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next begin."""

    items: list[Delivery]
    next_before: int | None
    total: int
    total_is_exact: bool


class ListDeliveries:
    """Reads a page."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    async def __call__(self, workspace_id: str, filters: dict[str, Any], *, before: int | None, limit: int) -> Page:
        found = await self._deliveries.page(workspace_id, filters, before=before, limit=limit + 1)
        total = await self._deliveries.count(workspace_id, filters)
        items = found[:limit]
        more = items[-1].seq if len(found) > limit else None
        return Page(items, more, min(total, COUNTED_EXACTLY), total <= COUNTED_EXACTLY)


class GetDelivery:
    """Reads one."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    async def __call__(self, workspace_id: str, id_: str) -> Delivery:
        found = await self._deliveries.get(workspace_id, id_)
        if found is None:
            raise not_found("delivery")
        return found


class ResendDelivery:
    """Plans a further attempt at what failed or is unknown: only ever a person's decision."""

    def __init__(self, deliveries: Deliveries, clock: DatabaseClock, wake: Callable[[set[str]], None]) -> None:
        self._deliveries = deliveries
        self._clock = clock
        self._wake = wake

    async def __call__(self, workspace_id: str, id_: str, who: str) -> Delivery:
        old = await self._deliveries.get(workspace_id, id_)
        if old is None:
            raise not_found("delivery")
        if old.status not in RESENDABLE:
            raise ProblemError(
                409, "not-resendable", f"This message is {old.status}; only a failed or unknown one can be sent again."
            )
        if old.says_nothing:
            raise ProblemError(409, "not-resendable", "This only answered a press, and the button no longer waits.")
        new = self._attempt(old, who)
        if old.resent_as is not None or not await self._deliveries.plan_again(old, new):
            raise ProblemError(
                409, "resent-already", f"This message was sent again already, as {new.id}. Look at that one."
            )
        log.info("sent again by a person", delivery_id=old.id, attempt_id=new.id, who=who)
        self._wake({new.connection_id})
        return new

    def _attempt(self, old: Delivery, who: str) -> Delivery:
        now = self._clock.now()
        return replace(
            old,
            id=derived_id("attempt", old.id, str(old.attempt + 1)),
            attempt=old.attempt + 1,
            acknowledges=None,  # the button has long stopped waiting
            status="planned",
            planned_at=now,
            due_at=now,
            requests=0,
            refusals=0,
            fence=None,
            started_at=None,
            finished_at=None,
            provider_message_id=None,
            reason=None,
            detail=None,
            reported=None,
            resent_as=None,
            resent_by=who,
        )

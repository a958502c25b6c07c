"""What a request's outcome makes of a row of the ledger."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from services.broadcast.domain.delivery import Delivery, Status
from services.broadcast.domain.outcomes import (
    Failed,
    Faulty,
    Forbidden,
    Limited,
    NotReached,
    NotStarted,
    Outcome,
    Sent,
    Unknown,
)
from shared.contracts.sending import FailureReason

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
MAX_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a message is tried."""

    attempts: int
    give_up_after: timedelta


@dataclass(frozen=True, slots=True)
class Change:
    """What is written into the row."""

    status: Status
    due_in: float = 0.0
    """Seconds; of a row that is planned again."""
    provider_message_id: str | None = None
    reason: FailureReason | None = None
    detail: str | None = None
    requested: bool = True
    refused: bool = False
    """Whether the provider's own fault counts against the row's attempts."""


def settle(row: Delivery, outcome: Outcome, now: datetime, patience: Patience) -> Change:
    """Decide what becomes of a row."""
    match outcome:
        case Sent(provider_message_id):
            found = Change("sent", provider_message_id=provider_message_id)
        case Failed(reason, detail):
            found = Change("failed", reason=reason, detail=_short(detail))
        case Unknown(detail):
            found = Change("unknown", detail=_short(detail))
        case Faulty(detail):
            found = _try_again(row, detail, patience)
        case NotReached(detail):
            given_up = now - row.planned_at > patience.give_up_after
            found = _give_up(detail, requested=False) if given_up else Change("planned", requested=False)
        case Limited(retry_after, chat_alone):  # its connection pauses, or its chat; the row keeps its place
            found = Change("planned", due_in=retry_after if chat_alone else 0.0)
        case Forbidden(reason, detail):
            found = Change("failed", reason=reason, detail=_short(detail), requested=False)
        case NotStarted():
            found = Change("planned", requested=False)
        case _:
            assert_never(outcome)
    return found


def _try_again(row: Delivery, detail: str, patience: Patience) -> Change:
    if row.refusals + 1 >= patience.attempts:
        return _give_up(detail, requested=True)
    return Change("planned", due_in=back_off(row.refusals), refused=True)


def _give_up(detail: str, *, requested: bool) -> Change:
    return Change("failed", reason="gave_up", detail=_short(detail), requested=requested, refused=requested)


def back_off(times: int) -> float:
    """Seconds to wait after so many failures before: 1, 2, 4 … up to a minute."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(times, 10))


def _short(detail: str | None) -> str | None:
    return None if detail is None else detail[:MAX_DETAIL]

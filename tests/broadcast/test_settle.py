"""What becomes of a row, and who may be written to."""

from datetime import timedelta

import pytest

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
from services.broadcast.domain.settle import Change, Patience, back_off, settle
from shared.contracts.people import PermissionStateV1
from shared.contracts.permissions import PermissionBook
from tests.broadcast.rows import NOW, a_row

PATIENCE = Patience(attempts=3, give_up_after=timedelta(hours=1))


@pytest.mark.parametrize(
    ("outcome", "change"),
    [
        (Sent("7"), Change("sent", provider_message_id="7")),
        (Failed("blocked", "words"), Change("failed", reason="blocked", detail="words")),
        (Unknown("no answer"), Change("unknown", detail="no answer")),
        (Limited(9.0), Change("planned")),
        (Faulty("500"), Change("planned", due_in=1.0, refused=True)),
        (NotReached("refused"), Change("planned", requested=False)),
        (NotStarted(), Change("planned", requested=False)),
        (Forbidden("not_permitted", "forbidden by: blocked"),
         Change("failed", reason="not_permitted", detail="forbidden by: blocked", requested=False)),
    ],
)  # fmt: skip
def test_an_outcome_makes_one_change(outcome: Outcome, change: Change) -> None:
    assert settle(a_row(), outcome, NOW, PATIENCE) == change


def test_a_provider_that_keeps_failing_is_given_up() -> None:
    assert settle(a_row(refusals=2), Faulty("500"), NOW, PATIENCE).reason == "gave_up"


def test_a_provider_that_stays_away_is_given_up() -> None:
    assert settle(a_row(), NotReached("refused"), NOW + timedelta(minutes=61), PATIENCE).reason == "gave_up"
    assert settle(a_row(), NotReached("refused"), NOW + timedelta(minutes=59), PATIENCE).status == "planned"


def test_the_pause_grows_to_a_minute() -> None:
    assert [back_off(times) for times in (0, 1, 2, 5, 6, 500)] == [1, 2, 4, 32, 60, 60]


def _fact(fact: str, rev: int, *, reactive: bool, agent: bool) -> PermissionStateV1:
    return PermissionStateV1.model_validate(
        {
            "id": "cc_1", "time": NOW, "workspace_id": "w_1", "rev": rev, "chat_contact_id": "cc_1", "fact": fact,
            "proactive": True, "reactive": reactive, "agent": agent,
        }
    )  # fmt: skip


def test_any_no_wins() -> None:
    book = PermissionBook()
    assert book.forbids("cc_1", "reactive") is None

    book.take(_fact("switches", 1, reactive=False, agent=True))
    assert book.forbids("cc_1", "reactive") == "switches"
    assert book.forbids("cc_1", "agent") is None

    book.take(_fact("blocked", 1, reactive=False, agent=False))
    book.take(_fact("switches", 2, reactive=True, agent=True))
    assert book.forbids("cc_1", "reactive") == "blocked"
    assert book.forbids("cc_1", "agent") == "blocked"


def test_an_older_fact_is_passed_over_and_of_two_at_once_the_stricter_holds() -> None:
    book = PermissionBook()
    book.take(_fact("blocked", 5, reactive=True, agent=True))
    book.take(_fact("blocked", 4, reactive=False, agent=False))
    assert book.forbids("cc_1", "agent") is None

    book.take(_fact("blocked", 5, reactive=False, agent=False))
    book.take(_fact("blocked", 5, reactive=True, agent=True))
    assert book.forbids("cc_1", "agent") == "blocked"

    book.forget("cc_1/blocked")
    assert book.forbids("cc_1", "agent") is None

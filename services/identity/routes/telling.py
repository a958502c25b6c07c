"""What calls of many rows have in common: a row by itself is taken or refused, and a key makes a call one."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import Header, Request
from pydantic import BaseModel, StringConstraints

from services.identity.domain.contact_row import FieldWrong
from services.identity.domain.upserting import Outcome, Result
from services.identity.store.answers import OtherCallError
from services.identity.usecases.answer_once import AnswerOnce, Rows
from shared.web.problems import ProblemError

KEPT_HOURS = 24

IdempotencyKey = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=200)] | None,
    Header(
        description="Any text of your own that names this call, such as a UUID. The same call with the same key has "
        f"one effect and gets the same answer for {KEPT_HOURS} hours, also at the same time and after a crash; "
        "another call with it is refused (422).",
    ),
]


class ToldRowOut(BaseModel):
    """What became of one row."""

    place: int
    """Of the row in your call, from 0."""
    result: Result
    id: str | None
    """The client it is about; None where there is none."""
    errors: list[FieldWrong]
    """Why it was refused: it changed nothing."""
    notes: list[FieldWrong]
    """What you may not expect, though the row was taken."""


class ToldRowsOut(BaseModel):
    """What became of each row, in your order, and how many of each."""

    results: list[ToldRowOut]
    created: int
    updated: int
    unchanged: int
    refused: int


def rows_out(outcomes: Sequence[Outcome]) -> ToldRowsOut:
    """Show what became of rows."""
    counts = Counter(outcome.result for outcome in outcomes)
    return ToldRowsOut(
        results=[
            ToldRowOut(place=o.place, result=o.result, id=o.client_id, errors=list(o.errors), notes=list(o.notes))
            for o in outcomes
        ],
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
    )


async def ledger_of(once: AnswerOnce, workspace_id: str, key: str | None, request: Request) -> Rows | None:
    """Return what is kept under the call's key. Its body is compared as JSON, not as it is spelled."""
    body = json.dumps(json.loads(await request.body()), sort_keys=True) if key is not None else ""
    try:
        return await once(workspace_id, key, f"{request.method} {request.url.path} {body}")
    except OtherCallError:
        raise other_call() from None


def other_call() -> ProblemError:
    """Say that a key was used for another call."""
    return ProblemError(
        422,
        "key-of-another-call",
        "This Idempotency-Key was used for a call with another body. Give each call a key of its own.",
    )

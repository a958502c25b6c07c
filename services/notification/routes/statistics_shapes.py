"""A queue's numbers and answers, as the API shows them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.notification.routes.request_shapes import PersonOut
from services.notification.usecases.read_answers import Column, Row, Total
from services.notification.usecases.read_statistics import Statistics
from shared.contracts.event import UtcTime


class StretchAsked(BaseModel):
    """Of which time, by when forms were left; without it of the last 30 days."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[UtcTime | None, Field(alias="from")] = None
    before: Annotated[UtcTime | None, Field(alias="to")] = None
    format: Literal["json", "csv"] = "json"


class StatisticsAsked(StretchAsked):
    """`tz` says when a day begins; without it the queue's own time zone."""

    tz: Annotated[str | None, Field(max_length=64)] = None


class AnswersAsked(StretchAsked):
    """`language` is that of the questions."""

    language: Annotated[str | None, Field(max_length=35)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=1_000)] = None


class TotalsAsked(StretchAsked):
    """`language` is that of the questions."""

    language: Annotated[str | None, Field(max_length=35)] = None


class DayOut(BaseModel):
    """How many forms were left on a day."""

    day: str
    forms: int


class HourOut(BaseModel):
    """How many forms were left in an hour of the day."""

    hour: int
    forms: int


class WaitOut(BaseModel):
    """How long forms waited, in seconds; `count` is how many got so far."""

    count: int
    p50: float | None
    p90: float | None


class AgentOut(BaseModel):
    """What one user did."""

    user: PersonOut
    taken: int
    time_to_done: WaitOut


class StatisticsOut(BaseModel):
    """The numbers of a queue."""

    forms: int
    time_zone: str
    forms_by_day: list[DayOut]
    forms_by_hour: list[HourOut]
    time_to_view: WaitOut
    time_to_take: WaitOut
    time_to_done: WaitOut
    by_agent: list[AgentOut]


class ColumnOut(BaseModel):
    """A question that was asked."""

    field: str
    label: str
    kind: str


class AnswerRow(BaseModel):
    """A form and what it says, by question; empty and not `readable` where no key opens it."""

    id: str
    n: int
    at: datetime
    status: str
    readable: bool
    answers: dict[str, str]


class AnswerList(BaseModel):
    """A page of a queue's forms, the oldest first."""

    columns: list[ColumnOut]
    items: list[AnswerRow]
    next_cursor: str | None
    total: int
    total_is_exact: bool = True


class TotalOut(BaseModel):
    """How often an answer was chosen."""

    id: str
    label: str
    count: int


class FieldTotals(ColumnOut):
    """What was chosen, of one question."""

    totals: list[TotalOut]


class TotalsOut(BaseModel):
    """What was chosen, of all questions with choices; what was written is nowhere in clear to be counted."""

    forms: int
    fields: list[FieldTotals]


def column_out(column: Column) -> ColumnOut:
    """Show a question."""
    return ColumnOut(field=column.field, label=column.label, kind=column.kind)


def row_out(row: Row) -> AnswerRow:
    """Show a form."""
    request = row.request
    return AnswerRow(
        id=request.id,
        n=request.n,
        at=request.at,
        status=request.status,
        readable=row.answers is not None,
        answers=texts_of(row),
    )


def texts_of(row: Row) -> dict[str, str]:
    """Return a form's answers as one text each; several that were chosen stand side by side."""
    return {
        field: answer.value if answer.value is not None else "; ".join(one.label for one in answer.chosen)
        for field, answer in (row.answers or {}).items()
        if answer.value is not None or answer.chosen
    }


def totals_out(found: Sequence[tuple[Column, Sequence[Total]]], forms: int) -> TotalsOut:
    """Show totals."""
    return TotalsOut(
        forms=forms,
        fields=[
            FieldTotals(
                **column_out(column).model_dump(),
                totals=[TotalOut(id=one.id, label=one.label, count=one.count) for one in totals],
            )
            for column, totals in found
        ],
    )


def statistics_out(found: Statistics, time_zone: str, people: Mapping[str, PersonOut]) -> StatisticsOut:
    """Show a queue's numbers."""
    return StatisticsOut(
        forms=found.forms,
        time_zone=time_zone,
        forms_by_day=[DayOut(day=day, forms=forms) for day, forms in found.by_day],
        forms_by_hour=[HourOut(hour=hour, forms=forms) for hour, forms in enumerate(found.by_hour)],
        time_to_view=WaitOut.model_validate(found.to_view, from_attributes=True),
        time_to_take=WaitOut.model_validate(found.to_take, from_attributes=True),
        time_to_done=WaitOut.model_validate(found.to_done, from_attributes=True),
        by_agent=[
            AgentOut(
                user=people[one.user_id],
                taken=one.taken,
                time_to_done=WaitOut.model_validate(one.to_done, from_attributes=True),
            )
            for one in found.by_agent
        ],
    )


def statistics_rows(found: StatisticsOut) -> Iterator[Sequence[object]]:
    """Give the numbers as rows of a table: what, of what, how many."""
    yield ("what", "of", "count", "p50_seconds", "p90_seconds")
    yield ("forms", "", found.forms, None, None)
    for name in ("time_to_view", "time_to_take", "time_to_done"):
        wait: WaitOut = getattr(found, name)
        yield (name, "", wait.count, wait.p50, wait.p90)
    yield from (("forms_by_day", one.day, one.forms, None, None) for one in found.forms_by_day)
    yield from (("forms_by_hour", one.hour, one.forms, None, None) for one in found.forms_by_hour)
    for agent in found.by_agent:
        name = agent.user.name or agent.user.id
        yield ("taken", name, agent.taken, None, None)
        yield ("done", name, agent.time_to_done.count, agent.time_to_done.p50, agent.time_to_done.p90)

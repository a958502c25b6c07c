"""Queue statistics, and Questionnaire answers."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from services.notification.domain.csv_rows import BOM, csv_of
from services.notification.routes.request_shapes import PersonOut
from services.notification.routes.statistics_shapes import (
    AnswerList,
    AnswersAsked,
    StatisticsAsked,
    StatisticsOut,
    StretchAsked,
    TotalsAsked,
    TotalsOut,
    column_out,
    row_out,
    statistics_out,
    statistics_rows,
    texts_of,
    totals_out,
)
from services.notification.store.request_statistics import Stretch
from services.notification.usecases.queue_book import QueueBook
from services.notification.usecases.read_answers import Column, ReadAnswers
from services.notification.usecases.read_statistics import ReadStatistics
from shared.contracts.queues import QueueStateV1
from shared.web.access import Principal, ReadsRequests
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import invalid, not_found

LONGEST = timedelta(days=400)
BY_DEFAULT = timedelta(days=30)
Person = Callable[[str, str | None], PersonOut | None]
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "JSON, or with `format=csv` a table."}
}


class OfQueue:
    """Which queue, and which time of it: for who sees the queue's requests."""

    def __init__(self, book: QueueBook) -> None:
        self._book = book

    def queue(self, who: Principal, queue_id: str) -> QueueStateV1:
        """Return a queue. Raises a 404 problem."""
        found = self._book.one(who.workspace_id, queue_id)
        if found is None or not self._book.sees(who, queue_id):
            raise not_found("queue")
        return found

    def stretch(self, who: Principal, queue_id: str, asked: StretchAsked) -> Stretch:
        """Return a time of a queue. Raises a 404 or a 422 problem."""
        before = asked.before or datetime.now(UTC)
        since = asked.since or before - BY_DEFAULT
        if not since < before <= since + LONGEST:
            raise invalid("from", f"this has to be before `to`, by {LONGEST.days} days at most")
        return Stretch(who.workspace_id, self.queue(who, queue_id).id, since, before)


def statistics_routes(numbers: ReadStatistics, answers: ReadAnswers, of: OfQueue, person: Person) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["queue statistics"])

    @routes.get("/queues/{queue_id}/statistics", responses=_CSV, response_model=StatisticsOut)
    async def queue_statistics(
        who: ReadsRequests, queue_id: str, asked: Annotated[StatisticsAsked, Query()]
    ) -> StatisticsOut | Response:
        """Tell how many forms were left, by day and by hour, and how long they waited: to view, to take, to done."""
        zone = asked.tz or of.queue(who, queue_id).time_zone
        if zone not in available_timezones():
            raise invalid("tz", "there is no such time zone; give its IANA name, such as Europe/Oslo")
        found = await numbers(of.stretch(who, queue_id, asked), zone)
        named = {one.user_id: person(who.workspace_id, one.user_id) for one in found.by_agent}
        shown = statistics_out(found, zone, {id_: one for id_, one in named.items() if one is not None})
        return _csv("statistics", [statistics_rows(shown)]) if asked.format == "csv" else shown

    @routes.get("/queues/{queue_id}/answers", responses=_CSV, response_model=AnswerList)
    async def queue_answers(
        who: ReadsRequests, queue_id: str, answer: Response, asked: Annotated[AnswersAsked, Query()]
    ) -> AnswerList | Response:
        """Read what a queue's forms say, as a table. That they were read, and by whom, stands in their histories."""
        stretch = of.stretch(who, queue_id, asked)
        columns = await answers.columns(stretch, asked.language)
        if asked.format == "csv":
            return _streamed("answers", _answer_rows(answers, who, stretch, columns, asked.language))
        after = read_cursor(asked.cursor, datetime, int) if asked.cursor else None
        rows, more = await answers.page(
            who, stretch, (after[0], after[1]) if after else None, asked.limit, asked.language
        )
        answer.headers["Cache-Control"] = "no-store"
        return AnswerList(
            columns=[column_out(column) for column in columns],
            items=[row_out(row) for row in rows],
            next_cursor=write_cursor(rows[-1].request.at, rows[-1].request.n) if more else None,
            total=await answers.count(stretch),
        )

    @routes.get("/queues/{queue_id}/answers/totals", responses=_CSV, response_model=TotalsOut)
    async def answer_totals(
        who: ReadsRequests, queue_id: str, asked: Annotated[TotalsAsked, Query()]
    ) -> TotalsOut | Response:
        """Count what was chosen in a queue's forms."""
        stretch = of.stretch(who, queue_id, asked)
        found = totals_out(await answers.totals(stretch, asked.language), await answers.count(stretch))
        if asked.format == "json":
            return found
        rows = [(field.label, total.label, total.count) for field in found.fields for total in field.totals]
        return _csv("totals", [[("question", "answer", "count"), *rows]])

    return routes


async def _answer_rows(
    answers: ReadAnswers, who: Principal, stretch: Stretch, columns: Sequence[Column], language: str | None
) -> AsyncIterator[str]:
    yield BOM + csv_of([("number", "left at", "status", *(column.label for column in columns))])
    async for rows in answers.every(who, stretch, language):
        found = [(row.request, texts_of(row)) for row in rows]
        yield csv_of(
            (one.n, one.at.isoformat(), one.status, *(texts.get(column.field) for column in columns))
            for one, texts in found
        )


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}


def _csv(name: str, tables: Iterable[Iterable[Sequence[object]]]) -> Response:
    text = BOM + "".join(csv_of(table) for table in tables)
    return Response(text, media_type="text/csv; charset=utf-8", headers=_headers(name))


def _streamed(name: str, parts: AsyncIterator[str]) -> StreamingResponse:
    return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=_headers(name))

"""Questionnaire answers: the contents of a queue's forms as a table, and what was chosen as totals."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.notification.domain.answers import FieldAnswer, answers_of
from services.notification.domain.request import Contents, Happening, Request, in_language
from services.notification.store.request_statistics import RequestStatistics, Stretch
from services.notification.store.requests import Requests
from shared.contracts.queues import seal_purpose
from shared.sealing.keys import SecretKeys, UnsealError
from shared.web.access import Principal

AT_ONCE = 200
_CHOSEN = ("choice", "consent")


@dataclass(frozen=True, slots=True)
class Column:
    """A question that was asked."""

    field: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """A form, opened. `answers` is None where no key opens it."""

    request: Request
    answers: Mapping[str, FieldAnswer] | None


@dataclass(frozen=True, slots=True)
class Total:
    """How often something was chosen."""

    id: str
    label: str
    count: int


class ReadAnswers:
    """Opens forms by the page. Who reads one this way is kept in its history, once."""

    def __init__(self, statistics: RequestStatistics, requests: Requests, keys: SecretKeys) -> None:
        self._statistics = statistics
        self._requests = requests
        self._keys = keys

    async def columns(self, stretch: Stretch, language: str | None) -> list[Column]:
        """Return the questions that were asked, those of the newest form first."""
        return [
            Column(field["id"], in_language(field["label"], language), field["kind"])
            for field in await self._statistics.fields(stretch)
        ]

    async def page(
        self, who: Principal, stretch: Stretch, after: tuple[datetime, int] | None, limit: int, language: str | None
    ) -> tuple[list[Row], bool]:
        """Return some forms, the oldest first, and whether more follow."""
        found = await self._statistics.rows(stretch, after, limit + 1)
        return await self._opened(who, found[:limit], language), len(found) > limit

    async def every(self, who: Principal, stretch: Stretch, language: str | None) -> AsyncIterator[list[Row]]:
        """Give all forms, a chunk at a time."""
        async for found in self._statistics.all_rows(stretch, AT_ONCE):
            yield await self._opened(who, found, language)

    async def count(self, stretch: Stretch) -> int:
        return await self._statistics.count(stretch)

    async def totals(self, stretch: Stretch, language: str | None) -> list[tuple[Column, list[Total]]]:
        """Count the answers that are chosen: of each question all that can be, and what only could be then."""
        counts = await self._statistics.chosen(stretch)
        found: list[tuple[Column, list[Total]]] = []
        for field in await self._statistics.fields(stretch):
            if field["kind"] not in _CHOSEN:
                continue
            labels = {choice["id"]: in_language(choice["label"], language) for choice in field["choices"]}
            ids = [*labels, *(choice for (of, choice) in counts if of == field["id"] and choice not in labels)]
            column = Column(field["id"], in_language(field["label"], language), field["kind"])
            totals = [Total(id_, labels.get(id_, id_), counts.get((field["id"], id_), 0)) for id_ in ids]
            found.append((column, totals))
        return found

    async def _opened(
        self, who: Principal, found: Sequence[tuple[Request, Contents]], language: str | None
    ) -> list[Row]:
        now = datetime.now(UTC)
        ids = [request.id for request, _ in found]
        read = await self._requests.read_in_answers(who.workspace_id, ids, who.id)
        news = [Happening(id_, "read_in_answers", now, who.id, {}) for id_ in ids if id_ not in read]
        await self._requests.note(who.workspace_id, news)
        return [Row(request, self._answers(request, contents, language)) for request, contents in found]

    def _answers(self, request: Request, contents: Contents, language: str | None) -> dict[str, Any] | None:
        try:
            opened = self._keys.unseal(request.workspace_id, seal_purpose(request.form_id), contents.sealed_answers)
        except UnsealError:
            return None
        return {answer.field: answer for answer in answers_of(contents, opened, language)}

"""Clients of any filter as a file: GET /api/identity/clients.csv and /api/identity/clients.ndjson."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from services.identity.domain.csv_out import BOM, csv_of
from services.identity.domain.export import COLUMNS, Column, cells_of, header_of, texts_of
from services.identity.routes.asked import MAX_IDS, FilterAsked, Id
from services.identity.usecases.export_clients import ExportClients
from shared.web.access import ExportsPeople, Principal

_TYPES = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


class ExportAsked(FilterAsked):
    """Whom the file is about, and what is in it: all that match, in the order of the list, newest first."""

    id: Annotated[list[Id], Field(max_length=MAX_IDS)] = []  # noqa: RUF012 - pydantic copies it
    """Only these of them."""
    column: Annotated[list[Column], Field(max_length=len(COLUMNS))] = []  # noqa: RUF012 - the same
    """These columns in this order; all if none is named. `fields` are all additional fields, in CSV a column each."""

    def columns(self) -> Sequence[Column]:
        return tuple(dict.fromkeys(self.column)) or COLUMNS


class CsvAsked(ExportAsked):
    """CSV: cells that a spreadsheet would run begin with an apostrophe, which an import takes off again."""

    bom: bool = True
    """Whether the file begins with the mark by which Excel knows UTF-8."""


def exports(export: ExportClients) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["clients"])

    @router.get("/clients.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
    async def export_csv(who: ExportsPeople, asked: Annotated[CsvAsked, Query()]) -> StreamingResponse:
        """Export clients as CSV."""
        return _file("csv", _csv(export, who, asked))

    @router.get(
        "/clients.ndjson", response_class=StreamingResponse, responses={200: {"content": {"application/x-ndjson": {}}}}
    )
    async def export_ndjson(who: ExportsPeople, asked: Annotated[ExportAsked, Query()]) -> StreamingResponse:
        """Export clients as JSON, one a line."""
        return _file("ndjson", _ndjson(export, who, asked))

    return router


async def _csv(export: ExportClients, who: Principal, asked: CsvAsked) -> AsyncIterator[str]:
    columns = asked.columns()
    fields = await export.fields(who.workspace_id)
    yield (BOM if asked.bom else "") + csv_of([header_of(columns, fields)])
    async for clients, tags in export(who.workspace_id, asked.filter(), asked.id):
        yield csv_of(texts_of(client, columns, fields, tags) for client in clients)


async def _ndjson(export: ExportClients, who: Principal, asked: ExportAsked) -> AsyncIterator[str]:
    columns = asked.columns()
    async for clients, tags in export(who.workspace_id, asked.filter(), asked.id):
        rows = (cells_of(client, columns, tags) for client in clients)
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _file(kind: str, parts: AsyncIterator[str]) -> StreamingResponse:
    day = datetime.now(UTC).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="clients-{day}.{kind}"', "Cache-Control": "no-store"}
    return StreamingResponse(parts, media_type=_TYPES[kind], headers=headers)

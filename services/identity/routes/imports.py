"""Imports: /api/identity/imports."""

from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from services.identity.domain.csv_file import BadFileError
from services.identity.domain.csv_out import BOM, csv_of
from services.identity.domain.imports import Import
from services.identity.routes.import_shapes import (
    CheckAsked,
    FaultsOut,
    ImportOut,
    ImportsOut,
    UploadAsked,
    fault_rows,
    import_out,
)
from services.identity.store.imports import Imports
from services.identity.usecases.manage_imports import (
    BadPlanError,
    ManageImports,
    NotNowError,
    UnknownImportError,
    Wanted,
)
from services.identity.usecases.take_import import MAX_BYTES, TakeImport, Told, TooLargeError
from shared.web.access import WritesPeople
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import ProblemError, invalid, not_found

_AT_ONCE = 500
_FILE = {
    "requestBody": {
        "required": True,
        "description": "The file as it is: CSV in UTF-8, UTF-16 or Windows-1252.",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1_000)]


def imports(kept: Imports, take: TakeImport, manage: ManageImports) -> APIRouter:
    """Make the routes of files and what they are."""
    router = APIRouter(tags=["imports"])

    @router.post("/imports", status_code=201, openapi_extra=_FILE)
    async def upload_import(who: WritesPeople, request: Request, asked: Annotated[UploadAsked, Query()]) -> ImportOut:
        """Upload a file of people, at most 256 MB and two million rows. Nobody is imported by that: check it, then run.

        How it is written is found out: encoding, delimiter, column names. What `columns` suggest goes into the check.
        """
        told = Told(asked.name, asked.encoding, asked.delimiter, asked.header)
        try:
            return import_out(await take(who.workspace_id, who.id, told, request.stream()))
        except BadFileError as error:
            raise invalid("file", str(error)) from error
        except TooLargeError as error:
            message = f"A file has at most {MAX_BYTES // 2**20} MB. Send it in parts."
            raise ProblemError(413, "too-large", message) from error

    @router.get("/imports")
    async def list_imports(who: WritesPeople, limit: Limit = 50, cursor: Cursor = None) -> ImportsOut:
        """List imports, the newest first."""
        before: tuple[datetime, str] | None = None
        if cursor is not None:
            at, id_ = read_cursor(cursor, datetime, str)
            before = (at, id_)
        found = await kept.page(who.workspace_id, before, limit + 1)
        page = found[:limit]
        return ImportsOut(
            items=[import_out(one) for one in page],
            next_cursor=write_cursor(page[-1].at, page[-1].id) if len(found) > limit else None,
            total=await kept.count(who.workspace_id),
            total_is_exact=True,
        )

    @router.get("/imports/{id}")
    async def get_import(who: WritesPeople, id: str) -> ImportOut:  # noqa: A002 - the path's own word
        """Return an import, and how far it is."""
        return await answered(manage.get(who.workspace_id, id))

    @router.delete("/imports/{id}", status_code=204)
    async def forget_import(who: WritesPeople, id: str) -> None:  # noqa: A002
        """Forget a file that was not imported."""
        try:
            await manage.remove(who.workspace_id, id)
        except (UnknownImportError, NotNowError) as error:
            raise _problem(error) from error

    return router


def import_work(manage: ManageImports) -> APIRouter:
    """Make the routes of what is done with a file."""
    router = APIRouter(tags=["imports"])

    @router.post("/imports/{id}/check", status_code=202)
    async def check_import(who: WritesPeople, id: str, asked: CheckAsked) -> ImportOut:  # noqa: A002
        """Say how the file is to be read, and go through all of it: what it would come to, and what is wrong where.

        Nobody is changed. It goes on in the background: ask for the import until its status is `checked`.
        """
        wanted = Wanted(asked.columns(), asked.dedupe_on, asked.existing, asked.phone_country, asked.tags)
        if len(asked.mapping) != len(wanted.mapping):
            raise invalid("mapping", "a column is one thing; name each at most once")
        try:
            return await answered(manage.check(who.workspace_id, id, wanted))
        except BadPlanError as error:
            raise invalid(error.field, str(error)) from error

    @router.post("/imports/{id}/run", status_code=202)
    async def run_import(who: WritesPeople, id: str) -> ImportOut:  # noqa: A002
        """Import the rows that the check found right. Goes on in the background, and after a restart."""
        return await answered(manage.run(who.workspace_id, id))

    @router.post("/imports/{id}/cancel", status_code=202)
    async def cancel_import(who: WritesPeople, id: str) -> ImportOut:  # noqa: A002
        """Stop. What is imported by then stays until it is undone; `run` goes on."""
        return await answered(manage.cancel(who.workspace_id, id))

    @router.post("/imports/{id}/undo", status_code=202)
    async def undo_import(who: WritesPeople, id: str) -> ImportOut:  # noqa: A002
        """Undo an import, within 30 days.

        Clients it made are deleted unless they were changed since; a field that is still as the import left it gets
        its old value back.
        """
        return await answered(manage.undo(who.workspace_id, id))

    return router


def import_faults(kept: Imports, manage: ManageImports) -> APIRouter:
    """Make the routes of what is wrong with a file."""
    router = APIRouter(tags=["imports"])

    @router.get("/imports/{id}/faults")
    async def list_faults(who: WritesPeople, id: str, limit: Limit = 50, cursor: Cursor = None) -> FaultsOut:  # noqa: A002
        """List what is wrong, by row: of the check, later of the run."""
        there = await answered(manage.get(who.workspace_id, id))
        after: int = read_cursor(cursor, int)[0] if cursor is not None else 0
        page, more = await kept.faults(who.workspace_id, id, after, limit)
        return FaultsOut(
            items=fault_rows(page),
            next_cursor=write_cursor(page[-1].row) if more else None,
            total=there.counts.faults,
            total_is_exact=True,
        )

    @router.get(
        "/imports/{id}/faults.csv", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}}
    )
    async def download_faults(who: WritesPeople, id: str) -> StreamingResponse:  # noqa: A002
        """Download all that is wrong as CSV."""
        await answered(manage.get(who.workspace_id, id))

        async def parts() -> AsyncIterator[str]:
            yield BOM + csv_of([("row", "column", "what is wrong")])
            rows: list[tuple[str, str, str]] = []
            async for one in kept.walk_faults(who.workspace_id, id):
                rows.append((str(one.row), one.column or "", one.message))
                if len(rows) == _AT_ONCE:
                    yield csv_of(rows)
                    rows = []
            yield csv_of(rows)

        headers = {"Content-Disposition": f'attachment; filename="{id}-faults.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(parts(), media_type="text/csv; charset=utf-8", headers=headers)

    return router


async def answered(work: Awaitable[Import]) -> ImportOut:
    """Show the import that comes of it, or the problem."""
    try:
        return import_out(await work)
    except (UnknownImportError, NotNowError) as error:
        raise _problem(error) from error


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, UnknownImportError):
        return not_found("import")
    return ProblemError(409, "not-now", str(error))

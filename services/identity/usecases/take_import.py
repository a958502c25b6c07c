"""A user uploads a file of people: it is read once, as it comes, and kept in chunks of rows."""

import asyncio
import codecs
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import TextIOWrapper
from itertools import chain, islice
from typing import IO

from services.identity.domain.csv_columns import looks_like_header, suggest
from services.identity.domain.csv_file import (
    COLUMNS,
    SAMPLED_LINES,
    BadFileError,
    Delimiter,
    Encoding,
    Record,
    codec_of,
    delimiter_of,
    encoding_of,
    names_of,
    records,
)
from services.identity.domain.imports import ROWS, ROWS_AT_ONCE, UPLOAD_FOR, Column, Import
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from shared.contracts.ids import new_id

MAX_BYTES = 256 * 1024 * 1024
"""A million rows of ten columns have some 150 MB."""
HEAD_BYTES = 64 * 1024
_IN_MEMORY = 4 * 1024 * 1024
_SAMPLES = 5
_SAMPLE_CHARACTERS = 80


class TooLargeError(Exception):
    """More bytes than a file may have."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the caller says of the file; None: it is to be found out."""

    name: str
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    has_header: bool | None = None


class TakeImport:
    """Stores a file's rows. Raises `BadFileError`, `TooLargeError`; nothing is kept then."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._imports = stores.imports
        self._fields = stores.fields
        self._clock = clock

    async def __call__(self, workspace_id: str, by: str, told: Told, body: AsyncIterator[bytes]) -> Import:
        """Take a file. Columns may be additional fields, too."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            head, is_utf_8 = await _spool(body, file)
            if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
                raise BadFileError("the file is empty; send one with a row of column names and a row for each person")
            encoding = told.encoding or encoding_of(head, is_utf_8=is_utf_8)
            text = TextIOWrapper(file, codec_of(encoding, head), newline="")  # type: ignore[arg-type]
            fields = {one.id: one.name for one in await self._fields.all(workspace_id) if not one.retired}
            try:
                return await self._read(workspace_id, by, told, encoding, text, fields)
            finally:
                text.detach()

    async def _read(
        self,
        workspace_id: str,
        by: str,
        told: Told,
        encoding: Encoding,
        text: TextIOWrapper,
        fields: dict[str, str],
    ) -> Import:
        lines = await asyncio.to_thread(_first_lines, text)
        delimiter = told.delimiter or delimiter_of("".join(lines))
        rows = records(chain(lines, text), delimiter)
        first = await asyncio.to_thread(lambda: list(islice(rows, SAMPLED_LINES)))
        if not first:
            raise BadFileError("the file has no rows")
        has_header = looks_like_header(first[0].cells) if told.has_header is None else told.has_header
        header = first[0].cells if has_header else [""] * max(len(one.cells) for one in first)
        if len(header) > COLUMNS:
            raise BadFileError(f"the file has {len(header)} columns, and {COLUMNS} are the most; leave some out")
        people = first[1:] if has_header else first
        if not people:
            raise BadFileError("the file has a row of column names, and nobody below it")
        now = self._clock()
        new = Import(
            id=new_id("imp"),
            workspace_id=workspace_id,
            name=told.name,
            by=by,
            at=now,
            encoding=encoding,
            delimiter=delimiter,
            has_header=has_header,
            columns=_columns(names_of(header), people, fields),
            rows=0,
            chunks=0,
            kept_until=now + UPLOAD_FOR,
        )
        return await self._keep(new, chain(people, rows))

    async def _keep(self, new: Import, rows: Iterator[Record]) -> Import:
        """Write the rows, then the import: whoever looks never sees half a file."""
        count = chunks = 0
        try:
            while chunk := await asyncio.to_thread(lambda: list(islice(rows, ROWS_AT_ONCE))):
                await self._imports.add_chunk(new, chunks, [(one.number, one.cells) for one in chunk])
                count, chunks = count + len(chunk), chunks + 1
                _check_count(count)
            found = replace(new, rows=count, chunks=chunks)
            await self._imports.add(found)
        except BaseException:
            await self._imports.drop_chunks(new)
            raise
        return found


def _check_count(rows: int) -> None:
    if rows > ROWS:
        raise BadFileError(f"the file has more than {ROWS:,} rows; send it in parts")


async def _spool(body: AsyncIterator[bytes], file: IO[bytes]) -> tuple[bytes, bool]:
    """Write a body to a file; returns its first bytes, and whether all of it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    head, size, is_utf_8 = b"", 0, True
    async for part in body:
        size += len(part)
        if size > MAX_BYTES:
            raise TooLargeError
        if len(head) < HEAD_BYTES:
            head += part[: HEAD_BYTES - len(head)]
        if is_utf_8:
            is_utf_8 = _decodes(decoder, part, final=False)
        await asyncio.to_thread(file.write, part)
    is_utf_8 = is_utf_8 and _decodes(decoder, b"", final=True)
    file.seek(0)
    return head, is_utf_8


def _decodes(decoder: codecs.IncrementalDecoder, part: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _first_lines(text: TextIOWrapper) -> list[str]:
    try:
        return list(islice(text, SAMPLED_LINES))
    except UnicodeError as error:
        raise BadFileError("the file is not in this encoding; name another one") from error


def _columns(names: list[str], people: list[Record], fields: dict[str, str]) -> tuple[Column, ...]:
    by_column = [[one.cells[place] for one in people if place < len(one.cells)] for place in range(len(names))]
    suggested = suggest(names, by_column, fields)
    return tuple(
        Column(name, tuple(value[:_SAMPLE_CHARACTERS] for value in values if value)[:_SAMPLES], target)
        for name, values, target in zip(names, by_column, suggested, strict=True)
    )

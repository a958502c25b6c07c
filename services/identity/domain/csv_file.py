"""CSV as people have it: in whichever encoding, with whichever delimiter, from whichever spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "windows-1252"]
Delimiter = Literal[",", ";", "\t", "|"]
DELIMITERS: tuple[Delimiter, ...] = (",", ";", "\t", "|")
SAMPLED_LINES = 50
CELL_CHARACTERS = 10_000
COLUMNS = 200
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MARKS: tuple[tuple[bytes, Encoding], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CODECS: dict[Encoding, str] = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252"}
_UNMARKED_UTF_16 = 0.2
"""Of the bytes of a text in a Latin script, so many zeros at least mean two bytes a character."""


class BadFileError(ValueError):
    """What is wrong with a file as a whole, and what to do."""


def encoding_of(head: bytes, *, is_utf_8: bool) -> Encoding:
    """Tell how a text is written, by its first bytes and by whether all of it would be UTF-8.

    What has no mark and is not UTF-8 is taken for Windows-1252: that is what spreadsheets in Europe and the Americas
    write. It is a guess, and whoever uploads sees it and may say otherwise.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head and head.count(0) / len(head) >= _UNMARKED_UTF_16:
        return "utf-16"
    return "utf-8" if is_utf_8 else "windows-1252"


def codec_of(encoding: Encoding, head: bytes) -> str:
    """Return Python's name of the codec. UTF-16 without a mark says its order by where the zeros are."""
    if encoding == "utf-16" and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return _CODECS[encoding]


def delimiter_of(text: str) -> Delimiter:
    """Tell what stands between cells: what cuts the first rows into the most columns, all into equally many."""
    best: tuple[float, int] = (0.0, 0)
    found: Delimiter = ","
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows or len(rows[0]) == 1:
            continue
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        if (alike, len(rows[0])) > best:
            best, found = (alike, len(rows[0])), delimiter
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """A row that is not blank, and its number as a spreadsheet counts: the header is 1."""

    number: int
    cells: list[str]


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Read rows. Raises `BadFileError` where it cannot go on, with the row."""
    csv.field_size_limit(CELL_CHARACTERS)
    reader, number = csv.reader(lines, delimiter=delimiter), 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFileError(
                f"row {number + 1} cannot be read ({error}): is a quotation mark opened there, and never closed? "
                f"A cell has at most {CELL_CHARACTERS:,} characters."
            ) from error
        except UnicodeError as error:
            raise BadFileError(
                f"after row {number} there is something that is not in this encoding; name the file's encoding"
            ) from error
        number += 1
        if any(cell and not cell.isspace() for cell in cells):
            yield Record(number, [plain(cell.strip()) for cell in cells])


def plain(cell: str) -> str:
    """Take off the apostrophe that an export put before what a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in BEGINS_A_FORMULA else cell


def names_of(header: Sequence[str]) -> list[str]:
    """Name each column: as its header does, told apart where two are alike."""
    found: list[str] = []
    for place, text in enumerate(header, start=1):
        name = " ".join(text.split())[:100] or f"Column {place}"
        found.append(name if name not in found else f"{name} ({place})")
    return found

"""CSV that a spreadsheet opens without running anything that a visitor wrote."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BOM = "\ufeff"
"""Tells spreadsheets that this is UTF-8."""


def safe(cell: object) -> str:
    """Return a cell's text; one that a spreadsheet would take for a formula begins with an apostrophe (OWASP)."""
    if cell is None:
        return ""
    text = str(cell)
    if isinstance(cell, int | float):
        return text
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_BEGINS_A_FORMULA) else text


def csv_of(rows: Iterable[Sequence[object]]) -> str:
    """Write rows (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()

"""CSV that a spreadsheet opens without running anything that somebody wrote."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.identity.domain.csv_file import BEGINS_A_FORMULA

BOM = "\ufeff"
"""Tells spreadsheets that this is UTF-8."""


def safe(cell: str) -> str:
    """Return a cell's text; one that a spreadsheet would take for a formula begins with an apostrophe (OWASP).

    An import takes it off again (csv_file.py).
    """
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(BEGINS_A_FORMULA) else cell


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Write rows (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()

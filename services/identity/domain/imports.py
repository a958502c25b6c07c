"""An import: a file of people, and how far it is on its way into the workspace and, where it is undone, out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from services.identity.domain.csv_file import Delimiter, Encoding
from services.identity.domain.import_rows import Plan

Status = Literal["uploaded", "checking", "checked", "running", "done", "cancelled", "undoing", "undone", "failed"]
WORKING: frozenset[Status] = frozenset({"checking", "running", "undoing"})
CHECKABLE: frozenset[Status] = frozenset({"uploaded", "checked"})
RUNNABLE: frozenset[Status] = frozenset({"checked", "cancelled"})
UNDOABLE: frozenset[Status] = frozenset({"done", "cancelled", "failed"})
FORGETTABLE: frozenset[Status] = frozenset({"uploaded", "checked"})
ROWS_AT_ONCE = 500
"""Of one transaction."""
ROWS = 2_000_000
UNDO_FOR = timedelta(days=30)
"""For so long it is kept what an import changed."""
UPLOAD_FOR = timedelta(days=7)
"""For so long a file waits to be imported."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file."""

    name: str
    samples: tuple[str, ...]
    suggested: str | None
    """What it is likely to be (csv_columns.py)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What rows came to. A person may have several rows: `folded` counts those beyond the first."""

    made: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    folded: int = 0
    faults: int = 0
    """Rows that were left out."""
    removed: int = 0
    restored: int = 0
    kept: int = 0
    """Of an undo: clients that were changed since, and stay as they are."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import, as it stands."""

    id: str
    workspace_id: str
    name: str
    by: str
    at: datetime
    encoding: Encoding
    delimiter: Delimiter
    has_header: bool
    columns: tuple[Column, ...]
    rows: int
    chunks: int
    status: Status = "uploaded"
    place: int = 0
    """The chunk that comes next."""
    plan: Plan | None = None
    counts: Counts = field(default_factory=Counts)
    cancel_asked: bool = False
    error: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    kept_until: datetime | None = None
    """Until when it can be undone, or, of one that never ran, imported."""
    fence: int = 0
    """Raised by whoever takes up the work: an earlier one writes nothing more."""
    stumbles: int = 0
    """How often in a row its work has failed."""

    @property
    def rows_done(self) -> int:
        return min(self.place * ROWS_AT_ONCE, self.rows)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of the file, and what they came to."""

    n: int
    numbers: tuple[int, ...]
    """Of the rows, as a spreadsheet counts."""
    rows: tuple[list[str], ...]
    made: tuple[str, ...] = ()
    """Clients that it made."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What an import did to one client: the fields it changed, before its first and after its last touch."""

    client_id: str
    made: bool
    rev: int
    """Of the client, as the import left it."""
    before: Mapping[str, object] = field(default_factory=dict[str, object])
    after: Mapping[str, object] = field(default_factory=dict[str, object])

"""Imports as they go in and out over HTTP."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.identity.domain.csv_file import Delimiter, Encoding
from services.identity.domain.given_values import country_of
from services.identity.domain.import_rows import DedupeOn, Existing, Fault
from services.identity.domain.imports import Import, Status
from services.identity.domain.tags import TAGS_OF_ONE
from services.identity.routes.asked import Id, Label


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class UploadAsked(_Asked):
    """What is said of the file; what is left out is found out."""

    name: Label = "people.csv"
    encoding: Encoding | None = None
    delimiter: Delimiter | None = None
    header: bool | None = None
    """Whether the first row names the columns."""


def _no_label(given: object) -> object:
    if given == "external_code":
        raise ValueError(
            "an external code is a label on a chat contact and never links: several people may have the same. Use "
            "contact_key, your own key of a person, or email or phone"
        )
    return given


class ColumnMapped(_Asked):
    """What one column is."""

    column: Annotated[int, Field(ge=0)]
    """Its place, from 0."""
    to: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """What it is: name, surname, email, phone, contact_key, source, tags, language, time_zone, country, region, city,
    street, postcode, or field:<id> of an additional field. Several columns may be tags."""


class CheckAsked(_Asked):
    """How the file is to be read. Nothing in it can allow what was refused: there is no column for that."""

    mapping: Annotated[list[ColumnMapped], Field(min_length=1, max_length=200)]
    """Columns that are left out are not imported."""
    dedupe_on: Annotated[DedupeOn, BeforeValidator(_no_label)]
    """By what people are found again, in the file and in the workspace: `contact_key` is best, where there is one;
    `email` and `phone` find whoever proved it or was stated to have it, never who merely typed it in a chat."""
    existing: Existing = "update"
    """What happens to clients who are there: `update` replaces what the file gives, `fill` only fills what is empty,
    `skip` leaves them alone. An empty cell never clears anything."""
    phone_country: Annotated[str, StringConstraints(max_length=2), AfterValidator(country_of)] | None = None
    """Whose numbers those without a country code are, such as NO."""
    tags: Annotated[list[Id], Field(max_length=TAGS_OF_ONE)] = []
    """Tags that everybody in the file gets, by id."""

    def columns(self) -> dict[int, str]:
        return {one.column: one.to for one in self.mapping}


class ColumnOut(BaseModel):
    """A column of the file."""

    name: str
    samples: list[str]
    """The first values; none once the file was imported."""
    suggested: str | None
    """What it is likely to be, as `to` of a mapping."""


class ImportCountsOut(BaseModel):
    """What rows came to, or, after a check, would come to."""

    made: int
    """New clients."""
    changed: int
    same: int
    """Clients who were there already, as the file has them."""
    skipped: int
    """Clients who were there and were left alone, as `skip` asks."""
    folded: int
    """Rows of somebody who has an earlier row in the file."""
    faults: int
    """Rows that are left out, because something is wrong with them."""
    removed: int
    """Of an undo: clients that the import had made."""
    restored: int
    """Of an undo: clients that got back what they had."""
    kept: int
    """Of an undo: clients that were changed since, and stay as they are."""


class PlanOut(BaseModel):
    """How the file is read."""

    mapping: list[ColumnMapped]
    dedupe_on: DedupeOn
    existing: Existing
    phone_country: str | None
    tags: list[str]


class ImportOut(BaseModel):
    """An import."""

    id: str
    name: str
    status: Status
    """uploaded → checking → checked → running → done; then undoing → undone. Or cancelled, or failed."""
    by: str
    """Who uploaded it."""
    at: datetime
    encoding: Encoding
    delimiter: Delimiter
    has_header: bool
    columns: list[ColumnOut]
    rows: int
    rows_done: int
    """How far the check, the run or the undo is."""
    plan: PlanOut | None
    counts: ImportCountsOut
    cancel_asked: bool
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None
    kept_until: datetime | None
    """Until when it can be undone; of a file that was not imported: until when it waits."""


class ImportsOut(BaseModel):
    """A page of imports, the newest first."""

    items: list[ImportOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


class ImportFaultOut(BaseModel):
    """What is wrong with a row, and what to do about it."""

    row: int
    """As a spreadsheet counts; the row of column names is 1."""
    column: str | None
    message: str


class FaultsOut(BaseModel):
    """Some of what is wrong, by row."""

    items: list[ImportFaultOut]
    next_cursor: str | None
    total: int
    """Rows that are left out."""
    total_is_exact: bool


def import_out(one: Import) -> ImportOut:
    """Show an import."""
    plan = one.plan
    return ImportOut(
        columns=[ColumnOut(name=c.name, samples=list(c.samples), suggested=c.suggested) for c in one.columns],
        rows_done=one.rows_done,
        plan=None
        if plan is None
        else PlanOut(
            mapping=[ColumnMapped(column=place, to=target) for place, target in plan.columns],
            dedupe_on=plan.dedupe_on,
            existing=plan.existing,
            phone_country=plan.phone_country,
            tags=list(plan.tags),
        ),
        counts=ImportCountsOut(**{name: getattr(one.counts, name) for name in ImportCountsOut.model_fields}),
        **{name: getattr(one, name) for name in ImportOut.model_fields if name not in _MADE},
    )


_MADE = {"columns", "rows_done", "plan", "counts"}


def fault_rows(faults: Sequence[Fault]) -> list[ImportFaultOut]:
    """Show what is wrong."""
    return [ImportFaultOut(row=one.row, column=one.column, message=one.message) for one in faults]

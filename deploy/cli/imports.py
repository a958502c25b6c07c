"""`kith import`: a file of people, through the API: uploaded, checked, imported, with a progress bar."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.cli import local
from deploy.cli.api import Api
from deploy.cli.output import AsJson, give_up, screen, tell_json, tell_table
from deploy.local.layout import Home

IMPORTS = "/api/identity/imports"
PART_BYTES = 256 * 1024
LOOK_SECONDS = 0.3
FAULTS_SHOWN = 20
_WORKING = {"checking", "running", "undoing"}
_COUNTED = ("made", "changed", "same", "skipped", "folded", "faults", "removed", "restored", "kept")

File = Annotated[str, typer.Argument(help="A CSV file; or the id of an import, with --undo.")]
On = Annotated[Literal["contact_key", "email", "phone"], typer.Option("--on", help="By what people are found again.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", help="A column and what it is, such as `Handy=phone`; an empty one leaves it out."),
]
Existing = Annotated[
    Literal["update", "fill", "skip"], typer.Option(help="What happens to clients who are there already.")
]
Country = Annotated[str | None, typer.Option("--country", help="Whose phones those without a country code are: NO.")]
Encoding = Annotated[str | None, typer.Option(help="utf-8, utf-16 or windows-1252; found out if it is left out.")]
Delimiter = Annotated[str | None, typer.Option(help="Found out if it is left out.")]
Check = Annotated[bool, typer.Option("--check", help="Only say what it would come to.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take an import out again, by its id.")]


def import_(
    file: File,
    *,
    on: On = "email",
    columns: Map = None,
    existing: Existing = "update",
    country: Country = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    check: Check = False,
    undo: Undo = False,
    as_json: AsJson = False,
) -> None:
    """Import people from a CSV file, or undo an import.

    Columns are guessed by their names (--map says otherwise). Rows with something wrong are left out, and listed.
    """
    local.settle()
    api = Api.of_run(Home.of())
    if undo:
        done = _wait(api, api.ask("POST", f"{IMPORTS}/{file}/undo"), "undoing")
        _tell(api, done, as_json=as_json)
        return
    one = _upload(api, Path(file), {"encoding": encoding, "delimiter": delimiter})
    asked = {"mapping": _mapping(one, columns or []), "dedupe_on": on, "existing": existing, "phone_country": country}
    one = _wait(api, api.ask("POST", f"{IMPORTS}/{one['id']}/check", json=asked), "checking")
    if not check and one["status"] == "checked":
        one = _wait(api, api.ask("POST", f"{IMPORTS}/{one['id']}/run"), "importing")
    _tell(api, one, as_json=as_json)
    if one["status"] == "failed":
        raise typer.Exit(1)


def _upload(api: Api, file: Path, told: dict[str, str | None]) -> Any:  # noqa: ANN401  JSON
    if not file.is_file():
        give_up(f"There is no file {file}.")
    params = {name: value for name, value in told.items() if value is not None}
    with _bar("uploading", file.stat().st_size) as progress:

        def parts() -> Iterator[bytes]:
            with file.open("rb") as opened:
                while part := opened.read(PART_BYTES):
                    yield part
                    progress.advance(progress.task_ids[0], len(part))

        return api.ask("POST", IMPORTS, params={"name": file.name[:256], **params}, content=parts(), timeout=600)


def _mapping(one: dict[str, Any], columns: list[str]) -> list[dict[str, Any]]:
    names = [column["name"] for column in one["columns"]]
    found = {place: column["suggested"] for place, column in enumerate(one["columns"])}
    for text in columns:
        name, equals, target = text.rpartition("=")
        if not equals or name not in names:
            give_up(f"--map {text}: the file's columns are {', '.join(names)}; write `column=what it is`.")
        found |= {place: None for place, there in found.items() if there == target}
        found[names.index(name)] = target or None
    return [{"column": place, "to": target} for place, target in found.items() if target]


def _bar(what: str, total: int) -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    progress = Progress(*columns, console=Console(stderr=True))
    progress.add_task(what, total=total)
    return progress


def _wait(api: Api, one: Any, what: str) -> Any:  # noqa: ANN401  JSON
    with _bar(what, one["rows"]) as progress:
        while one["status"] in _WORKING:
            time.sleep(LOOK_SECONDS)
            one = api.ask("GET", f"{IMPORTS}/{one['id']}")
            progress.update(progress.task_ids[0], completed=one["rows_done"])
    return one


def _tell(api: Api, one: dict[str, Any], *, as_json: bool) -> None:
    faults = api.ask("GET", f"{IMPORTS}/{one['id']}/faults", params={"limit": 200})["items"]
    if as_json:
        tell_json(one | {"faults": faults})
        return
    counts = ", ".join(f"{name} {one['counts'][name]:,}" for name in _COUNTED if one["counts"][name])
    screen.print(f"{one['id']}: {one['status']}, {one['rows']:,} rows: {counts or 'nothing'}", markup=False)
    if one["error"]:
        screen.print(one["error"], markup=False)
    if faults:
        tell_table(faults[:FAULTS_SHOWN], ("row", "column", "message"), empty="")
        screen.print(f"All of it: {IMPORTS}/{one['id']}/faults.csv", markup=False)

"""How commands say what they did: in words for people, in JSON for scripts."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for scripts.")]

screen = Console(highlight=False, soft_wrap=True)


def tell_json(value: object) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def tell_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """Print rows as a table, or `empty` where there are none. Nothing in them is taken for markup."""
    if not rows:
        screen.print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_plain(row.get(column)) for column in columns))
    screen.print(table)


def _plain(value: object) -> str:
    from rich.markup import escape

    return escape("" if value is None else str(value))


def give_up(why: str) -> NoReturn:
    """Say why not, and end with exit code 1."""
    sys.exit(f"kith: {why}")

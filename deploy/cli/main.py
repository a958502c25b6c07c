"""The command `kith`."""

import sys

import typer

from deploy.cli import (
    bench,
    connections,
    contracts,
    dead_letters,
    demo,
    digest,
    imports,
    migrate,
    people,
    rebuild,
    run,
    say,
)
from deploy.local.errors import CannotStart

app = typer.Typer(
    help="Kith keeps one record of everybody who writes to a business.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    *(run.up, run.down, run.status, migrate.migrate, digest.digest, rebuild.rebuild),
    *(demo.demo, say.say, contracts.contracts),
):
    app.command()(command)
app.command("import")(imports.import_)
app.command(context_settings=bench.PASSES_ALL_ON)(bench.bench)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(people.users, name="users")
app.add_typer(people.keys, name="keys")
app.add_typer(connections.app, name="connections")


def main() -> None:
    """Run the command; what keeps it from running is said in its own words, not as a stack of calls."""
    try:
        app()
    except CannotStart as trouble:
        sys.exit(f"kith: {trouble}")

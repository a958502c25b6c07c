"""`kith bench`: measure, as ratios in one run."""

import subprocess
import sys

import typer

from deploy.cli.output import give_up
from deploy.local import layout

PASSES_ALL_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""The benches have options of their own."""


def bench(context: typer.Context) -> None:
    """Measure what Kith costs beside the bare parts it stands on; --help lists what there is to measure."""
    if not (layout.CHECKOUT / "tests" / "bench" / "__main__.py").exists():
        give_up("This checkout has no benches (tests/bench).")
    done = subprocess.run([sys.executable, "-m", "tests.bench", *context.args], cwd=layout.CHECKOUT, check=False)
    raise typer.Exit(done.returncode)

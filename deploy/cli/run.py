"""`kith up`, `down` and `status`."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from typing import Annotated

import typer
from rich.markup import escape

from deploy.cli import summary
from deploy.cli.output import AsJson, give_up, screen, tell_json, tell_table
from deploy.local import children, ports, run_lock, stopping
from deploy.local.layout import Home
from deploy.local.nursery import Nursery
from deploy.local.processes import identity_of
from deploy.local.supervisor import Supervisor

Demo = Annotated[bool, typer.Option(envvar="KITH_DEMO", help="Make demo data: users, two bots and people who wrote.")]


def up(*, demo: Demo = False) -> None:
    """Start everything, say where to look, and keep it running until Ctrl-C or `kith down`."""
    began = time.monotonic()
    home = Home.of().make()
    supervisor = Supervisor(home, dict(os.environ), tell=_tell, step=_step)

    def when_up() -> None:
        with suppress(OSError):  # a terminal that is gone is no reason to stop
            summary.show(home, supervisor.ports, missing=supervisor.missing, seconds=time.monotonic() - began)

    with run_lock.held(home, supervisor.ports):
        asyncio.run(supervisor.run(demo=demo, when_up=when_up))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C comes too late to stop anything


def _tell(line: str) -> None:
    with suppress(OSError):
        screen.print(escape(line))


def _step(what: str, seconds: float) -> None:
    with suppress(OSError):
        screen.print(f"[dim]{seconds:6.1f} s[/dim]  {escape(what)}")


def down() -> None:
    """Stop the run that has this home, and wait until it has ended."""
    home = Home.of()
    run = run_lock.of(home)
    if run is None:
        left = stopping.stop_leftovers(home)
        screen.print(f"Stopped what was left: {', '.join(left)}." if left else f"Nothing runs for {home.root}.")
        return
    os.kill(run.identity.pid, signal.SIGTERM)
    until = time.monotonic() + stopping.PROGRAMS_WITHIN + stopping.SERVERS_WITHIN + 10
    while identity_of(run.identity.pid) == run.identity:
        if time.monotonic() > until:
            give_up(f"The run (pid {run.identity.pid}) does not end; look at its terminal.")
        time.sleep(0.05)
    screen.print("Stopped.")


def status(*, as_json: AsJson = False) -> None:
    """Show each process of the run that has this home. Ends with 1 unless all of them are ready."""
    home = Home.of()
    run = run_lock.of(home)
    numbers = run.ports if run else ports.of_environment()
    everything = [*children.servers(home, numbers, os.environ), *children.programs(home, numbers, {}, Nursery({}))]
    rows = [_row(child, numbers[child.name]) for child in everything]
    if as_json:
        tell_json({"home": str(home.root), "pid": run.identity.pid if run else None, "processes": rows})
    elif run is None and not any(row["pid"] for row in rows):
        screen.print(f"Nothing runs for {home.root}.")
    else:
        shown = [{**row, "ready": "yes" if row["ready"] else "no"} for row in rows]
        tell_table(shown, ("name", "pid", "up_since", "port", "ready"), empty="")
    if run is None or not all(row["ready"] for row in rows):
        raise typer.Exit(1)


def _row(child: children.Child, port: int) -> dict[str, object]:
    alive = child.process.identity()
    since = child.process.started_at if alive else None
    return {
        "name": child.name,
        "pid": alive.pid if alive else None,
        "up_since": time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(since)) if since else None,
        "port": port,
        "ready": bool(alive) and child.is_ready(),
    }

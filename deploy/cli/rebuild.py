"""`kith rebuild`: what services keep of each other's states, read anew from the topics while they run."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from deploy.cli import local
from deploy.cli.output import AsJson, give_up, tell_json, tell_table
from deploy.local import ports
from deploy.local.children import SERVICES

COLUMNS = ("process", "topic", "states", "digest", "equal")
WITHIN_SECONDS = 900.0

Services = Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(SERVICES)}; all when left out.")]
At = Annotated[list[str] | None, typer.Option("--at", help="A process elsewhere, http://host:port; repeat it.")]
Look = Annotated[bool, typer.Option("--look", help="Only tell how much each keeps, and its digest.")]


def rebuild(services: Services = None, *, at: At = None, look: Look = False, as_json: AsJson = False) -> None:
    """Have processes read their read models anew, and take the new ones in place of the old. Nothing stops meanwhile.

    `equal` tells whether the old one held the same. Safe twice, and to stop in the middle: then the old ones stay.
    Processes do the same by themselves every night.
    """
    for name in services or []:
        if name not in SERVICES:
            give_up(f"There is no service {name!r}: choose of {', '.join(SERVICES)}.")
    local.settle()
    import httpx

    from shared.settings import KithSettings
    from shared.web.read_models import PATH, question

    numbers = ports.of_environment()
    where = at or [f"http://127.0.0.1:{numbers[name]}" for name in SERVICES if not services or name in services]
    key = KithSettings().secret_key.get_secret_value()
    rows: list[dict[str, Any]] = []
    with httpx.Client(timeout=WITHIN_SECONDS) as client:
        for process in track(where, "reading anew", console=Console(stderr=True), transient=True):
            body, headers = question(key, rebuild=not look)
            try:
                answer = client.post(f"{process.rstrip('/')}{PATH}", content=body, headers=headers)
                answer.raise_for_status()
            except httpx.HTTPStatusError as refused:
                give_up(f"{process} answered {refused.response.status_code}: {refused.response.text}")
            except httpx.TransportError as trouble:
                give_up(f"{process} does not answer ({type(trouble).__name__}). Is Kith up? `kith status` tells.")
            rows += [{"process": process, **one} for one in answer.json()]
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, COLUMNS, empty="Nothing is kept there.")

"""`kith digest`: what services own, compared with their topics; what the topics lack is published."""

import asyncio
import importlib
import sys
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from deploy.cli import local
from deploy.cli.output import AsJson, give_up, tell_json, tell_table

if TYPE_CHECKING:  # what speaks to the broker takes long to import, and few commands need it
    from shared.settings import KithSettings

OWNERS = ("ingest", "identity", "notification", "console")

COLUMNS = ("service", "topic", "states", "missing", "older", "gone", "gone_left", "ahead", "examples")

Services = Annotated[
    list[str] | None, typer.Argument(help="Whose states; all of ingest, identity, notification, console if none.")
]
Look = Annotated[bool, typer.Option("--look", help="Only tell what differs, and publish nothing.")]


def digest(services: Services = None, *, look: Look = False, as_json: AsJson = False) -> None:
    """Compare the states that services own with their topics, and publish those that are missing or older there.

    Safe while Kith runs, twice, and to stop in the middle. Services do the same by themselves every night.
    """
    asked = [owner for owner in OWNERS if not services or owner in services]
    for name in services or []:
        if name not in OWNERS:
            give_up(f"{name!r} owns no states that it publishes: choose of {', '.join(OWNERS)}.")
    local.settle()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    from aiokafka.errors import KafkaConnectionError
    from pymongo.errors import ServerSelectionTimeoutError

    from shared.settings import KithSettings

    settings = KithSettings()
    columns = TextColumn("{task.description}"), TextColumn("{task.completed} states")
    try:
        with Progress(SpinnerColumn(), *columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
            rows = [row for owner in asked for row in asyncio.run(_of(owner, settings, progress, look=look))]
    except KafkaConnectionError:
        give_up(f"No broker answers at {settings.kafka}. Is Kith up? `kith status` tells.")
    except ServerSelectionTimeoutError:
        give_up("No database answers. Is Kith up? `kith status` tells.")
    if as_json:
        tell_json(rows)
    else:
        tell_table(rows, COLUMNS, empty="")


async def _of(service: str, settings: "KithSettings", progress: Progress, *, look: bool) -> list[dict[str, Any]]:
    from shared.messaging.digest import Digest
    from shared.messaging.publisher import Publisher
    from shared.storage.mongo import connect, database

    make_outbox = importlib.import_module(f"services.{service}.store.publishes").make_outbox
    client, publisher = connect(settings), Publisher(settings, service)
    bars: dict[str, TaskID] = {}

    def told(topic: str, states: int) -> None:
        if topic not in bars:
            bars[topic] = progress.add_task(topic, total=None)
        progress.update(bars[topic], completed=states)

    try:
        await publisher.start()
        outbox = make_outbox(database(client, settings, service), publisher)
        found = await Digest(settings, service, client, outbox).run(look=look, told=told)
    finally:
        await publisher.stop()
        client.close()
    return [{"service": service, **vars(one)} for one in found]

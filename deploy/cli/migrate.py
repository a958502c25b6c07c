"""`kith migrate`: topics and indexes, before the services start."""

import asyncio
import importlib
import importlib.util
import socket
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from deploy.cli import local
from deploy.cli.output import give_up, screen
from deploy.local.children import SERVICES

if TYPE_CHECKING:  # it takes long to import, and few commands need it
    from shared.settings import KithSettings

    Migrate = Callable[[KithSettings], Awaitable[None]]

T = TypeVar("T")


def migrate(
    *,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the broker and the database.")] = 0.0,
) -> None:
    """Make the topics and indexes that are missing. Safe to run twice, and while Kith runs."""
    local.settle()
    asyncio.run(_migrate(wait))


async def _migrate(wait: float) -> None:
    from aiokafka.errors import KafkaConnectionError
    from pymongo.errors import ServerSelectionTimeoutError

    from shared.messaging.topics_admin import create_topics
    from shared.sealing.keys import SecretKeyError, SecretKeys
    from shared.settings import KithSettings

    settings = KithSettings()
    try:
        SecretKeys(settings.secret_key.get_secret_value())  # every service waits for us: one clear word, before all
    except SecretKeyError as error:
        give_up(str(error))
    stores = _stores()
    until = time.monotonic() + wait
    try:
        made = await _patiently(lambda: create_topics(settings), KafkaConnectionError, settings.kafka, until)
    except KafkaConnectionError:
        give_up(f"No broker answers at {settings.kafka}: start one (`kith up`), or set KITH_KAFKA to one that runs.")
    screen.print(f"topics: {', '.join(made) or 'all there'}")
    try:
        for name, migrate_store in stores.items():
            await _patiently(partial(migrate_store, settings), ServerSelectionTimeoutError, "", until)
            screen.print(f"indexes: {name}")
    except ServerSelectionTimeoutError:
        give_up("No database answers: start one (`kith up`), or set KITH_MONGO to a replica set that runs.")


def _stores() -> "dict[str, Migrate]":
    """Find each service's own migration; a service without a database has none."""
    found: dict[str, Migrate] = {}
    for name in SERVICES:
        try:
            there = importlib.util.find_spec(f"services.{name}.store.migrate")
        except ModuleNotFoundError:
            continue
        if there:
            found[name] = importlib.import_module(f"services.{name}.store.migrate").migrate
    return found


async def _patiently(work: Callable[[], Awaitable[T]], trouble: type[Exception], listens: str, until: float) -> T:
    """Do the work as soon as one of the addresses `listens` (host:port,…) does, and again until it succeeds."""
    while time.monotonic() < until and not await asyncio.to_thread(_one_listens, listens):  # noqa: ASYNC110  no event
        await asyncio.sleep(0.05)
    while True:
        try:
            return await work()
        except trouble:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)


def _one_listens(addresses: str) -> bool:
    """Tell whether one of them takes connections: quieter than a client that complains of each attempt."""
    for address in filter(None, addresses.split(",")):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), 1).close()
        except (OSError, ValueError):
            continue
        return True
    return not addresses

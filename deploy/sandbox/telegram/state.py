"""All that the sandbox remembers of Telegram's side, in one place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.sandbox.database import Database
from deploy.sandbox.live import Live
from deploy.sandbox.telegram.bots import Bots
from deploy.sandbox.telegram.chats import Chats
from deploy.sandbox.telegram.deliveries import Deliveries
from deploy.sandbox.telegram.faults import FaultRules
from deploy.sandbox.telegram.ledger import Ledger
from deploy.sandbox.telegram.limits import Limits
from deploy.sandbox.telegram.schema import SCHEMA


@dataclass(frozen=True)
class Ambient:
    """What a run decides once."""

    clock: Callable[[], float]
    """Seconds since 1970."""
    dice: Callable[[], float]
    """Numbers from 0 to 1."""
    limits: bool
    """Whether bots are held to rate limits at all."""
    further_hosts: frozenset[str]
    """Hosts besides this machine to which webhooks may be delivered."""


class State:
    """The stores of one run, over one file."""

    def __init__(self, file: Path, keep: int, ambient: Ambient, live: Live) -> None:
        self.database = Database(file, SCHEMA)
        self.ambient = ambient
        self.live = live
        self.bots = Bots(self.database)
        self.chats = Chats(self.database)
        self.ledger = Ledger(self.database, keep)
        self.deliveries = Deliveries(self.database, keep)
        self.rules = FaultRules(self.database, ambient.dice)
        self.limits = Limits()

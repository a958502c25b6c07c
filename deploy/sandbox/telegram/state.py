"""All that the sandbox remembers of Telegram's side, in one place."""

from pathlib import Path

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.database import Database
from deploy.sandbox.deliveries import Deliveries
from deploy.sandbox.faults import FaultRules
from deploy.sandbox.ledger import Ledger
from deploy.sandbox.live import Live
from deploy.sandbox.telegram.bots import Bots
from deploy.sandbox.telegram.chats import Chats
from deploy.sandbox.telegram.faults import Rule
from deploy.sandbox.telegram.limits import Limits
from deploy.sandbox.telegram.schema import COLUMNS, SCHEMA

KEPT_SECONDS = 24 * 3600.0
"""Telegram keeps updates that nobody takes for a day."""


class State:
    """The stores of one run, over one file."""

    def __init__(self, file: Path, keep: int, ambient: Ambient, live: Live) -> None:
        self.database = Database(file, SCHEMA)
        self.ambient = ambient
        self.live = live
        self.bots = Bots(self.database)
        self.chats = Chats(self.database)
        self.ledger = Ledger(self.database, keep, COLUMNS)
        self.deliveries = Deliveries(self.database, keep, COLUMNS.whose, KEPT_SECONDS)
        self.rules = FaultRules(self.database, ambient.dice, Rule)
        self.limits = Limits()

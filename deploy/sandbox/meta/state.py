"""All that the sandbox remembers of Meta's side, in one place."""

from pathlib import Path

from deploy.sandbox.ambient import Ambient
from deploy.sandbox.database import Database
from deploy.sandbox.deliveries import Deliveries
from deploy.sandbox.faults import FaultRules
from deploy.sandbox.ledger import Ledger
from deploy.sandbox.live import Live
from deploy.sandbox.meta.accounts import Accounts
from deploy.sandbox.meta.chats import Chats
from deploy.sandbox.meta.faults import Rule
from deploy.sandbox.meta.limits import Limits
from deploy.sandbox.meta.schema import COLUMNS, SCHEMA

KEPT_SECONDS = 7 * 24 * 3600.0
"""Meta tries for a week."""


class State:
    """The stores of one run, over one file."""

    def __init__(self, file: Path, keep: int, ambient: Ambient, live: Live) -> None:
        self.database = Database(file, SCHEMA)
        self.ambient = ambient
        self.live = live
        self.accounts = Accounts(self.database)
        self.chats = Chats(self.database)
        self.ledger = Ledger(self.database, keep, COLUMNS)
        self.deliveries = Deliveries(self.database, keep, COLUMNS.whose, KEPT_SECONDS)
        self.rules = FaultRules(self.database, ambient.dice, Rule)
        self.limits = Limits()

"""What the demo made: addresses, keys and people to sign in as, in KITH_HOME/demo.json."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.cli.output import give_up
from deploy.local.layout import Home


@dataclass(frozen=True)
class User:
    """Somebody who can sign in to the console."""

    email: str
    password: str
    role: str


@dataclass(frozen=True)
class Connection:
    """One bot, number, page, account or website."""

    id: str
    name: str
    secret: str
    """What a bot's webhooks carry in X-Telegram-Bot-Api-Secret-Token, the app secret with which Meta signs its own, or
    what a website signs with who signed in."""
    channel: str = "telegram"
    bot_token: str = ""
    bot_id: int = 0
    site_key: str = ""
    account_id: str = ""
    """Of a number, a page or an Instagram account, at Meta."""
    token: str = ""
    verify_token: str = ""


@dataclass(frozen=True)
class DemoFile:
    """The whole file."""

    origin: str
    workspace_id: str
    api_key: str
    users: list[User]
    connections: dict[str, Connection]
    """By channel; further ones of the same channel as `telegram-<what it is for>`."""
    sandbox: str
    """Its address."""

    def connection(self, named: str) -> Connection:
        """Find a connection by its name here, its own name, its id or its bot's id."""
        for key, connection in self.connections.items():
            if named in {key, connection.name, connection.id, connection.account_id or str(connection.bot_id)}:
                return connection
        return give_up(f"There is no connection {named!r}; there are: {', '.join(self.connections)}.")


def read(home: Home) -> DemoFile:
    """Read it, or say how it is made."""
    try:
        told = json.loads(home.demo.read_text())
    except FileNotFoundError:
        return give_up(f"There is no demo data in {home.root}: `kith demo` makes it while Kith runs.")
    users = [User(**user) for user in told.pop("users")]
    connections = {name: Connection(**connection) for name, connection in told.pop("connections").items()}
    return DemoFile(**told, users=users, connections=connections)


def write(place: Path, value: dict[str, Any]) -> None:
    """Write JSON for its owner's eyes alone, all of it or nothing."""
    fresh = place.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(value, file, ensure_ascii=False, indent=2)
    fresh.replace(place)

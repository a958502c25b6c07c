"""The sandbox as a person uses it: it makes the provider's own signed update of what they do, and keeps the answers."""

import time
import zlib
from typing import Any

from deploy.cli.api import Api
from deploy.cli.demo_file import Connection

OK = 200
SILENT_FOR = 1.5
"""Seconds without a word after which a bot is done: Telegram lets it write to a chat once a second."""

_FIRST_PERSON = 700_000_000


class PersonInChat:
    """Somebody in their chat with one bot, number, page or account."""

    def __init__(self, sandbox: str, connection: Connection, chat_id: str) -> None:
        self._api = Api(sandbox)
        whose = (
            f"meta/accounts/{connection.account_id}" if connection.account_id else f"telegram/bots/{connection.bot_id}"
        )
        self._chat = f"/api/{whose}/chats/{chat_id}"

    def do(self, what: dict[str, Any]) -> dict[str, Any]:
        """Do one thing. Gives what became of the webhook: outcome, status, update_id, message_id, error."""
        return self._api.ask("POST", f"{self._chat}/say", json=what)

    def messages(self, after: int = 0) -> list[dict[str, Any]]:
        """List the chat's messages above id `after`, oldest first; none before the person did anything."""
        answer = self._api.try_once("GET", f"{self._chat}/messages", params={"after": after})
        return answer.json()["items"] if answer.status_code == OK else []

    def answers(self, after: int, *, within: float) -> list[dict[str, Any]]:
        """Wait `within` seconds for what the bot says after message `after`, and on while it goes on speaking."""
        until = time.monotonic() + within
        heard: list[dict[str, Any]] = []
        while time.monotonic() < until:
            time.sleep(0.1)
            now = [message for message in self.messages(after) if message["from"] == "bot"]
            if len(now) > len(heard):
                heard, until = now, time.monotonic() + SILENT_FOR
        return heard


def chat_id_of(name: str) -> int:
    """Give everybody the chat id of their name, so that the same name is the same person the next time."""
    return _FIRST_PERSON + zlib.crc32(name.encode()) % 100_000_000


def chat_id_at(channel: str, name: str) -> str:
    """Give everybody an id of the channel's own form: WhatsApp's user ids begin with a country."""
    return f"NO.13491{chat_id_of(name)}" if channel == "whatsapp" else str(chat_id_of(name))


def phone_of(name: str) -> str:
    """Give everybody the phone number of their name."""
    return f"+479{zlib.crc32(name.encode()) % 10_000_000:07}"


def username_of(name: str) -> str:
    """Give everybody the username of their name."""
    letters = "".join(one for one in name.lower() if one.isascii() and one.isalnum())
    return (letters or "person")[:24] + str(zlib.crc32(name.encode()) % 1000)


def named(name: str, language: str | None) -> dict[str, str]:
    """Write a name as Telegram has it: first, and last where there is one."""
    first, _, last = name.strip().partition(" ")
    return (
        {"first_name": first}
        | ({"last_name": last} if last else {})
        | ({"language_code": language} if language else {})
    )

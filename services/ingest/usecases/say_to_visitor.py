"""Take a message for a visitor from broadcast, which holds ingest for one more provider."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.ingest.channels.widget.happenings import message_name
from services.ingest.channels.widget.tokens import is_device
from services.ingest.store.visitor_lines import VisitorLines
from services.ingest.usecases.connection_book import ConnectionBook
from shared.contracts.ids import chat_contact_id
from shared.contracts.sending import Button


class NoSuchSiteError(Exception):
    """There is no such connection, or it is switched off."""


class NoSuchVisitorError(Exception):
    """This is no device of ours."""


class SayToVisitor:
    """Numbers and keeps a message, once."""

    def __init__(self, book: ConnectionBook, lines: VisitorLines) -> None:
        self._book = book
        self._lines = lines

    def key(self, connection_id: str, name: str) -> str:
        """Return a secret of a site. Raises `NoSuchSiteError`."""
        account = self._book.account(connection_id)
        if account is None or account.channel != "widget":
            raise NoSuchSiteError
        return account.secrets[name]

    async def __call__(self, connection_id: str, device: str, id_: str, *, text: str, buttons: Sequence[Button]) -> str:
        """Keep it for the visitor's stream; returns its name, the same one for the same id. Raises as above."""
        account = self._book.account(connection_id)
        if account is None:
            raise NoSuchSiteError
        if not is_device(device):
            raise NoSuchVisitorError
        chat = chat_contact_id(account.workspace_id, connection_id, device)
        at = datetime.now(UTC)
        n = await self._lines.add(account.workspace_id, chat, id_, at=at, text=text, buttons=buttons)
        return message_name(device, n)

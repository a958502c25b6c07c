"""A mail server of the test's own: the sandbox's, with its faults."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from deploy.sandbox.mail.faults import MailFaultRules, MailRule
from deploy.sandbox.mail.server import MailServer as Listening
from deploy.sandbox.mail.server import listen


@dataclass
class MailServer:
    """What it took, and how it fails."""

    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list[tuple[str, list[str], bytes]])
    rules: MailFaultRules = field(default_factory=MailFaultRules)
    _server: Listening | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for _, _, raw in self.taken]

    def to(self, address: str) -> list[EmailMessage]:
        """Give what was taken for one address."""
        return [message for message in self.messages if message["To"] == address]

    def fails(self, **rule: Any) -> None:
        """Switch one fault on, all others off; none without any."""
        self.rules.rules = [MailRule(**rule)] if rule else []

    async def open(self) -> None:
        """Listen, on the port it had before."""
        self._server = await listen("127.0.0.1", self.port, self.rules, self._keep)
        self.port = self._server.port

    async def close(self) -> None:
        """Go away."""
        if self._server is not None:
            await self._server.close()

    def _keep(self, sender: str, recipients: list[str], raw: bytes) -> None:
        self.taken.append((sender, recipients, raw))


@asynccontextmanager
async def mail_server() -> AsyncGenerator[MailServer]:
    """Run one."""
    server = MailServer()
    await server.open()
    try:
        yield server
    finally:
        await server.close()

"""A mail server that keeps what it is sent and delivers nothing: aiosmtpd, with faults at each point."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from deploy.sandbox.mail.faults import MailFaultRules, MailRule, Point

HOSTNAME = "mail.sandbox.example"
Keep = Callable[[str, list[str], bytes], None]
"""Takes sender, recipients and the raw email."""


class _Conversation(SMTP):
    """One line to somebody who sends."""

    def __init__(self, rules: MailFaultRules, keep: Keep, lines: "set[_Conversation]") -> None:
        super().__init__(
            _Handler(rules, keep),
            hostname=HOSTNAME,
            ident="Kith sandbox",
            timeout=120,
            auth_require_tls=False,
            authenticator=_let_in,
            loop=asyncio.get_running_loop(),
        )
        self._rules = rules
        self._lines = lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._lines.add(self)
        if self._rules.strike("connect", []):
            cast("asyncio.Transport", transport).abort()

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._lines.discard(self)

    async def end(self) -> None:
        """Break the line off, and wait until nobody is at it any more."""
        if self.transport is not None:
            cast("asyncio.Transport", self.transport).abort()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
            await asyncio.wait([self._handler_coroutine])

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        recipients = list(self.envelope.rcpt_tos) if self.envelope else []
        refusal = await _meet(self, self._rules.strike("text", recipients))
        if refusal:
            await self.push(refusal)
            return
        await super().smtp_DATA(arg)


class _Handler:
    """What aiosmtpd asks at each command."""

    def __init__(self, rules: MailFaultRules, keep: Keep) -> None:
        self._rules = rules
        self._keep = keep

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        refusal = await _meet(server, self._rules.strike("hello", []))
        session.host_name = hostname
        return [refusal] if refusal else responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = await _meet(server, self._rules.strike("sender", []))
        if refusal is None:
            envelope.mail_from = address
        return refusal or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = await _meet(server, self._rules.strike("recipient", [address]))
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        rule = self._rules.strike("end", list(envelope.rcpt_tos))
        if rule is None or rule.kind == "slow" or (rule.kind == "drop" and rule.kept):
            content = envelope.original_content or b""
            self._keep(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return await _meet(server, rule) or "250 Kept: nothing leaves this machine"


def _let_in(*_: Any) -> AuthResult:  # noqa: ANN401 - whoever it is
    """Take any name and password."""
    return AuthResult(success=True)


async def _meet(server: SMTP, rule: MailRule | None) -> str | None:
    """Do what a rule says: wait, break the line off, or give the words of a refusal."""
    if rule is None:
        return None
    if rule.kind == "slow":
        await asyncio.sleep(rule.seconds)
        return None
    if rule.kind == "drop":
        if server.transport is not None:
            cast("asyncio.Transport", server.transport).abort()  # uvloop's is no subclass of asyncio's
        await asyncio.Event().wait()  # ended by the end of the line
    return f"{rule.code} {_WORDS[rule.at]}, as asked for in the sandbox"


_WORDS: dict[Point, str] = {
    "connect": "Not now",
    "hello": "We do not know you",
    "sender": "This sender is not welcome",
    "recipient": "No such mailbox",
    "text": "We take no text",
    "end": "We do not take this text",
}


class MailServer:
    """Takes emails on a port, until it is closed."""

    def __init__(self, server: asyncio.Server, lines: set[_Conversation]) -> None:
        self._server = server
        self._lines = lines

    @property
    def port(self) -> int:
        return self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Take no more, and end the lines that are open."""
        self._server.close()
        await asyncio.gather(*(line.end() for line in list(self._lines)))


async def listen(host: str, port: int, rules: MailFaultRules, keep: Keep) -> MailServer:
    """Take emails on a port; 0 is any."""
    lines: set[_Conversation] = set()
    server = await asyncio.get_running_loop().create_server(lambda: _Conversation(rules, keep, lines), host, port)
    return MailServer(server, lines)

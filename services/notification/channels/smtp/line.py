"""One conversation with a mail server (RFC 5321), of which we always know whether an email's text had left."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from aiosmtplib.protocol import normalize_message_line_endings

from services.notification.channels.smtp.address import SmtpAddress

CONNECT_SECONDS = 15.0
COMMAND_SECONDS = 30.0
TEXT_SECONDS = 120.0
"""For the answer to a whole text: a server may look for viruses first."""
_GO_ON = 354
_REFUSED = 500
MOST_WORDS = 300

Became = Literal["sent", "refused", "later", "unknown", "not_ours"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an email. `refused`: never to be tried again; `later`: nothing of it was taken."""

    became: Became
    words: str | None = None
    line_is_good: bool = True
    """Whether the conversation can go on with another email."""


class AwayError(Exception):
    """The server takes nothing just now: it cannot be reached, or will not have us. The message says why."""


class Line:
    """An open conversation."""

    def __init__(self, client: SMTP) -> None:
        self._client = client

    @classmethod
    async def open(cls, address: SmtpAddress) -> "Line":
        """Connect, greet, encrypt and sign in. Raises `AwayError`."""
        client = SMTP(
            hostname=address.host,
            port=address.port,
            use_tls=address.tls,
            start_tls=None if address.starttls == "auto" else address.starttls == "required",
            username=address.username,
            password=address.password,
            timeout=COMMAND_SECONDS,
        )
        try:
            await client.connect(timeout=CONNECT_SECONDS)
        except (SMTPException, OSError, ValueError) as error:
            client.close()
            raise AwayError(f"{address.named} did not let us in: {_words(error)}") from error
        return cls(client)

    async def send(
        self, sender: str, recipient: str, message: EmailMessage, about_to_send: Callable[[], Awaitable[bool]]
    ) -> Outcome:
        """Send one email. `about_to_send` is awaited right before its text goes out, and may refuse that."""
        try:
            refused = await self._begin(sender, recipient)
        except (SMTPException, OSError) as error:
            return _nothing_taken(error)
        if refused is not None:
            return refused
        if not await about_to_send():
            self._client.close()  # there is no other way to end a text that was asked for
            return Outcome("not_ours", line_is_good=False)
        return await self._text(message)

    async def _begin(self, sender: str, recipient: str) -> Outcome | None:
        """Come as far as the server asks for the text. A sender it will not have is ours to mend, so that waits."""
        await self._client.mail(sender)
        try:
            await self._client.rcpt(recipient)
        except SMTPResponseException as error:
            return await self._again(_answered(error))
        answer = await self._client.execute_command(b"DATA", timeout=COMMAND_SECONDS)
        if answer.code == _GO_ON:
            return None
        return await self._again(_answered(SMTPResponseException(answer.code, answer.message)))

    async def _text(self, message: EmailMessage) -> Outcome:
        protocol = self._client.protocol
        text = normalize_message_line_endings(message.as_bytes(policy=SMTP_POLICY)).replace(b"\r\n.", b"\r\n..")
        if protocol is None:
            return Outcome("later", "the line broke off", line_is_good=False)
        try:
            protocol.write(text.removesuffix(b"\r\n") + b"\r\n.\r\n")
        except SMTPException as error:
            return _nothing_taken(error)
        try:
            answer = await protocol.read_response(timeout=TEXT_SECONDS)
        except SMTPResponseException as error:
            return _answered(error)
        except (SMTPException, OSError) as error:
            self._client.close()
            return Outcome("unknown", _words(error), line_is_good=False)
        if answer.code // 100 == 2:  # noqa: PLR2004 - RFC 5321, 4.2.1
            return Outcome("sent")
        return _answered(SMTPResponseException(answer.code, answer.message))

    async def _again(self, outcome: Outcome) -> Outcome:
        """Leave an email that was begun, so that another can follow."""
        try:
            await self._client.rset()
        except (SMTPException, OSError):
            return Outcome(outcome.became, outcome.words, line_is_good=False)
        return outcome

    async def close(self) -> None:
        """Say goodbye."""
        with suppress(SMTPException, OSError):
            await self._client.quit(timeout=2)
        self._client.close()


def _answered(error: SMTPResponseException) -> Outcome:
    """Tell by its code what an answer means: 5 for ever, 4 not now. 421 ends the conversation."""
    words = _words(error)
    return Outcome("refused" if error.code >= _REFUSED else "later", words, line_is_good=error.code != 421)  # noqa: PLR2004


def _nothing_taken(error: Exception) -> Outcome:
    return Outcome("later", _words(error), line_is_good=False)


def _words(error: Exception) -> str:
    """Return what a server said, on one line and not too much of it."""
    said = f"{error.code} {error.message}" if isinstance(error, SMTPResponseException) else str(error)
    return " ".join(said.split())[:MOST_WORDS] or type(error).__name__

"""Emails to agents go out: each at most once, whatever the mail server or a process does, and none is forgotten."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta

import structlog
from pymongo.errors import PyMongoError

from services.notification.channels.smtp.address import SmtpAddress
from services.notification.channels.smtp.line import AwayError, Line, Outcome
from services.notification.domain.emails import RecipientError, why_of, write_email
from services.notification.store.agents import Agents
from services.notification.store.clock import Clock
from services.notification.store.emails import LEASE, Email, Emails, Status
from services.notification.usecases.circles import may_read
from shared.contracts.queues import QueueStateV1
from shared.observability.metrics import EMAILS
from shared.web.access import AccessBook

log = structlog.get_logger(__name__)

LANES = 3
"""Conversations with the mail server at once."""
BATCH = 20
POLL_SECONDS = 1.0
SETTLE_EVERY_SECONDS = 15.0
FIRST_BACK_OFF = 5.0
LONGEST_BACK_OFF = 120.0
_ENDED: dict[str, Status] = {"sent": "sent", "refused": "failed", "unknown": "unknown"}


class SendEmails:
    """The lanes of one process. `kick` wakes them."""

    def __init__(
        self,
        *,
        emails: Emails,
        agents: Agents,
        access: AccessBook,
        queue: Callable[[str, str], QueueStateV1 | None],
        clock: Clock,
        server: SmtpAddress | None,
        sender: str,
        origin: str,
    ) -> None:
        self._emails = emails
        self._agents = agents
        self._access = access
        self._queue = queue
        self._clock = clock
        self._server = server
        self._sender = sender
        self._origin = origin
        self._kicked = asyncio.Event()
        self.away_until = 0.0
        """Until when this process leaves the mail server alone, by its loop's clock."""
        self._back_off = FIRST_BACK_OFF
        self.trouble: str | None = None if server else "no mail server is set: KITH_SMTP_URL"
        """Why nothing can be sent just now, in words for an admin."""

    def kick(self) -> None:
        """There may be emails to send."""
        self._kicked.set()

    async def run(self) -> None:
        """Send for as long as the service runs."""
        async with asyncio.TaskGroup() as lanes:
            lanes.create_task(self._settle())
            for _ in range(LANES if self._server else 0):
                lanes.create_task(self._lane())

    async def _settle(self) -> None:
        while True:
            try:
                await self._emails.mend()
                lost, old = await self._emails.settle()
                EMAILS.labels("unknown").inc(lost)
                EMAILS.labels("failed").inc(old)
            except PyMongoError as error:
                log.warning("emails wait for their database", error=type(error).__name__)
            await asyncio.sleep(SETTLE_EVERY_SECONDS)

    async def _lane(self) -> None:
        while True:
            try:
                while await self.once():
                    pass
            except PyMongoError as error:
                log.warning("emails wait for their database", error=type(error).__name__)
            await self._wait(POLL_SECONDS)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._kicked.wait(), seconds)
        except TimeoutError:
            return
        self._kicked.clear()

    async def once(self) -> int:
        """Claim and send a batch; returns how many went their way, 0 where there is nothing to do just now."""
        if self._server is None or asyncio.get_running_loop().time() < self.away_until:
            return 0
        claimed = await self._emails.claim(BATCH)
        if not claimed:
            return 0
        leased_until = asyncio.get_running_loop().time() + LEASE.total_seconds() * 0.7
        line: Line | None = None
        try:
            for place, email in enumerate(claimed):
                if asyncio.get_running_loop().time() > leased_until:
                    return await self._leave(claimed[place:], place)
                try:
                    line = line or await Line.open(self._server)
                except AwayError as error:
                    await self._away(claimed[place:], str(error))
                    return place
                self._back_off, self.trouble = FIRST_BACK_OFF, None
                if not await self._send(line, email):
                    await line.close()
                    line = None
            return len(claimed)
        finally:
            if line is not None:
                await line.close()

    async def _leave(self, rest: list[Email], sent: int) -> int:
        """Let go of what a slow server left no time for."""
        for email in rest:
            await self._emails.put_back(email, timedelta(0), None)
        return sent

    async def _away(self, rest: list[Email], words: str) -> None:
        """Put everything off: the server takes nothing from anybody just now."""
        log.warning("the mail server takes nothing; emails wait", why=words)
        self.trouble = words
        self.away_until = asyncio.get_running_loop().time() + self._back_off
        self._back_off = min(LONGEST_BACK_OFF, self._back_off * 2)
        for email in rest:
            await self._emails.put_back(email, timedelta(0), words)

    async def _send(self, line: Line, email: Email) -> bool:
        """Send one; False where the line is of no more use."""
        user = self._access.user(email.workspace_id, email.user_id)
        if user is None or not may_read(user):
            await self._emails.end(email, "dropped", "the user may not read requests any more")
            return True
        agent = await self._agents.one(email.workspace_id, email.user_id)
        try:
            message = write_email(
                id_=email.id,
                sender=self._sender,
                to=user.email,
                language=agent.language or "en",
                why=why_of(email.why),
                queue=self._name_of(email),
                link=self._link(email),
                at=await self._clock(),
            )
        except RecipientError as error:
            await self._end(email, Outcome("refused", str(error)))
            return True
        outcome = await line.send(
            self._sender, message["To"].addresses[0].addr_spec, message, lambda: self._emails.begin(email)
        )
        await self._end(email, outcome)
        return outcome.line_is_good

    async def _end(self, email: Email, outcome: Outcome) -> None:
        if outcome.became == "not_ours":
            return
        if outcome.became == "later":
            EMAILS.labels("later").inc()
            await self._emails.put_back(email, back_off(email.tries), outcome.words)
            return
        status = _ENDED[outcome.became]
        EMAILS.labels(status).inc()
        await self._emails.end(email, status, outcome.words)

    def _name_of(self, email: Email) -> str:
        found = self._queue(email.workspace_id, email.queue_id) if email.queue_id else None
        return found.name if found else ""

    def _link(self, email: Email) -> str:
        return f"{self._origin}{link_of(email.request_id) if email.why != 'try' else SETTINGS_PAGE}"


SETTINGS_PAGE = "/settings/notifications"


def link_of(request_id: str) -> str:
    """Return where the console shows a contact request."""
    return f"/queues/log/{request_id}"


def back_off(tries: int) -> timedelta:
    """Return for how long an email waits that was put off so many times."""
    longest = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** min(tries - 1, 10))
    return timedelta(seconds=longest * random.uniform(0.7, 1.0))  # noqa: S311 - to part ways

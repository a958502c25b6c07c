"""The mail server's side of the sandbox, put together."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query

from deploy.sandbox.live import Live
from deploy.sandbox.mail.box import Box
from deploy.sandbox.mail.faults import MailFaultRules, MailFaults
from deploy.sandbox.mail.server import MailServer, listen
from deploy.sandbox.problems import ProblemError
from deploy.sandbox.settings import SandboxSettings


class MailPart:
    """A mail server on a port of its own, what it keeps, and its faults."""

    def __init__(self, settings: SandboxSettings, live: Live) -> None:
        self._settings = settings
        self._live = live
        self._box = Box(settings.state / "mail.sqlite", settings.sandbox_keep)
        self._rules = MailFaultRules(lambda: live.changed("mail"))
        self._server: MailServer | None = None

    def join(self, app: FastAPI) -> None:
        """Add its addresses."""
        router = APIRouter(prefix="/api/mail", tags=["mail"])
        self._messages(router)
        self._faults(router)
        app.include_router(router)

    async def start(self) -> None:
        """Begin to take emails."""
        self._server = await listen(self._settings.host, self._settings.mail_port, self._rules, self._keep)

    async def stop(self) -> None:
        """Take no more, and let go of the file."""
        if self._server is not None:
            await self._server.close()
        self._box.close()

    def _keep(self, sender: str, recipients: list[str], raw: bytes) -> None:
        self._box.put(sender, recipients, raw)
        self._live.changed("mail")

    def _messages(self, router: APIRouter) -> None:
        @router.get("/messages")
        async def emails(to: str = "", limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> dict[str, Any]:
            """List the newest emails, to everybody or to one address, the newest first."""
            return {"items": [one.listed() for one in self._box.newest(to, limit)]}

        @router.get("/messages/{n}")
        async def email(n: int) -> dict[str, Any]:
            """Return one email: its headers, its text, its HTML, and all of it as it came."""
            found = self._box.one(n)
            if found is None:
                raise ProblemError(404, "There is no email of this number; GET /api/mail/messages lists them.")
            return found.whole()

        @router.delete("/messages")
        async def no_emails() -> dict[str, Any]:
            """Throw all emails away."""
            self._box.clear()
            self._live.changed("mail")
            return {"items": []}

    def _faults(self, router: APIRouter) -> None:
        @router.get("/faults")
        async def get_mail_faults() -> MailFaults:
            """List the faults that are on, and what is left of each."""
            return MailFaults(rules=self._rules.rules)

        @router.put("/faults")
        async def put_mail_faults(faults: MailFaults) -> MailFaults:
            """Put these faults in the place of those before."""
            self._rules.rules = list(faults.rules)
            self._live.changed("mail")
            return faults

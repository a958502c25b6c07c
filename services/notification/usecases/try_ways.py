"""Trying out, by oneself, what one will be told by."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from services.notification.domain.changes import Change
from services.notification.domain.ways import Way
from services.notification.store.clock import Clock
from services.notification.store.emails import Email, Emails, NewEmail
from services.notification.store.live import Live
from services.notification.store.presence import Presence
from services.notification.usecases.send_emails import SendEmails
from services.notification.usecases.send_pushes import SendPushes

PATIENCE_SECONDS = 6.0
LOOK_SECONDS = 0.1
_ENDED = {"sent", "failed", "unknown", "dropped"}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it."""

    outcome: Literal["sent", "waits", "failed", "nowhere"]
    detail: str


class TryWays:
    """One way at a time, to the very user who asks, as a form would."""

    def __init__(
        self,
        *,
        clock: Clock,
        live: Live,
        presence: Presence,
        emails: Emails,
        send_emails: SendEmails,
        send_pushes: SendPushes,
        numbering: Callable[[str], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._live = live
        self._presence = presence
        self._emails = emails
        self._send_emails = send_emails
        self._send_pushes = send_pushes
        self._numbering = numbering

    async def __call__(self, workspace_id: str, user_id: str, way: Way) -> Tried:
        match way:
            case "email":
                return await self._email(workspace_id, user_id)
            case "push":
                return await self._push(workspace_id, user_id)
            case "sound" | "desktop":
                return await self._line(workspace_id, user_id, way)

    async def _line(self, workspace_id: str, user_id: str, way: Way) -> Tried:
        if not await self._presence.online(workspace_id, [user_id]):
            return Tried("nowhere", "You have no page of Kith's open that hears of it.")
        id_ = f"try_{way}_{secrets.token_hex(6)}"
        line = Change("alert", id_, None, registered=False, rev=1, created=True, to=(user_id,))
        if await self._live.put_news(workspace_id, [line]):
            await self._numbering(workspace_id)
        return Tried("sent", "Your open pages were told.")

    async def _push(self, workspace_id: str, user_id: str) -> Tried:
        took, of = await self._send_pushes.try_out(workspace_id, user_id)
        if not of:
            return Tried("nowhere", "No browser of yours takes pushes: switch them on in this one first.")
        if not took:
            return Tried("failed", "The push services of your browsers did not take it. Switch push off and on again.")
        return Tried("sent", f"Sent to {took} of your {of} browsers.")

    async def _email(self, workspace_id: str, user_id: str) -> Tried:
        now = await self._clock()
        id_ = f"try_{int(now.timestamp()) // 60}"  # one a minute at most
        await self._emails.add(workspace_id, [NewEmail(id_, user_id, None, "try")], now, None)
        self._send_emails.kick()
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while True:
            email = await self._emails.one(workspace_id, id_, user_id)
            is_late = asyncio.get_running_loop().time() > until
            waits = (email is not None and email.reason) or self._send_emails.trouble or is_late
            if email is not None and (email.status in _ENDED or waits):
                return self._tried(email)
            if is_late:
                return Tried("waits", "The email waits to be sent.")
            await asyncio.sleep(LOOK_SECONDS)

    def _tried(self, email: Email) -> Tried:
        if email.status == "sent":
            return Tried("sent", "The mail server took it. It should be in your inbox in a moment.")
        if email.status in {"failed", "dropped", "unknown"}:
            return Tried("failed", f"It was not sent: {email.reason}.")
        why = email.reason or self._send_emails.trouble
        return Tried("waits", f"It waits: {why}." if why else "The email waits to be sent.")

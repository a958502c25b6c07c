"""Pushes to agents' browsers go out: that something was left, in which queue, and where it is read."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from pymongo.errors import PyMongoError

from services.notification.channels.push.seal import MOST_BYTES
from services.notification.channels.push.send import Outcome, PushSender
from services.notification.store.clock import Clock
from services.notification.store.push_key import PushKey
from services.notification.store.subscriptions import Browser, Push, Pushes, Subscriptions
from services.notification.usecases.circles import may_read
from services.notification.usecases.send_emails import SETTINGS_PAGE, back_off, link_of
from shared.contracts.queues import QueueStateV1
from shared.observability.metrics import PUSHES
from shared.sealing.keys import UnsealError
from shared.web.access import AccessBook

log = structlog.get_logger(__name__)

BATCH = 50
POLL_SECONDS = 1.0
TTL_SECONDS = 600
"""For so long a push service keeps what it cannot deliver, and for so long we try: later it helps nobody."""


class SendPushes:
    """One process's sender. `kick` wakes it."""

    def __init__(
        self,
        *,
        pushes: Pushes,
        subscriptions: Subscriptions,
        key: PushKey,
        sender: PushSender,
        access: AccessBook,
        queue: Callable[[str, str], QueueStateV1 | None],
        clock: Clock,
    ) -> None:
        self._pushes = pushes
        self._subscriptions = subscriptions
        self._key = key
        self._sender = sender
        self._access = access
        self._queue = queue
        self._clock = clock
        self._kicked = asyncio.Event()

    def kick(self) -> None:
        """There may be pushes to send."""
        self._kicked.set()

    async def run(self) -> None:
        """Send for as long as the service runs."""
        while True:
            try:
                while await self.once():
                    pass
            except (PyMongoError, UnsealError) as error:
                log.warning("pushes wait", error=type(error).__name__)
            try:
                await asyncio.wait_for(self._kicked.wait(), POLL_SECONDS)
            except TimeoutError:
                continue
            self._kicked.clear()

    async def once(self) -> int:
        """Claim and send a batch; returns how many there were."""
        claimed = await self._pushes.claim(BATCH)
        if claimed:
            now = await self._clock()
            await asyncio.gather(*(self._send(push, now) for push in claimed))
        return len(claimed)

    async def try_out(self, workspace_id: str, user_id: str) -> tuple[int, int]:
        """Push to all browsers of somebody who asked for it; returns how many took it, of how many."""
        plain = _plain("try", "", SETTINGS_PAGE)
        browsers = await self._subscriptions.of(workspace_id, user_id)
        found = await asyncio.gather(*(self._push(workspace_id, one, plain, "try") for one in browsers))
        return sum(outcome.became == "taken" for outcome in found), len(browsers)

    async def _send(self, push: Push, now: datetime) -> None:
        if now - push.at > timedelta(seconds=TTL_SECONDS) or not may_read(
            self._access.user(push.workspace_id, push.user_id)
        ):
            await self._pushes.done(push)
            return
        queue = self._queue(push.workspace_id, push.queue_id)
        plain = _plain("request", queue.name if queue else "", link_of(push.request_id))
        browsers = await self._subscriptions.of(push.workspace_id, push.user_id)
        # those that took it already take it again after a failure: the topic and the tag make it one note there
        found = await asyncio.gather(*(self._push(push.workspace_id, one, plain, push.request_id) for one in browsers))
        again = [outcome.after for outcome in found if outcome.became == "later"]
        if not again:
            await self._pushes.done(push)
            return
        waits = max((timedelta(seconds=after) for after in again if after is not None), default=timedelta(0))
        await self._pushes.put_back(push, max(waits, back_off(push.tries)))

    async def _push(self, workspace_id: str, browser: Browser, plain: bytes, topic: str) -> Outcome:
        outcome = await self._sender.send(
            await self._key.private(), browser.endpoint, browser.p256dh, browser.auth, plain, topic, TTL_SECONDS
        )
        PUSHES.labels(outcome.became).inc()
        if outcome.became == "gone":
            await self._subscriptions.gone(workspace_id, browser)
        return outcome


def _plain(kind: str, queue: str, link: str) -> bytes:
    """Return what a browser is told. Its words come from its own catalogue; the tag gathers what is told twice."""
    told = {"kind": kind, "queue": queue, "link": link, "tag": link.rpartition("/")[2]}
    return json.dumps(told, ensure_ascii=False).encode()[:MOST_BYTES]

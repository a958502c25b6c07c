"""Takes updates to the bots' webhooks, in order, until each was taken."""

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from deploy.sandbox.database import pack
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.deliveries import Delivery
from deploy.sandbox.telegram.schema import BotId
from deploy.sandbox.telegram.state import State

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header
ANSWER_SECONDS = 30.0
"""How long a webhook may take."""
LONGEST_PAUSE = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Attempt:
    status: int | None
    error: str | None
    """None where the webhook took it."""


class Courier:
    """One task per bot with a webhook, so that one bot's trouble holds up no other.

    The first update in a bot's queue is tried until it is taken, with pauses that double; the ones behind it wait, as
    with Telegram. `first_pause` is in seconds.
    """

    def __init__(self, state: State, first_pause: float) -> None:
        self._state = state
        self._first_pause = first_pause
        self._rounds: dict[BotId, asyncio.Task[None]] = {}
        self._woken: dict[BotId, asyncio.Event] = {}
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Go on where the last run stopped."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        for bot_id in self._state.deliveries.bots_waiting():
            self.wake(bot_id)

    async def stop(self) -> None:
        """Leave off. An update that is under way is sent again by the next run."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def wake(self, bot_id: BotId) -> None:
        """Look again: something was put into the bot's queue, or its webhook was set."""
        if bot_id not in self._rounds:
            self._woken[bot_id] = asyncio.Event()
            self._rounds[bot_id] = asyncio.create_task(self._round(bot_id), name=f"courier of bot {bot_id}")
        self._woken[bot_id].set()

    async def _round(self, bot_id: BotId) -> None:
        pause = self._first_pause
        while True:
            self._woken[bot_id].clear()
            bot = self._state.bots.get(bot_id)
            now = self._state.ambient.clock()
            delivery = self._state.deliveries.next(bot_id, now) if bot and bot.webhook_url else None
            if bot is None or delivery is None:
                await self._sleep(bot_id, self._until_due(bot_id, now) if bot and bot.webhook_url else None)
                continue
            attempt = await self._hand_over(bot, delivery)
            self._note(bot, delivery, attempt)
            if attempt.error is None:
                pause = self._first_pause
                continue
            self._state.deliveries.drop_old(now)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _until_due(self, bot_id: BotId, now: float) -> float | None:
        due = self._state.deliveries.next_due(bot_id)
        return None if due is None else max(due - now, 0.001)

    async def _sleep(self, bot_id: BotId, longest: float | None) -> None:
        try:
            await asyncio.wait_for(self._woken[bot_id].wait(), longest)
        except TimeoutError:
            return

    async def _hand_over(self, bot: Bot, delivery: Delivery) -> _Attempt:
        assert self._session is not None  # noqa: S101  rounds run between start and stop
        headers = {"Content-Type": "application/json"}
        if bot.secret:
            headers[SECRET_HEADER] = bot.secret
        try:
            async with self._session.post(
                bot.webhook_url, data=pack(delivery.body).encode(), headers=headers, allow_redirects=False, ssl=False
            ) as answer:
                await answer.read()
                status = answer.status
        except TimeoutError:
            return _Attempt(None, "Read timeout expired")
        except aiohttp.ClientConnectorError:
            return _Attempt(None, "Connection refused")
        except (aiohttp.ClientError, OSError) as error:
            return _Attempt(None, f"Connection failed: {type(error).__name__}")
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return _Attempt(status, None)
        return _Attempt(status, f"Wrong response from the webhook: {status} {answer.reason}")

    def _note(self, bot: Bot, delivery: Delivery, attempt: _Attempt) -> None:
        state = "pending" if attempt.error else "delivered"
        with self._state.database.transaction():
            self._state.deliveries.tried(delivery, attempt.status, attempt.error, state)
            if attempt.error:
                self._state.bots.note_error(bot.bot_id, self._state.ambient.clock(), attempt.error)
        if attempt.error:
            _log.info("update %s of bot %s was not taken: %s", delivery.update_id, bot.bot_id, attempt.error)
        self._state.live.changed("bots", f"update/{bot.bot_id}/{delivery.update_id}")

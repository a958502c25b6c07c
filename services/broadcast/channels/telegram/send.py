"""Telegram's Bot API, as far as sending goes."""

import asyncio
import json
from typing import Any

import aiohttp

from services.broadcast.channels.sender import SendingAccount
from services.broadcast.channels.telegram.answers import outcome_of
from services.broadcast.channels.telegram.message import body as body_of
from services.broadcast.channels.telegram.message import fault
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import NotReached, Outcome, Unknown
from services.broadcast.domain.pace import Limits
from services.broadcast.settings import BroadcastSettings
from shared.contracts.sending import MessageRequestedV1

CONNECT_SHARE = 0.5
"""Of the time-out, for connecting: what times out later had left already."""
KEEP_ALIVE_SECONDS = 15.0
"""Shorter than any provider keeps an idle connection: one that it closes under our request leaves an unknown."""
ACKNOWLEDGE_SECONDS = 3.0
MOST_BYTES = 1 << 20
"""Of an answer."""
LEDGER_HEADER = "X-Kith-Ledger-Id"


class TelegramSender:
    """Sends for every bot of this process over one pool of connections. Neither texts nor tokens are ever logged."""

    def __init__(self, settings: BroadcastSettings) -> None:
        self.limits = Limits(settings.telegram_rate, settings.telegram_window, settings.telegram_chat_spacing)
        self.timeout = settings.telegram_timeout
        self._api = settings.telegram_api.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._acknowledging: set[asyncio.Task[None]] = set()

    def fault(self, message: MessageRequestedV1) -> str | None:
        return fault(message)

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:
        token = account.secrets["token"]
        if row.says_nothing:
            return await self._call(token, "answerCallbackQuery", {"callback_query_id": row.acknowledges}, row)
        if row.acknowledges is not None and row.requests == 0:
            task = asyncio.create_task(self._acknowledge(token, row.acknowledges))
            self._acknowledging.add(task)
            task.add_done_callback(self._acknowledging.discard)
        return await self._call(token, "sendMessage", body_of(row), row)

    async def _call(self, token: str, method: str, body: dict[str, Any], row: Delivery) -> Outcome:
        try:
            async with self._open().post(
                f"{self._api}/bot{token}/{method}",
                data=json.dumps(body).encode(),
                headers={"Content-Type": "application/json", LEDGER_HEADER: row.id},
                allow_redirects=False,
            ) as answer:
                told = await answer.content.read(MOST_BYTES) if answer.content_length is None else await answer.read()
                return outcome_of(answer.status, told, answer.headers.get("Retry-After"), row.acknowledged_as)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotReached(f"no connection: {type(error).__name__}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"no answer: {type(error).__name__}")

    async def _acknowledge(self, token: str, press_id: str) -> None:
        """Stop the pressed button's waiting. Once, and nothing depends on it."""
        try:
            async with self._open().post(
                f"{self._api}/bot{token}/answerCallbackQuery",
                json={"callback_query_id": press_id},
                timeout=aiohttp.ClientTimeout(total=ACKNOWLEDGE_SECONDS),
                allow_redirects=False,
            ) as answer:
                await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError):
            return

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
                timeout=aiohttp.ClientTimeout(
                    total=self.timeout,
                    connect=self.timeout * CONNECT_SHARE,
                    sock_connect=self.timeout * CONNECT_SHARE,
                    ceil_threshold=60.0,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        for task in list(self._acknowledging):
            task.cancel()
        await asyncio.gather(*self._acknowledging, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

"""Meta's Graph API, as far as sending goes: one call for all of its channels, whose bodies differ."""

import hashlib
import hmac
import json
from typing import Any, Protocol

import aiohttp

from services.broadcast.channels.meta.answers import outcome_of
from services.broadcast.channels.sender import SendingAccount
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import NotReached, Outcome, Unknown
from services.broadcast.domain.pace import Limits
from services.broadcast.settings import BroadcastSettings
from shared.contracts.sending import MessageRequestedV1

CONNECT_SHARE = 0.5
"""Of the time-out, for connecting: what times out later had left already."""
KEEP_ALIVE_SECONDS = 15.0
"""Shorter than any provider keeps an idle connection: one that it closes under our request leaves an unknown."""
LEDGER_HEADER = "X-Kith-Ledger-Id"
"""Meta passes it over; whoever checks what was sent finds the row by it, on channels that give nothing back."""
MOST_BYTES = 1 << 20
"""Of an answer."""


class Form(Protocol):
    """A channel's own form of a message: its module `message`."""

    def fault(self, message: MessageRequestedV1) -> str | None:
        """Say why the channel would refuse a message however often it is sent, or None."""
        ...

    def body(self, row: Delivery) -> dict[str, Any]:
        """Return the JSON of the request."""
        ...


class MetaSender:
    """Sends for every account of one channel over one pool of connections. Neither texts nor tokens are ever logged."""

    def __init__(self, settings: BroadcastSettings, form: Form, rate: int) -> None:
        self.limits = Limits(rate, settings.meta_window, 0.0)
        self.timeout = settings.meta_timeout
        self._form = form
        self._api = settings.meta_api.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    def fault(self, message: MessageRequestedV1) -> str | None:
        return self._form.fault(message)

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:
        token, app_secret = account.secrets["token"], account.secrets["app_secret"]
        proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        try:
            async with self._open().post(
                f"{self._api}/{account.account_id}/messages",
                params={"appsecret_proof": proof},
                data=json.dumps(self._form.body(row)).encode(),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {token}",
                    LEDGER_HEADER: row.id,
                },
                allow_redirects=False,
            ) as answer:
                body = await answer.content.read(MOST_BYTES) if answer.content_length is None else await answer.read()
                return outcome_of(answer.status, body, answer.headers.get("Retry-After"))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotReached(f"no connection: {type(error).__name__}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"no answer: {type(error).__name__}")

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
        if self._session is not None:
            await self._session.close()
            self._session = None

"""Messages to visitors of websites: ingest numbers and keeps them, as a provider would, and answers like one."""

import json
from typing import Any

import aiohttp

from services.broadcast.channels.sender import SendingAccount
from services.broadcast.channels.widget.answers import outcome_of
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Faulty, NotReached, Outcome
from services.broadcast.domain.pace import Limits
from services.broadcast.settings import BroadcastSettings
from shared.contracts.sending import MessageRequestedV1
from shared.sealing.signing import HEADER, signature

MOST_CHARACTERS = 4096
PURPOSE = "widget message"
KEY = "device_key"
"""The secret of a connection that calls are signed with."""
CONNECT_SHARE = 0.5
KEEP_ALIVE_SECONDS = 15.0


class WidgetSender:
    """Asks ingest to keep a message for a visitor's stream. Asking twice for one id has one effect."""

    limits = Limits(0, 0.0, 0.0)

    def __init__(self, settings: BroadcastSettings) -> None:
        self.timeout = settings.widget_timeout
        self._ingest = settings.ingest_address
        self._session: aiohttp.ClientSession | None = None

    def fault(self, message: MessageRequestedV1) -> str | None:
        if not message.text.strip():
            return "the text is empty"
        if len(message.text) > MOST_CHARACTERS:
            return f"the text has {len(message.text)} characters; visitors are shown at most {MOST_CHARACTERS}"
        return None

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:
        body = json.dumps(_body(row)).encode()
        try:
            async with self._open().post(
                f"{self._ingest}/internal/widget/{account.connection_id}/messages",
                data=body,
                headers={"Content-Type": "application/json", HEADER: signature(account.secrets[KEY], PURPOSE, body)},
                allow_redirects=False,
            ) as answer:
                return outcome_of(answer.status, await answer.read(), answer.headers.get("Retry-After"))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotReached(f"no connection to ingest: {type(error).__name__}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Faulty(f"no answer from ingest: {type(error).__name__}")  # it may be kept: asking again is safe

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


def _body(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id,
        "contact_id": row.chat.contact_id,
        "text": row.text,
        "buttons": [{"text": button.text, "data": button.data} for button in row.buttons],
    }

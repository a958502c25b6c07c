"""Deliveries to anybody's own adapters."""

import time
from ipaddress import ip_address

import aiohttp
from yarl import URL

from services.broadcast.channels.custom.answers import outcome_of
from services.broadcast.channels.custom.message import body_of, fault, headers_of
from services.broadcast.channels.sender import SendingAccount
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Failed, NotReached, Outcome, Unknown
from services.broadcast.domain.pace import Limits
from services.broadcast.settings import BroadcastSettings
from shared.contracts.sending import MessageRequestedV1
from shared.web.reach import GuardedResolver, Private, PrivateAddressError, may_reach

CONNECT_SHARE = 0.5
"""Of the time-out, for connecting: what times out later had left already."""
KEEP_ALIVE_SECONDS = 15.0
MOST_BYTES = 64 * 1024
"""Of an answer; what is longer is cut, and then says nothing but its status."""
PRIVATE = Failed(
    "connection_refused",
    "deliver_url leads into a private network, and Kith does not deliver there: see KITH_DELIVER_PRIVATE",
)

NO_ADDRESS = Failed("connection_refused", "deliver_url is no address; set it again")


class CustomSender:
    """Posts to the `deliver_url` of every custom connection. Adapters set the pace, by 429 and `Retry-After`."""

    limits = Limits(0, 0.0, 0.0)

    def __init__(self, settings: BroadcastSettings) -> None:
        self.timeout = settings.deliver_timeout
        self._private: Private = settings.deliver_private
        self._session: aiohttp.ClientSession | None = None

    def fault(self, message: MessageRequestedV1) -> str | None:
        return fault(message)

    async def send(self, account: SendingAccount, row: Delivery) -> Outcome:
        body = body_of(row)
        headers = headers_of(row, body, account.secrets["secret"], int(time.time()))
        url = self._address(account)
        if isinstance(url, Failed):
            return url
        try:
            async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as answer:
                told = await _beginning(answer)
                return outcome_of(answer.status, told, row.id, answer.headers.get("Retry-After"))
        except aiohttp.ClientConnectorDNSError as error:
            return PRIVATE if isinstance(error.os_error, PrivateAddressError) else _not_reached(error)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return _not_reached(error)
        except aiohttp.InvalidURL:
            return NO_ADDRESS
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return Unknown(f"no answer: {type(error).__name__}")

    def _address(self, account: SendingAccount) -> URL | Failed:
        """Return where to deliver to. A number is looked at here: the resolver is not asked for it."""
        try:
            url = URL(str(account.settings.get("deliver_url", "")))
        except ValueError:
            return NO_ADDRESS
        if url.host is not None and _is_number(url.host) and not may_reach(url.host, self._private):
            return PRIVATE
        return url

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS, resolver=GuardedResolver(self._private)
                ),
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


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    found = bytearray()
    async for part in answer.content.iter_any():
        found += part
        if len(found) > MOST_BYTES:
            answer.close()  # the rest of it is nobody's concern
            break
    return bytes(found[:MOST_BYTES])


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _not_reached(error: Exception) -> NotReached:
    return NotReached(f"no connection: {type(error).__name__}")

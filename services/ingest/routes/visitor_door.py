"""The door of `/widget/<site key>/…`: only pages of the site's own origins come in, and none too often.

Browsers send `Origin` themselves and no page can forge it: what other programs send is stopped by tokens and rates.
"""

import ipaddress
import time

import structlog
from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.channels.contract import Account
from services.ingest.domain.buckets import Buckets
from services.ingest.usecases.connection_book import ConnectionBook
from shared.observability.metrics import REFUSED
from shared.web.problems import ProblemError, answer
from shared.web.request_id import named_request

PREFIX = "/widget/"
_PREFLIGHT_SECONDS = 7200
"""The longest that Chromium keeps an answer to a preflight."""
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
}
_STATE = "visitor"

log = structlog.get_logger(__name__)


class VisitorDoor:
    """Finds the site, checks the origin and the address's rate, and lets the answer through with CORS's headers."""

    def __init__(self, app: ASGIApp, *, book: ConnectionBook, addresses: Buckets) -> None:
        self._app = app
        self._book = book
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "")
        account = self._book.site(scope["path"][len(PREFIX) :].partition("/")[0])
        if account is None:
            await _refuse(_NO_SUCH_SITE, None, scope, receive, send)
            return
        if not takes(account, origin):
            await _refuse(_FOREIGN, account, scope, receive, send)
            return
        send = _with_cors(send, origin)
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        address = address_of(scope)
        wait = self._addresses.take(address, time.monotonic())
        if wait:
            await _refuse(too_many(wait), account, scope, receive, send)
            return
        scope.setdefault("state", {})[_STATE] = Visitor(account, origin, address)
        await self._app(scope, receive, send)


class Visitor:
    """Where a request comes from."""

    def __init__(self, account: Account, origin: str, address: str) -> None:
        self.account = account
        self.origin = origin
        self.address = address


def visitor_of(request: Request) -> Visitor:
    """Return what the door found out."""
    found: Visitor = getattr(request.state, _STATE)
    return found


def takes(account: Account, origin: str) -> bool:
    """Tell whether a site's chat may be shown on pages of this origin."""
    return origin in (account.settings or {}).get("origins", ())


def too_many(wait: float) -> ProblemError:
    """Say for how long to be quiet."""
    seconds = int(wait) + 1
    words = f"Too many requests from here. Try again in {seconds} s."
    return ProblemError(429, "too-many", words, headers={"Retry-After": str(seconds)})


_NO_SUCH_SITE = ProblemError(404, "not-found", "There is no such site key, or its connection is switched off.")
_FOREIGN = ProblemError(
    403, "foreign-origin", "This page's origin is not on the site's list: add it to the connection's origins."
)


async def _refuse(problem: ProblemError, account: Account | None, scope: Scope, receive: Receive, send: Send) -> None:
    with named_request() as request_id:
        REFUSED.labels("widget", problem.slug).inc()
        connection_id = account.connection_id if account is not None else None
        log.warning("a visitor was refused", status=problem.status, why=problem.slug, connection_id=connection_id)
        response = answer(problem)
        response.headers["X-Request-Id"] = request_id
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)


def _with_cors(send: Send, origin: str) -> Send:
    async def allowed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "Retry-After, X-Request-Id"
            headers.add_vary_header("Origin")
        await send(message)

    return allowed


def address_of(scope: Scope) -> str:
    """Return whom an address's rate is kept for: of IPv6 the network, which is one household's."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host

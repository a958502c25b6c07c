"""Who may use the sandbox: whoever is on this machine, but no foreign web page opened on it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.sandbox.problems import problem

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def is_this_machine(host: str, further: frozenset[str] = frozenset()) -> bool:
    """Whether a host name can only mean this machine, or is one of those the operator named."""
    name = host.strip("[]").lower()
    if name in further or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def cannot_deliver_to(url: str, further: frozenset[str]) -> str | None:
    """Say why nothing is delivered to an address: `form`, or the host that is not on this machine. None if it is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "form"
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "form"
    return None if is_this_machine(parts.hostname, further) else parts.hostname


class Guard:
    """ASGI middleware: checks Host (against rebound names) and Origin (against foreign pages), sets a strict policy."""

    def __init__(self, app: ASGIApp, further_hosts: frozenset[str]) -> None:
        self._app = app
        self._further = further_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reason = self._refusal(Headers(scope=scope))
        if reason:
            await problem(403, reason)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", POLICY)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "")
        if not is_this_machine(urlsplit(f"//{host}").hostname or "", self._further):
            return "Open the sandbox as http://127.0.0.1:<port>, or name this host in KITH_SANDBOX_HOSTS."
        origin = headers.get("origin")
        if origin and urlsplit(origin).netloc != host:
            return "Another web page asked for this. Only the sandbox's own page may."
        return None

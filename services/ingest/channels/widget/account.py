"""The website chat's side of a connection: there is no provider, so we make its public key and what it is told."""

import html
import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from services.ingest.channels.contract import Account, AccountRefusedError, Identity, Paste
from services.ingest.channels.widget.tokens import DEVICE_KEY

KEY_PREFIX = "wk_"
SHORTEST_SECRET = 32
"""Characters: RFC 7518, §3.2 wants a key for HS256 to have as many bits as the hash."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[::1\]")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": 443, "http": 80}


class WidgetAccounts:
    """Makes site keys. `origin` is where the script is loaded from."""

    needs: frozenset[str] = frozenset()
    may_have = frozenset({"site_secret"})
    settings = frozenset({"origins"})

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def made_secrets(self) -> Mapping[str, str]:
        return {DEVICE_KEY: randomness.token_urlsafe(32)}

    async def who_is(self, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> Identity:
        origins: Sequence[str] = settings.get("origins", ())
        if not origins:
            raise AccountRefusedError("origins", 'name at least one website, such as "https://www.example.com"')
        for number, origin in enumerate(origins):
            fault = fault_of(origin)
            if fault is not None:
                raise AccountRefusedError(f"origins.{number}", fault)
        secret = secrets.get("site_secret")
        if secret is not None and len(secret) < SHORTEST_SECRET:
            words = f"this has {len(secret)} characters; a secret that signs needs at least {SHORTEST_SECRET}"
            raise AccountRefusedError("site_secret", words)
        host = urlsplit(origins[0]).netloc
        return Identity(f"{KEY_PREFIX}{randomness.token_hex(12)}", host, made=True)

    async def point_here(self, account: Account, url: str) -> bool:  # noqa: ARG002 - visitors come by themselves
        return True

    def to_paste(self, account: Account, url: str) -> Sequence[Paste]:  # noqa: ARG002 - the script knows the address
        source = html.escape(f"{self._origin}/widget.js")
        tag = f'<script src="{source}" data-site-key="{account.account_id}" async></script>'
        return (Paste("Script tag, at the end of each page's <body>", tag),)


def fault_of(origin: str) -> str | None:
    """Say why this is no origin as browsers write it in `Origin`, or None."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return "this is no address"
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return 'write it as browsers do: "https://www.example.com", in lower case, other scripts as xn--…'
    if parts.path or parts.query or parts.fragment or origin != f"{parts.scheme}://{parts.netloc}":
        return f'leave out what follows the host: "{parts.scheme}://{parts.netloc}"'
    if port == _DEFAULT_PORTS[parts.scheme]:
        return f'browsers leave this port out: "{parts.scheme}://{host}"'
    if parts.scheme == "http" and host not in _THIS_MACHINE:
        return "http is taken for localhost and 127.0.0.1 alone; use https"
    return None

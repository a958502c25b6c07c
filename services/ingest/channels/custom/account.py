"""A connection of anybody's own adapter: nobody is asked, its address is looked at."""

import secrets as randomness
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from services.ingest.channels.contract import Account, AccountRefusedError, Identity, Paste

_FIELD = "deliver_url"


class CustomAccounts:
    """Makes the ids and secrets of adapters. `origin` is where they reach our API."""

    needs: frozenset[str] = frozenset()
    may_have = frozenset({"vouches"})
    settings = frozenset({"deliver_url"})

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def made_secrets(self) -> Mapping[str, str]:
        return {"secret": randomness.token_urlsafe(32)}

    async def who_is(self, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> Identity:  # noqa: ARG002 - it has none of its own
        host = check_deliver_url(str(settings[_FIELD]))
        return Identity(randomness.token_hex(8), host, made=True)

    async def point_here(self, account: Account, url: str) -> bool:  # noqa: ARG002 - adapters call us with a key of theirs
        return True

    def to_paste(self, account: Account, url: str) -> Sequence[Paste]:  # noqa: ARG002 - it has no webhook
        return (
            Paste("Send messages to", f"{self._origin}/api/ingest/inbound"),
            Paste("Send receipts to", f"{self._origin}/api/ingest/receipts"),
            Paste("connection_id", account.connection_id),
        )


def check_deliver_url(url: str) -> str:
    """Return the host of an address that we may deliver to. Raises `AccountRefusedError`.

    Where its name leads is looked at before each request: names change.
    """
    wrong = AccountRefusedError(_FIELD, "this is no address; give one such as https://adapter.example.com/deliver")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if not host or "\\" in url or any(sign.isspace() or not sign.isprintable() for sign in url):
        raise wrong
    if "@" in parts.netloc:
        raise AccountRefusedError(_FIELD, "leave out the name and password: every delivery is signed instead")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(host)):
        raise AccountRefusedError(_FIELD, "this must start with https://; http:// is for this machine alone")
    return host


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

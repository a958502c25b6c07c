"""`KITH_SMTP_URL`: which mail server takes our emails, and how it is spoken to."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

StartTls = Literal["auto", "required", "off"]
_PORTS = {"smtp": 587, "smtps": 465}
_STARTTLS: dict[str, StartTls] = {"auto": "auto", "required": "required", "off": "off"}


class SmtpUrlError(ValueError):
    """`KITH_SMTP_URL` is not of its form. The message never repeats it: there may be a password in it."""


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """A mail server."""

    host: str
    port: int
    tls: bool
    """Encrypted from the first byte."""
    starttls: StartTls
    username: str | None = None
    password: str | None = None

    @property
    def named(self) -> str:
        """Return what may be shown of it."""
        return f"{self.host}:{self.port}"


def read_smtp_url(url: str) -> SmtpAddress:
    """Read `smtp://user:password@host:port?starttls=auto|required|off`, or `smtps://…`. Raises `SmtpUrlError`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SmtpUrlError("KITH_SMTP_URL: this is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise SmtpUrlError("KITH_SMTP_URL is smtp://[user:password@]host[:port][?starttls=…], or smtps://…")
    asked = parse_qs(parts.query)
    if set(asked) - {"starttls"}:
        raise SmtpUrlError("KITH_SMTP_URL takes one option, starttls")
    username = unquote(parts.username) if parts.username else None
    # a password goes over no open line, unless that never leaves this machine or somebody says so
    default = "required" if username and not _is_this_machine(parts.hostname) else "auto"
    starttls = _STARTTLS.get(asked.get("starttls", [default])[-1])
    if starttls is None:
        raise SmtpUrlError("KITH_SMTP_URL: starttls is auto, required or off")
    return SmtpAddress(
        parts.hostname,
        port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        starttls,
        username,
        unquote(parts.password) if parts.password else None,
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""What the console needs to know, from the environment."""

from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field

from shared.settings import KithSettings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class ConsoleSettings(KithSettings):
    """The console's own settings. It listens on `KITH_PORT`: locally it is the one origin."""

    ingest_port: int | None = None
    identity_port: int | None = None
    notification_port: int | None = None
    broadcast_port: int | None = None
    ingest_url: str = ""
    """Where requests for ingest are handed on to; by default its port on this machine."""
    identity_url: str = ""
    notification_url: str = ""
    broadcast_url: str = ""
    web_dist: Path = Field(default_factory=lambda: Path(__file__).parent / "web" / "dist")
    """Where the built front end lies."""

    @cached_property
    def upstreams(self) -> dict[str, str]:
        """Return the address of each service that requests are handed on to, without a slash at the end."""
        found = {
            "ingest": (self.ingest_url, self.ingest_port or self.port + 1),
            "identity": (self.identity_url, self.identity_port or self.port + 2),
            "notification": (self.notification_url, self.notification_port or self.port + 3),
            "broadcast": (self.broadcast_url, self.broadcast_port or self.port + 4),
        }
        return {name: (url or f"http://127.0.0.1:{port}").rstrip("/") for name, (url, port) in found.items()}

    @cached_property
    def origins(self) -> frozenset[str]:
        """Return the origins that a browser may call with our cookie: the public one.

        On this machine its other names count as well: people type `localhost` for 127.0.0.1.
        """
        parts = urlsplit(self.origin)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        hosts = _LOOPBACK if host in _LOOPBACK else (host,)
        return frozenset(f"{parts.scheme}://{host}{port}" for host in hosts)

    @property
    def origin_port(self) -> int:
        """The port that browsers reach us on."""
        return urlsplit(self.origin).port or (443 if self.is_https else 80)

    @property
    def is_https(self) -> bool:
        """Whether people reach us encrypted: cookies are then sent in no other way."""
        return self.origin.startswith("https://")

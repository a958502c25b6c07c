"""What a run of the sandbox is told by its environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PORT_OFFSET = 5
"""The sandbox's port, counted from KITH_PORT."""
MAIL_PORT_OFFSET = 9
"""Its mail server's."""


class SandboxSettings(BaseSettings):
    """Read from `KITH_…`; nothing is read before one of these is made."""

    model_config = SettingsConfigDict(env_prefix="KITH_", env_ignore_empty=True, extra="ignore")

    home: Path = Path(".kith")
    """Holds all local state; the sandbox keeps its own under `sandbox/`."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    """The console's port; the sandbox's is counted from it."""
    sandbox_port: int | None = Field(default=None, ge=1, le=65535)
    sandbox_mail_port: int | None = Field(default=None, ge=1, le=65535)
    """Where it takes emails over SMTP."""
    sandbox_limits: Literal["on", "off"] = "on"
    """`off` lifts the providers' rate limits for every bot, for benches."""
    sandbox_hosts: str = ""
    """Comma-separated names, besides this machine's own, under which the sandbox may be opened and to which it may
    deliver webhooks: the names of containers, where services do not share a machine."""
    sandbox_keep: int = Field(default=200_000, ge=100)
    """How many requests, and how many updates, are kept before the oldest go."""
    sandbox_first_retry: float = Field(default=0.5, gt=0, le=60)
    """Seconds before a refused webhook is sent again; doubled each time, to a minute at most."""
    log_level: str = "info"

    @field_validator("log_level")
    @classmethod
    def _lower(cls, level: str) -> str:
        return level.lower()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        return self.host, self.sandbox_port or self.port + PORT_OFFSET

    @property
    def mail_port(self) -> int:
        """The port to take emails on."""
        return self.sandbox_mail_port or self.port + MAIL_PORT_OFFSET

    @property
    def further_hosts(self) -> frozenset[str]:
        """Names from `sandbox_hosts`, in lower case."""
        return frozenset(name.strip().lower() for name in self.sandbox_hosts.split(",") if name.strip())

    @property
    def state(self) -> Path:
        """The folder of the sandbox's own state."""
        return self.home / "sandbox"

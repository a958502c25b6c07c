"""What broadcast is told by its environment, `KITH_…`."""

from typing import Literal

from pydantic import Field, model_validator

from shared.settings import KithSettings

PORT_OFFSET = 4
"""Broadcast's port, counted from KITH_PORT."""


class BroadcastSettings(KithSettings):
    """Times are seconds."""

    broadcast_port: int | None = Field(default=None, ge=1, le=65535)
    telegram_api: str = "https://api.telegram.org"
    """Where Telegram's Bot API is, without `/bot<token>`."""
    telegram_rate: int = Field(default=30, ge=0)
    """Messages of one bot in any window of `telegram_window`; 0 means no limit."""
    telegram_window: float = Field(default=1.05, gt=0)
    """A little above Telegram's one second: it counts arrivals, we count starts, and the way between them varies."""
    telegram_chat_spacing: float = Field(default=1.05, ge=0)
    """From one message to the next in a chat; above Telegram's one second for the same reason. 0 means none."""
    telegram_timeout: float = Field(default=10.0, gt=0)
    meta_api: str = "https://graph.facebook.com/v24.0"
    """Where Meta's Graph API is, its version included."""
    meta_window: float = Field(default=1.05, gt=0)
    """A little above Meta's one second, as with Telegram."""
    meta_timeout: float = Field(default=10.0, gt=0)
    whatsapp_rate: int = Field(default=80, ge=0)
    """Messages of one number in any window of `meta_window`; 0 means no limit."""
    messenger_rate: int = Field(default=300, ge=0)
    """The same of one page."""
    instagram_rate: int = Field(default=300, ge=0)
    """The same of one account."""
    ingest_port: int | None = None
    ingest_url: str = ""
    """Where ingest takes messages to visitors of websites; by default its port on this machine."""
    widget_timeout: float = Field(default=5.0, gt=0)
    deliver_timeout: float = Field(default=10.0, gt=0)
    deliver_private: Literal["off", "loopback", "on"] = "off"
    """Whether adapters may be in private networks: nowhere, on this machine, or anywhere."""
    send_in_flight: int = Field(default=50, ge=1, le=500)
    """Requests of one connection whose result is not written yet: what a kill can turn into `unknown` at most."""
    send_lease: float = Field(default=15.0, gt=0)
    """How long a connection stays with a sender that says nothing more."""
    send_lease_renew: float = Field(default=2.0, gt=0)
    send_poll: float = Field(default=1.0, gt=0)
    """How often a sender looks for work that nobody told it of."""
    send_attempts: int = Field(default=5, ge=1)
    """How often a message is requested that the provider says it could not send for a reason of its own."""
    send_give_up_after: float = Field(default=3600.0, gt=0)
    """How long a provider that cannot be reached is tried before a message is given up."""
    ledger_keep_days: int = Field(default=90, ge=4)
    """How long settled rows stay. Longer than `outbound.v1` does, or a replay would send again."""

    @property
    def own_port(self) -> int:
        return self.broadcast_port or self.port + PORT_OFFSET

    @property
    def ingest_address(self) -> str:
        """Return ingest's address, without a slash at the end."""
        return (self.ingest_url or f"http://127.0.0.1:{self.ingest_port or self.port + 1}").rstrip("/")

    @model_validator(mode="after")
    def _a_lease_outlives_a_request(self) -> "BroadcastSettings":
        longest = max(self.telegram_timeout, self.meta_timeout, self.widget_timeout, self.deliver_timeout)
        if self.send_lease < longest + 2 * self.send_lease_renew:
            raise ValueError(
                "KITH_SEND_LEASE must be at least the longest of KITH_TELEGRAM_TIMEOUT, KITH_META_TIMEOUT, "
                "KITH_WIDGET_TIMEOUT and KITH_DELIVER_TIMEOUT, and two times KITH_SEND_LEASE_RENEW: no request starts "
                "with less of the lease left than it may take"
            )
        return self

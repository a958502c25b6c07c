from pydantic import Field

from shared.settings import KithSettings


class IngestSettings(KithSettings):
    """What ingest needs besides. Times are seconds, sizes are bytes."""

    ingest_port: int = 0
    """0: one above KITH_PORT."""
    telegram_api: str = "https://api.telegram.org"
    meta_api: str = "https://graph.facebook.com/v24.0"
    """Where Meta's Graph API is, its version included."""
    hooks_url: str = ""
    """What webhooks start with, where providers reach us at another address than people; else KITH_PUBLIC_URL."""
    hook_bytes: int = 256 * 1024
    """The largest webhook body; above it 413. A channel whose provider sends larger ones takes those."""
    accept_seconds: float = 4.0
    """How long a webhook waits for the broker's acknowledgement before it answers 503."""
    widget_device_rate: float = Field(default=1.0, gt=0)
    """Requests a second that a visitor's device may make for long."""
    widget_device_burst: int = Field(default=20, ge=1)
    """How many it may make at once, after a while without."""
    widget_address_rate: float = Field(default=20.0, gt=0)
    """The same for all visitors from one address: an office is one."""
    widget_address_burst: int = Field(default=200, ge=1)

    form_address_rate: float = Field(default=0.2, gt=0)
    """Forms a second that one address may send from a form's own page for long."""
    form_address_burst: int = Field(default=20, ge=1)
    form_key_rate: float = Field(default=10.0, gt=0)
    """The same for everybody at one form."""
    form_key_burst: int = Field(default=200, ge=1)

    @property
    def own_port(self) -> int:
        return self.ingest_port or self.port + 1

    @property
    def hooks_origin(self) -> str:
        """Without a slash at the end."""
        return self.hooks_url.rstrip("/") or self.origin

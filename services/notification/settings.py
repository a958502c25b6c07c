"""What notification needs to know, from the environment."""

from typing import Literal

from pydantic import SecretStr

from shared.settings import KithSettings


class NotificationSettings(KithSettings):
    """Notification's own settings."""

    notification_port: int | None = None
    """By default `KITH_PORT` + 3."""
    smtp_url: SecretStr = SecretStr("")
    """`smtp://[user:password@]host[:port][?starttls=auto|required|off]`, or `smtps://…`; without it emails wait."""
    mail_from: str = ""
    """The address that emails come from."""
    push_private: Literal["off", "loopback", "on"] = "off"
    """Whether push services may be in private networks: nowhere, on this machine, or anywhere."""

    @property
    def listens_on(self) -> int:
        return self.notification_port or self.port + 3

    @property
    def push_contact(self) -> str:
        """Return whom push services may write to about us (RFC 8292, 2.1)."""
        if not self.mail_from and self.origin.startswith("https://"):
            return self.origin
        return f"mailto:{self.mail_from or 'kith@localhost.localdomain'}"

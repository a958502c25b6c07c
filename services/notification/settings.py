"""What notification needs to know, from the environment."""

from shared.settings import KithSettings


class NotificationSettings(KithSettings):
    """Notification's own settings."""

    notification_port: int | None = None
    """By default `KITH_PORT` + 3."""

    @property
    def listens_on(self) -> int:
        return self.notification_port or self.port + 3

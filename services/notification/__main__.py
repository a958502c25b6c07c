"""Run notification: `python -m services.notification`."""

from services.notification.app import create_app
from services.notification.settings import NotificationSettings
from shared.web.app import serve


def main() -> None:
    """Serve until SIGTERM."""
    settings = NotificationSettings()
    app = create_app(settings)
    serve(app, health=app.state.health, settings=settings, port=settings.listens_on)


if __name__ == "__main__":
    main()

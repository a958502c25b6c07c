"""Run broadcast: `python -m services.broadcast`."""

from services.broadcast.app import create_app
from services.broadcast.settings import BroadcastSettings
from shared.web.app import serve


def main() -> None:
    """Serve until SIGTERM."""
    settings = BroadcastSettings()
    app = create_app(settings)
    serve(app, health=app.state.health, settings=settings, port=settings.own_port)


if __name__ == "__main__":
    main()

"""Run the console: `python -m services.console`."""

from services.console.app import create_app
from services.console.settings import ConsoleSettings
from shared.web.app import serve


def main() -> None:
    """Serve until SIGTERM."""
    settings = ConsoleSettings()
    app = create_app(settings)
    serve(app, health=app.state.health, settings=settings, port=settings.port)


if __name__ == "__main__":
    main()

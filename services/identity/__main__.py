"""`python -m services.identity`: serve until SIGTERM."""

from services.identity.app import create_app
from services.identity.settings import IdentitySettings
from shared.web.app import serve

if __name__ == "__main__":
    settings = IdentitySettings()
    app = create_app(settings)
    serve(app, health=app.state.health, settings=settings, port=settings.identity_port)

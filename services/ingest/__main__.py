from services.ingest.app import create_app
from services.ingest.settings import IngestSettings
from shared.web.app import serve

if __name__ == "__main__":
    settings = IngestSettings()
    app, spine = create_app(settings)
    serve(app, health=spine.health, settings=settings, port=settings.own_port)

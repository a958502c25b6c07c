"""The floor of accepting a webhook: the same server's bare FastAPI endpoint, which only parses the same body."""

import sys

from fastapi import FastAPI

from services.ingest.channels.telegram.updates import Update
from shared.settings import KithSettings
from shared.web.app import serve
from shared.web.health import Health

app = FastAPI(openapi_url=None)


@app.post("/bare")
async def bare(_update: Update) -> dict[str, bool]:
    return {"ok": True}


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


if __name__ == "__main__":
    serve(app, health=Health(), settings=KithSettings(), port=int(sys.argv[1]))

"""The floors of accepting: a bare FastAPI endpoint of the same server for each channel.

Each parses the same body into the same models, as FastAPI does it by itself, and checks the proof that the channel
cannot do without: Meta's HMAC over the body, the HMAC in a visitor's token, the hash of an API key. Whoever takes such
requests has to do that much, whatever comes after; so it is no part of what Kith adds. Telegram's proof is a comparison
of two strings, which is left out. Nothing is stored, nobody is looked up, and the answer is the shortest there is.
"""

import hashlib
import hmac
import sys

from fastapi import FastAPI, HTTPException, Request
from pydantic import Field

from services.ingest.channels.custom.items import InboundItem
from services.ingest.channels.meta.hook import signature
from services.ingest.channels.meta.updates import Lenient, Messaging
from services.ingest.channels.telegram.updates import Update
from services.ingest.channels.whatsapp.updates import Contact, Message, Metadata
from services.ingest.channels.widget.happenings import Told
from services.ingest.channels.widget.tokens import device_of
from shared.settings import KithSettings
from shared.web.app import serve
from shared.web.health import Health
from tests.bench.accounts import APP_SECRET, KEY_SECRET, SITE

KEY_HASH = hashlib.sha256(KEY_SECRET.encode()).hexdigest()
OK = {"ok": True}

app = FastAPI(openapi_url=None)


class _Value(Lenient):
    metadata: Metadata
    contacts: list[Contact] = Field(default_factory=list[Contact])
    messages: list[Message] = Field(default_factory=list[Message])


class _Change(Lenient):
    field: str
    value: _Value


class _Changes(Lenient):
    id: str
    changes: list[_Change]


class WhatsApp(Lenient):
    """WhatsApp's envelope, with messages alone."""

    object: str
    entry: list[_Changes]


class _Entry(Lenient):
    id: str
    messaging: list[Messaging]


class Direct(Lenient):
    """The envelope of Messenger and of Instagram."""

    object: str
    entry: list[_Entry]


@app.post("/bare/telegram")
async def telegram(_update: Update) -> dict[str, bool]:
    return OK


@app.post("/bare/whatsapp")
async def whatsapp(request: Request, _update: WhatsApp) -> dict[str, bool]:
    await _check_signature(request)
    return OK


@app.post("/bare/direct")
async def direct(request: Request, _update: Direct) -> dict[str, bool]:
    await _check_signature(request)
    return OK


@app.post("/bare/widget")
async def widget(request: Request, _told: Told) -> dict[str, bool]:
    if device_of(SITE, request.headers["authorization"].removeprefix("Bearer ")) is None:
        raise HTTPException(401)
    return OK


@app.post("/bare/custom")
async def custom(request: Request, _items: InboundItem | list[InboundItem]) -> dict[str, bool]:
    secret = request.headers["authorization"].rsplit("_", 1)[1]
    if not hmac.compare_digest(hashlib.sha256(secret.encode()).hexdigest(), KEY_HASH):
        raise HTTPException(401)
    return OK


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return OK


async def _check_signature(request: Request) -> None:
    given = request.headers["x-hub-signature-256"].encode()
    if not hmac.compare_digest(given, signature(APP_SECRET, await request.body())):
        raise HTTPException(401)


if __name__ == "__main__":
    serve(app, health=Health(), settings=KithSettings(), port=int(sys.argv[1]))

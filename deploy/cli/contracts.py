"""`kith contracts`: what crosses a service, written down from the code."""

import asyncio
import base64
import importlib
import importlib.util
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.cli.output import give_up, screen
from deploy.local.children import SERVICES
from deploy.local.layout import CHECKOUT

OPENAPI = CHECKOUT / "services" / "console" / "web" / "openapi"
"""Where the console's typed client is made from."""
ASYNCAPI = CHECKOUT / "shared" / "contracts" / "asyncapi"
SCHEMAS = CHECKOUT / "shared" / "contracts" / "schemas"

Check = Annotated[bool, typer.Option("--check", help="Write nothing; end with 1 if something differs from the code.")]


def contracts(*, check: Check = False) -> None:
    """Write OpenAPI, AsyncAPI and JSON Schemas, for those who read them rather than the code."""
    # They must not depend on whose machine they are written on.
    for name in [name for name in os.environ if name.startswith("KITH_")]:
        del os.environ[name]
    os.environ["KITH_SECRET_KEY"] = "1:" + base64.urlsafe_b64encode(bytes(32)).decode()
    os.environ["KITH_LOG_LEVEL"] = "ERROR"
    wanted = {place: _text(document) for place, document in asyncio.run(_documents()).items()}
    there = {place for folder in (ASYNCAPI, SCHEMAS) for place in folder.glob("*.json")}
    differing = [place for place, text in wanted.items() if not place.exists() or place.read_text() != text]
    gone = sorted(there - wanted.keys())
    if check:
        if differing or gone:
            names = ", ".join(str(place.relative_to(CHECKOUT)) for place in (*differing, *gone))
            give_up(f"The contracts differ from the code; `make contracts` writes them: {names}")
        return
    for place in differing:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(wanted[place])
        screen.print(f"wrote {place.relative_to(CHECKOUT)}", markup=False)
    for place in gone:
        place.unlink()
        screen.print(f"removed {place.relative_to(CHECKOUT)}", markup=False)


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


async def _documents() -> dict[Path, dict[str, Any]]:
    from shared.contracts.topics import TOPICS

    found: dict[Path, dict[str, Any]] = {}
    for event in (event for topic in TOPICS for event in topic.events):
        found[SCHEMAS / f"{event.model_fields['type'].default}.json"] = event.model_json_schema()
    for name in SERVICES:
        if importlib.util.find_spec(f"services.{name}.app"):
            openapi, asyncapi = await _of_service(name)
            found[OPENAPI / f"{name}.json"] = openapi
            found[ASYNCAPI / f"{name}.json"] = asyncapi
    return found


async def _of_service(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask a service's app for its two documents, as a client would; nothing of it is started."""
    import httpx

    app: Any = importlib.import_module(f"services.{name}.app").create_app()
    app = app[0] if isinstance(app, tuple) else app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kith") as client:
        openapi = await client.get(f"/api/{name}/openapi.json")
        asyncapi = await client.get("/asyncapi.json")
    return openapi.raise_for_status().json(), asyncapi.raise_for_status().json()

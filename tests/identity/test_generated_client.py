"""A client that a well-kept generator makes of identity's own OpenAPI, driven against the running service."""

import asyncio
import importlib
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn

from tests.identity.house import House

OPENAPI = Path(__file__).parents[2] / "services" / "console" / "web" / "openapi" / "identity.json"
PACKAGE = "generated_identity"
GENERATOR = "openapi-python-client==0.29.1"
"""It pins an older typer than we run on, so that it is fetched into a place of its own."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Generate the package into a folder of its own. It leaves out CSV files and lines of JSON, and nothing else."""
    folder = tmp_path_factory.mktemp("client")
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "tool", "run", "--from", GENERATOR, "--with", "ruff", "openapi-python-client", "generate"]
    asked = ["--path", OPENAPI, "--meta", "none", "--output-path", folder / PACKAGE]
    done = subprocess.run([*command, *asked], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unable to process schema" not in done.stdout, done.stdout
    sys.path.insert(0, str(folder))
    yield folder / PACKAGE
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@asynccontextmanager
async def served(house: House) -> AsyncGenerator[str]:
    """Serve the API on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(house.api(), log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve([listener]))  # who connects meanwhile waits in the listener
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


def part(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{name}")


@pytest.mark.slow
async def test_a_generated_client_does_all_of_the_contacts_api(house: House, workspace: str, generated: Path) -> None:
    del generated
    models, types = part("models"), part("types")
    api: ModuleType = part("api.contacts_api.upsert_contacts")
    async with (
        served(house) as origin,
        part("client").AuthenticatedClient(base_url=origin, token=f"{workspace}:admin") as client,
    ):
        asked = models.ContactsAsked.from_dict(
            {
                "dedupe_on": "email",
                "contacts": [
                    {"email": "ann@example.com", "name": "Ann", "tags": ["VIP"], "address": {"country": "NO"}},
                    {"email": "ann@example.com", "push_tokens": [{"kind": "web", "token": "t1"}]},
                    {"name": "without a key"},
                ],
            }
        )
        told = [await api.asyncio(client=client, body=asked, idempotency_key="call-1") for _ in range(2)]
        assert told[0].to_dict() == told[1].to_dict()
        assert [row.result.value for row in told[0].results] == ["created", "updated", "refused"]
        ann = told[0].results[0].id
        who = models.ContactKey.from_dict({"client_id": ann})

        events = models.EventsAsked.from_dict({"events": [{"name": "Viewed", "contact": who.to_dict(), "id": "e1"}]})
        answer = await part("api.contacts_api.tell_events").asyncio(client=client, body=events)
        assert answer.created == 1
        order = {"external_id": "o1", "amount": "9.90", "currency": "EUR", "status": "new", "contact": who.to_dict()}
        orders = models.OrdersAsked.from_dict({"orders": [{**order, "date": "2026-01-31T12:00:00Z"}]})
        answer = await part("api.contacts_api.tell_orders").asyncio(client=client, body=orders)
        assert answer.created == 1
        page = await part("api.contacts_api.list_activity").asyncio(ann, client=client, kind=types.UNSET)
        assert [item.kind.value for item in page.items] == ["event", "order"]
        assert (page.items[0].event.name, page.items[1].order.amount) == ("Viewed", "9.90")

        whole = await part("api.clients.get_client").asyncio(ann, client=client)
        assert (whole.name, whole.email, whole.tags[0].name) == ("Ann", "ann@example.com", "VIP")
        found = await part("api.clients.list_clients").asyncio(client=client, search="ann")
        assert [one.id for one in found.items] == [ann]

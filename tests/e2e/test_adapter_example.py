"""The example adapter, as the README tells of it: a channel of one's own, from the first line to the receipt."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from deploy.local import ports
from shared.contracts.ids import chat_contact_id
from tests.e2e.kith import ROOT, SOON, Kith, until

EXAMPLES = ROOT / "docs" / "examples"


class Adapter:
    """The example as a process: what is typed into it, and what it prints."""

    def __init__(self, process: asyncio.subprocess.Process, connection: dict[str, Any]) -> None:
        self.process = process
        self.connection = connection
        self.printed: list[str] = []

    def types(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())

    async def prints(self, words: str) -> str:
        """Wait for a line that holds these words; returns it."""
        assert self.process.stdout is not None
        while True:
            line = (await asyncio.wait_for(self.process.stdout.readline(), SOON * 2)).decode()
            assert line, f"it ended: {self.printed}"
            self.printed.append(line)
            if words in line:
                return line


@pytest.fixture
async def adapter(kith: Kith) -> AsyncGenerator[Adapter]:
    (port,) = ports.free(1)
    asked = json.loads((EXAMPLES / "connection.json").read_text(encoding="utf-8"))
    asked["deliver_url"] = asked["deliver_url"].replace("8099", str(port))
    status, made = await kith.call("POST", "/api/ingest/connections", body=asked)
    assert status < 300, made
    told = {"KEY": kith.api_key, "CONNECTION": made["id"], "SECRET": made["secret"], "ORIGIN": kith.origin}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(EXAMPLES / "adapter.py")),
        env=dict(os.environ) | told | {"PORT": str(port), "CUSTOMER": "zoe"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Adapter(process, made)
    finally:
        process.terminate()
        await process.wait()


async def test_a_channel_of_ones_own_from_the_first_line_to_the_receipt(kith: Kith, adapter: Adapter) -> None:
    await adapter.prints("ready")
    adapter.types("Is the blue one still there?")
    await adapter.prints("inbound: accepted")
    question = await adapter.prints("kith> Hello! What is it about?")

    adapter.types(question.partition("[An order: ")[2].partition("]")[0])
    await adapter.prints("kith> How can we reach you?")
    adapter.types("zoe@example.com")
    await adapter.prints("kith> Thank you")

    id_ = chat_contact_id(kith.workspace_id, adapter.connection["id"], "zoe")

    async def client() -> Any:
        status, found = await kith.get(f"/api/identity/chat-contacts/{id_}")
        return found if status == 200 and found["registered"] and found["client_id"] else None

    found = await until(client)
    assert (found["channel"], found["name"]) == ("custom", "Zoe")

    async def all_read() -> bool:
        _, told = await kith.get(f"/api/ingest/conversations/{id_}/messages")
        ours = [one["status"] for one in told["items"] if one["direction"] == "out"]
        return len(ours) == 3 and set(ours) == {"read"}

    await until(all_read)

"""An adapter's side of a running ingest: it connects itself, sends items, and reads what came onto the topics."""

import hashlib
import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import SecretStr

from services.ingest.app import create_app
from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.accounts import ApiKeyStateV1
from shared.contracts.topics import Topic
from shared.messaging.reading import reading, until_now
from shared.spine import Spine
from tests.broadcast.house import until

KEY = SecretStr("1:" + "A" * 43)


class Adapter:
    """One workspace with a key of its own, and one connection."""

    def __init__(self, http: httpx.AsyncClient, spine: Spine) -> None:
        self.http = http
        self.spine = spine
        self.workspace = f"ws_{secrets.token_hex(6)}"
        self.key = ""
        self.connection: dict[str, Any] = {}

    async def let_in(self, *scopes: str) -> str:
        """Make an API key, and wait until it is known."""
        name, secret = secrets.token_hex(6), secrets.token_hex(16)
        state = ApiKeyStateV1(
            id=f"key_{name}",
            time=datetime.now(UTC),
            workspace_id=self.workspace,
            rev=1,
            name="adapter",
            secret_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            scopes=scopes,
            active=True,
        )
        await self.spine.publisher.publish(topics.ACCESS, [state])

        async def known() -> bool:
            return f"key_{name}" in self.spine.access._keys  # pyright: ignore[reportPrivateUsage]

        await until(known)
        return f"kith_{name}_{secret}"

    async def connect(self, **more: Any) -> dict[str, Any]:
        asked = {"channel": "custom", "name": "SMS", "deliver_url": "https://adapter.example/deliver"} | more
        answer = await self.call("POST", "connections", asked)
        assert answer.is_success, answer.text
        return answer.json()

    async def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {key or self.key}", "Content-Type": "application/json"}
        return await self.http.request(method, f"/api/ingest/{path}", content=content, headers=headers)

    def item(self, id_: str = "1", **more: Any) -> dict[str, Any]:
        return {"connection_id": self.connection["id"], "id": id_, "contact_id": "ann", "text": "hi"} | more

    async def sends(self, *items: Any, to: str = "inbound") -> list[dict[str, Any]]:
        """Send items; returns what each was answered."""
        answer = await self.call("POST", to, list(items))
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def refused(self, item: Any, to: str = "inbound") -> str:
        """Send one item that is to be refused; returns the field."""
        (answer,) = await self.sends(item, to=to)
        assert answer["status"] == "refused", answer
        assert answer["error"]["message"]
        return answer["error"]["field"]

    async def published(self, topic: Topic = topics.CONVERSATION) -> list[dict[str, Any]]:
        """Return what this workspace put onto a topic, in the order of its partitions."""
        ours = self.workspace.encode()  # others' tests leave what is no JSON on the same topic
        async with reading(self.spine.settings, "test") as reader:
            values = [record.value or b"" async for record in until_now(reader, topic.name)]
        found: list[dict[str, Any]] = [json.loads(value) for value in values if ours in value]
        return [event for event in found if event["workspace_id"] == self.workspace]


@asynccontextmanager
async def a_service(settings: IngestSettings) -> AsyncGenerator[tuple[httpx.AsyncClient, Spine]]:
    """Run ingest in this process."""
    app, spine = create_app(settings.model_copy(update={"secret_key": KEY}))
    async with (
        spine.running(),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as http,
    ):
        yield http, spine


async def an_adapter(http: httpx.AsyncClient, spine: Spine) -> Adapter:
    made = Adapter(http, spine)
    made.key = await made.let_in("inbound:write", "connections:read", "connections:write", "conversations:read")
    made.connection = await made.connect()
    return made

"""A website with the chat on it, over the whole of ingest: asks as a browser's script does, and reads the topics."""

import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import SecretStr

from services.broadcast.channels.sender import SendingAccount
from services.broadcast.channels.widget.send import WidgetSender
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Outcome
from services.broadcast.settings import BroadcastSettings
from services.ingest.app import create_app
from services.ingest.settings import IngestSettings
from shared.contracts import topics
from shared.contracts.chat import ChatRef
from shared.contracts.ids import chat_contact_id
from shared.contracts.sending import Button
from shared.contracts.topics import Topic
from shared.messaging.reading import reading, until_now
from shared.sealing.keys import SecretKeys
from tests.console.running import serving
from tests.identity.house import AnybodyBook

KEY = "1:" + "A" * 43
ORIGIN = "https://www.example.com"
SITE_SECRET = "a secret of the site, long enough to sign with by any hash there is"


@asynccontextmanager
async def an_ingest(settings: IngestSettings, **more: Any) -> AsyncGenerator[str]:
    """Serve ingest; give its address."""
    hooks, _ = create_app(settings.model_copy(update={"secret_key": SecretStr(KEY), **more}))
    hooks._app.state.access = AnybodyBook()  # pyright: ignore  # noqa: PGH003
    async with serving(hooks) as address:
        yield address


class Site:
    """One connection, in a workspace of its own, and a browser that looks at its page."""

    def __init__(self, settings: IngestSettings, address: str) -> None:
        self.settings = settings
        self.address = address
        self.workspace = f"ws_{secrets.token_hex(6)}"
        self.made: dict[str, Any] = {}
        self.token = ""
        self.device = ""
        self.http = httpx.AsyncClient(base_url=address, timeout=20)

    @property
    def key(self) -> str:
        return self.made["bot_id"]

    async def manage(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Call the API as an admin."""
        headers = {"Authorization": f"Bearer {self.workspace}:admin"}
        return await self.http.request(method, f"/api/ingest{path}", json=body, headers=headers)

    async def connect(self, **more: Any) -> "Site":
        wanted = {"channel": "widget", "origins": [ORIGIN], "site_secret": SITE_SECRET, **more}
        answer = await self.manage("POST", "/connections", wanted)
        assert answer.status_code == 201, answer.text
        self.made = answer.json()
        return self

    async def change(self, **what: Any) -> httpx.Response:
        return await self.manage("PATCH", f"/connections/{self.made['id']}", what)

    async def ask(self, method: str, path: str, *, origin: str | None = ORIGIN, **more: Any) -> httpx.Response:
        """Ask as the script does."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Origin": origin} if origin else {}
        return await self.http.request(
            method, f"/widget/{self.key}/{path}", headers=headers | more.pop("headers", {}), **more
        )

    async def open(self) -> "Site":
        self.token = ""
        answer = await self.ask("POST", "session")
        assert answer.status_code == 200, answer.text
        self.token, self.device = answer.json()["token"], answer.json()["device_id"]
        return self

    async def tell(self, type_: str, payload: Any, **more: Any) -> httpx.Response:
        return await self.ask("POST", "events", json=an_item(type_, payload, **more))

    async def published(self, topic: Topic = topics.CONVERSATION) -> list[dict[str, Any]]:
        """Return what this connection put onto a topic."""
        async with reading(self.settings, "test") as reader:
            values = [record.value or b"" async for record in until_now(reader, topic.name)]
        return [json.loads(value) for value in values if self.made["id"].encode() in value]

    async def history(self) -> list[tuple[str, str]]:
        answer = await self.ask("GET", "messages")
        assert answer.status_code == 200, answer.text
        return [(one["direction"], one["text"]) for one in answer.json()["items"]]

    @asynccontextmanager
    async def stream(self, after: int | str | None = None) -> AsyncGenerator["Stream"]:
        headers = {"Authorization": f"Bearer {self.token}", "Origin": ORIGIN}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        async with self.http.stream("GET", f"/widget/{self.key}/stream", headers=headers) as response:
            assert response.status_code == 200
            yield Stream(response)

    async def answer(self, text: str, id_: str | None = None, device: str | None = None, **more: Any) -> Outcome:
        """Say something to the visitor, as broadcast does."""
        contact = device or self.device
        chat = ChatRef(channel="widget", connection_id=self.made["id"], contact_id=contact)
        now = datetime.now(UTC)
        row = Delivery(
            id=id_ or secrets.token_hex(8),
            outbound_id="o",
            workspace_id=self.workspace,
            connection_id=self.made["id"],
            chat=chat,
            chat_contact_id=chat_contact_id(self.workspace, self.made["id"], contact),
            text=text,
            buttons=(Button(text="An order", data="topic:order"),),
            origin="scenario",
            cause="c",
            planned_at=now,
            due_at=now,
        )
        sender = WidgetSender(BroadcastSettings(ingest_url=more.pop("address", self.address)))
        try:
            return await sender.send(SendingAccount(self.made["id"], self.key, await self._secrets(**more), {}), row)
        finally:
            await sender.close()

    async def _secrets(self, **other: str) -> dict[str, str]:
        states = await self.published(topics.CONNECTION)
        sealed = states[-1]["sealed_secrets"]
        keys = SecretKeys(KEY)
        return {name: keys.unseal(self.workspace, f"connection.{name}", text) for name, text in sealed.items()} | other


class Stream:
    """What a stream tells, event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> tuple[str, dict[str, Any]]:
        """Return the next event's name and data; what the queue says is passed over."""
        name, data = await self.next_of_any()
        while name == "state":
            name, data = await self.next_of_any()
        return name, data

    async def next_state(self) -> dict[str, Any] | None:
        """Return what the queue says when it next says something."""
        name, data = await self.next_of_any()
        while name != "state":
            assert name != "end"
            name, data = await self.next_of_any()
        return data["queue"]

    async def next_of_any(self) -> tuple[str, dict[str, Any]]:
        name = ""
        async for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))
        return "end", {}

    async def texts(self, count: int) -> list[tuple[int, str]]:
        found = [await self.next() for _ in range(count)]
        return [(data["n"], data["text"]) for name, data in found if name == "message"]


def an_item(type_: str, payload: Any, **more: Any) -> dict[str, Any]:
    return {"event_id": f"ev_{secrets.token_hex(8)}", "type": type_, "payload": payload, **more}

"""The hook over a real broker: knocks at it as a server would, and reads what came onto the topics."""

import json
import secrets
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.ingest.channels.contract import Account
from services.ingest.channels.register import HOOKS
from services.ingest.routes.hooks import Hooks
from services.ingest.settings import IngestSettings
from services.ingest.store.aliases import Aliases
from services.ingest.store.conversations import Conversations
from services.ingest.usecases.accept import Accept
from services.ingest.usecases.one_person import OnePerson
from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from shared.contracts.topics import Topic
from shared.messaging.publisher import Publisher
from shared.messaging.reading import reading, until_now
from shared.observability.metrics import REFUSED
from shared.storage.mongo import connect, database

LIMIT = 4096
SECRET = "s3cret"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]
    """Empty where the answer is plain text."""
    text: str = ""


async def knock(
    app: ASGIApp,
    path: str,
    chunks: Iterable[bytes],
    *,
    headers: dict[str, str] | None = None,
    method: str = "POST",
    query: str = "",
) -> Answer:
    """Send a request as ASGI has it, its body in these chunks."""
    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()],
    }
    parts = list(chunks)
    waiting: list[Message] = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(part["body"] for part in rest)
    assert int(found["content-length"]) == len(body)
    plain = found.get("content-type", "").startswith("text/plain")
    return Answer(start["status"], found, {} if plain else json.loads(body), body.decode())


class Door:
    """One connection's hook."""

    def __init__(self, settings: IngestSettings, publisher: Publisher) -> None:
        self.settings = settings
        self.publisher = publisher
        self.connection_id = f"con_{secrets.token_hex(10)}"
        self.path = f"/hooks/telegram/{self.connection_id}"
        self.client = connect(settings)
        owned = database(self.client, settings, "ingest")
        self.permissions = PermissionBook()
        people = OnePerson(Aliases(owned), Conversations(owned), self.permissions)
        accept = Accept(accounts=self, hooks=HOOKS, people=people, publisher=publisher)
        self.challenged: list[str] = []
        self.app = Hooks(_behind, accept, LIMIT, self._note)

    def account(self, connection_id: str) -> Account | None:
        known = connection_id == self.connection_id
        return Account("ws_1", connection_id, "telegram", {"secret": SECRET}) if known else None

    async def _note(self, connection_id: str) -> None:
        self.challenged.append(connection_id)

    async def gets(self, *chunks: bytes, secret: str | None = SECRET, **headers: str) -> Answer:
        proof = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await knock(self.app, self.path, chunks, headers=proof | named)

    async def published(self, topic: Topic = topics.CONVERSATION) -> list[dict[str, Any]]:
        """Return what this connection put onto a topic, in the order of its partitions."""
        async with reading(self.settings, "test") as reader:
            values = [record.value or b"" async for record in until_now(reader, topic.name)]
        return [json.loads(value) for value in values if self.connection_id.encode() in value]


async def _behind(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Stand for everything that is no hook."""
    await send({"type": "http.response.start", "status": 299, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})


@asynccontextmanager
async def a_publisher(settings: IngestSettings) -> AsyncGenerator[Publisher]:
    publisher = Publisher(settings, "ingest", patience_seconds=settings.accept_seconds)
    await publisher.start()
    await publisher.know(topics.CONVERSATION, topics.PERMISSION, topics.RECEIPT)
    try:
        yield publisher
    finally:
        await publisher.stop()


def refused(channel: str, why: str) -> float:
    """Return how many refusals were counted."""
    return REFUSED.labels(channel, why)._value.get()  # pyright: ignore[reportPrivateUsage]


def update(number: int, chat: int = 5551, text: str = "hi", **more: Any) -> bytes:
    """Make a Telegram update."""
    person = {"id": chat, "is_bot": False, "first_name": "Ann"}
    message = {"message_id": number, "date": 1_767_225_600, "chat": {"id": chat, "type": "private"}, "from": person}
    return json.dumps({"update_id": number, "message": {**message, "text": text}, **more}).encode()


def membership(number: int, status: str, at: int = 1_767_225_600) -> bytes:
    """Make the update of a person who blocks or unblocks the bot."""
    person = {"id": 5551, "is_bot": False, "first_name": "Ann"}
    member = {"user": {"id": 7, "is_bot": True, "first_name": "Shop"}}
    change = {
        "chat": {"id": 5551, "type": "private"},
        "from": person,
        "date": at,
        "old_chat_member": member | {"status": "member"},
        "new_chat_member": member | {"status": status},
    }
    return json.dumps({"update_id": number, "my_chat_member": change}).encode()

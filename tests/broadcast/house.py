"""What stands around broadcast in a test: ingest's side of the topics, and a look at what came of it."""

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
from aiokafka import TopicPartition
from fastapi import FastAPI

from deploy.local import ports
from services.broadcast.app import create_app
from services.broadcast.channels.sender import ChannelSender
from services.broadcast.channels.telegram.send import TelegramSender
from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.clock import DatabaseClock
from services.broadcast.store.ledger import Ledger
from services.broadcast.store.migrate import make_indexes
from services.broadcast.usecases.plan_deliveries import PlanDeliveries
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.chat import Channel, ChatRef
from shared.contracts.event import Event
from shared.contracts.ids import chat_contact_id
from shared.contracts.people import PermissionStateV1
from shared.contracts.sending import MessageRequestedV1
from shared.contracts.topics import Topic
from shared.messaging.kafka import partitions_of
from shared.messaging.publisher import Publisher
from shared.messaging.reading import reading, until_now
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Database, Document, connect, database

TOKEN = "4711:the-bots-own-token"


class House:
    """One workspace with one connection: Telegram's, unless another account is connected in its place."""

    def __init__(self, settings: BroadcastSettings, publisher: Publisher, owned: Database) -> None:
        self.settings = settings
        self.publisher = publisher
        self.database = owned
        self.workspace = f"w_{secrets.token_hex(4)}"
        self.connection = f"cn_{secrets.token_hex(6)}"
        self.channel: Channel = "telegram"
        self.began: dict[TopicPartition, int] = {}

    async def connect_bot(self, *, enabled: bool = True, rev: int = 1) -> None:
        await self.connect_account("4711", {"token": TOKEN}, enabled=enabled, rev=rev)

    async def connect_account(
        self, account_id: str, secrets: dict[str, str], *, enabled: bool = True, rev: int = 1
    ) -> None:
        keys = SecretKeys(self.settings.secret_key.get_secret_value())
        state = ConnectionStateV1(
            id=self.connection,
            time=datetime.now(UTC),
            workspace_id=self.workspace,
            rev=rev,
            channel=self.channel,
            name="bot",
            account_id=account_id,
            enabled=enabled,
            sealed_secrets={
                name: keys.seal(self.workspace, f"connection.{name}", secret) for name, secret in secrets.items()
            },
        )
        await self.publisher.publish(topics.CONNECTION, [state])

    def message(self, chat: str, text: str = "hello", **more: Any) -> MessageRequestedV1:
        return MessageRequestedV1(
            id=more.pop("id", None) or secrets.token_hex(8),
            time=datetime.now(UTC),
            workspace_id=self.workspace,
            chat=ChatRef(channel=self.channel, connection_id=self.connection, contact_id=chat),
            text=text,
            origin=more.pop("origin", "scenario"),
            cause="cause",
            **more,
        )

    async def ask(self, *messages: MessageRequestedV1) -> None:
        await self.publisher.publish(topics.OUTBOUND, messages)

    async def forbid(self, chat: str, *, fact: str = "blocked", reactive: bool = False, agent: bool = False) -> None:
        id_ = chat_contact_id(self.workspace, self.connection, chat)
        now = datetime.now(UTC)
        state = PermissionStateV1.model_validate(
            {
                "id": id_,
                "time": now,
                "workspace_id": self.workspace,
                "rev": int(now.timestamp() * 1000),
                "chat_contact_id": id_,
                "fact": fact,
                "proactive": False,
                "reactive": reactive,
                "agent": agent,
            }
        )
        await self.publisher.publish(topics.PERMISSION, [state])

    async def plan(self, *messages: MessageRequestedV1) -> None:
        """Put rows into the ledger as broadcast does: for tests in which the broker is away."""
        clock = DatabaseClock(self.database)
        senders: dict[Channel, ChannelSender] = {"telegram": TelegramSender(self.settings)}
        planner = PlanDeliveries(Ledger(self.database, clock), clock, senders, lambda _ids: None, lambda _rows: None)
        await planner(messages)

    async def row(self, id_: str) -> Document:
        return await self.database.ledger.find_one({"_id": id_}) or {}

    async def rows(self) -> list[Document]:
        return await self.database.ledger.find({"connection_id": self.connection}).sort("seq", 1).to_list(None)

    async def statuses(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in await self.rows():
            found[row["status"]] = found.get(row["status"], 0) + 1
        return found

    async def until_statuses(self, wanted: dict[str, int], seconds: float = 90.0) -> None:
        async def there() -> bool:
            return await self.statuses() == wanted

        await until(there, seconds, lambda: f"wanted {wanted}")

    async def mark(self) -> None:
        """Remember where the topics that broadcast writes end now."""
        self.began = {
            place: end
            for topic in (topics.DELIVERY, topics.PERMISSION)
            for place, end in (await self._ends(topic)).items()
        }

    async def _ends(self, topic: Topic) -> dict[TopicPartition, int]:
        async with reading(self.settings, "test") as reader:
            return await reader.end_offsets(await partitions_of(reader, topic.name))

    async def published(self, topic: Topic) -> list[Event]:
        """Return this workspace's events of a topic since `mark`."""
        since = {place: offset for place, offset in self.began.items() if place.topic == topic.name}
        async with reading(self.settings, "test") as reader:
            records = [record async for record in until_now(reader, topic.name, since)]
        found = [topic.adapter.validate_json(record.value) for record in records if record.value]
        return [event for event in found if event.workspace_id == self.workspace]


async def until(
    there: Callable[[], Awaitable[bool]], seconds: float = 90.0, what: Callable[[], str] = lambda: ""
) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not await there():
        if time.monotonic() > end:
            raise AssertionError(f"not so within {seconds} s: {what()}")
        await asyncio.sleep(0.02)


@asynccontextmanager
async def a_house(settings: BroadcastSettings) -> AsyncGenerator[House]:
    publisher = Publisher(settings, "test")
    await publisher.start()
    client = connect(settings)
    owned = database(client, settings, "broadcast")
    try:
        await make_indexes(owned, settings.ledger_keep_days)
        house = House(settings, publisher, owned)
        await house.connect_bot()
        await house.mark()
        yield house
    finally:
        await client.drop_database(owned.name)
        client.close()
        await publisher.stop()


@asynccontextmanager
async def a_broadcast(settings: BroadcastSettings) -> AsyncGenerator[FastAPI]:
    """Run broadcast in this process."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


class Process:
    """Broadcast as a process of its own: one that can be killed and stopped."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def kill(self) -> None:
        """End it as `kill -9` does."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def terminate(self) -> None:
        """Stop it as a supervisor does."""
        self._process.send_signal(signal.SIGTERM)
        assert await self._process.wait() == 0

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def a_process(settings: BroadcastSettings) -> AsyncGenerator[Process]:
    """Start broadcast in a process of its own, and wait until it is ready."""
    (port,) = ports.free(1)
    told = {
        f"KITH_{name.upper()}": str(value)
        for name, value in settings.model_dump(exclude={"secret_key"}).items()
        if value is not None
    }
    told |= {"KITH_SECRET_KEY": settings.secret_key.get_secret_value(), "KITH_BROADCAST_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.broadcast", env=dict(os.environ) | told, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient() as client:

            async def is_ready() -> bool:
                assert process.returncode is None, "it ended by itself"
                try:
                    return (await client.get(f"http://127.0.0.1:{port}/health/ready")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(is_ready, 180.0, lambda: "broadcast ready")
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()

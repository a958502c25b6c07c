"""One topic, who writes it as anybody might, and who reads it as our services do."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

from aiokafka.admin import NewTopic

from shared.contracts.chat import UpdateUnknownV1
from shared.contracts.event import Event
from shared.contracts.people import PermissionStateV1
from shared.contracts.topics import Topic
from shared.messaging.consume import Consumer, Handle
from shared.messaging.dead_letters import DeadLetter, DeadLetters, read_all
from shared.messaging.kafka import make_admin, make_broker, make_producer
from shared.messaging.publisher import Publisher
from shared.messaging.watchdog import Watchdog
from shared.settings import KithSettings

START = datetime(2026, 1, 1, tzinfo=UTC)
Headers = list[tuple[str, bytes | None]]


def event(number: int, *, chat: str = "con_1", raw: str = "{}") -> UpdateUnknownV1:
    return UpdateUnknownV1(
        id=f"{chat}/{number}", time=START, workspace_id="ws_1",
        channel="telegram", connection_id=chat, kind="k", raw=raw,
    )  # fmt: skip


def fact(chat: str, rev: int, *, proactive: bool = True) -> PermissionStateV1:
    """Make a state; its key is `<chat>/switches`."""
    return PermissionStateV1(
        id=f"{chat}/{rev}", time=START + timedelta(seconds=rev), workspace_id="ws_1", rev=rev, chat_contact_id=chat,
        fact="switches", proactive=proactive, reactive=True,
    )  # fmt: skip


def number_of(one: Event) -> int:
    return int(one.id.rsplit("/", 1)[1])


async def eventually(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait until something holds; a slow machine only waits longer."""
    for _ in range(int(seconds / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never came true: {what}")


@dataclass
class Stream:
    """A topic that nobody else uses."""

    settings: KithSettings
    publisher: Publisher
    topic: Topic

    async def send(self, *events: Event) -> None:
        await self.publisher.publish(self.topic, events)

    async def send_raw(self, records: Sequence[tuple[bytes | None, Headers]], key: bytes = b"k") -> None:
        """Write as somebody else's producer would: null headers, null values and all."""
        async with make_producer(self.settings, "somebody-else") as producer:
            for value, headers in records:
                await producer.send_and_wait(self.topic.name, value, key, headers=cast("Any", headers))

    @asynccontextmanager
    async def consumed(
        self, handle: Handle, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> AsyncGenerator[Watchdog]:
        """Read it in a group of its own until the block ends."""
        broker = make_broker(self.settings, "ingest")
        consumer = Consumer(
            topic=self.topic,
            service="ingest",
            handle=handle,
            dead_letters=lambda group: DeadLetters(self.publisher, group),
            sleep=sleep,
        )
        watchdog = consumer.subscribe(broker, self.settings)
        await broker.start()
        try:
            yield watchdog
        finally:
            await broker.stop()

    async def put_aside(self) -> list[DeadLetter]:
        """Return this topic's dead letters, in the order of their origin."""
        found = [letter async for letter in read_all(self.settings) if letter.topic == self.topic.name]
        return sorted(found, key=lambda letter: (letter.partition, letter.offset))


Compaction = Literal["delete", "compact"]


async def a_stream(settings: KithSettings, publisher: Publisher, *, partitions: int, compacted: bool) -> Stream:
    """Make a topic that nobody else uses."""
    topic = Topic(
        name=f"t.{secrets.token_hex(6)}",
        events=(PermissionStateV1,) if compacted else (UpdateUnknownV1,),
        key="any",
        producers=("ingest",),
        retention=None if compacted else timedelta(days=1),
    )
    policy: Compaction = "compact" if compacted else "delete"
    admin = make_admin(settings)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic.name, partitions, 1, topic_configs={"cleanup.policy": policy})])
    finally:
        await admin.close()
    return Stream(settings, publisher, topic)

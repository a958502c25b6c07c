"""What every service stands on: its database, its way to the broker, and the order in which they start and stop."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from aiokafka.errors import KafkaError

from shared.contracts import topics
from shared.contracts.topics import Service, Topic
from shared.messaging.consume import Consumer, Handle
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.digest import Digest
from shared.messaging.kafka import make_broker
from shared.messaging.nightly import each_night
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.read_models import ReadModel
from shared.messaging.tail import Tail
from shared.messaging.watchdog import Watchdog
from shared.observability import logs, traces
from shared.settings import KithSettings
from shared.storage.mongo import connect, database, is_up
from shared.web.access import AccessBook
from shared.web.health import Health
from shared.web.key_uses import KeyUses
from shared.web.read_models import read_models

log = structlog.get_logger(__name__)


class Spine:
    """Made by a composition root, which hangs consumers, tails and background work on it, then runs it."""

    def __init__(self, settings: KithSettings, service: Service) -> None:
        logs.configure(service, settings.log_level)
        traces.configure(service, settings.otlp_endpoint)
        self.settings = settings
        self.service: Service = service
        self.client = connect(settings)
        self.database = database(self.client, settings, service)
        self.publisher = Publisher(settings, service)
        self.access = AccessBook()
        self.health = Health({"database": self._database_is_up, "broker": self._broker_is_up})
        self._broker = make_broker(settings, service)
        self._watchdogs: list[Watchdog] = []
        self._tails: list[Tail] = []
        self._background: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        self.tail(topics.ACCESS, self.access)
        self.health.routers.append(read_models(self._tails, settings.secret_key.get_secret_value()))
        self.nightly("read models", self._rebuild)
        self.background("uses of API keys", KeyUses(self.access, self.publisher).run)

    def consume(self, topic: Topic, handle: Handle) -> None:
        """Read a topic in this service's group; `handle` gets batches, and must be idempotent.

        A process that only serves the web (`KITH_PARTS=web`) reads nothing.
        """
        if self.settings.parts == "web":
            return
        consumer = Consumer(
            topic=topic,
            service=self.service,
            handle=handle,
            dead_letters=lambda group: DeadLetters(self.publisher, group),
        )
        self._watchdogs.append(consumer.subscribe(self._broker, self.settings))

    def tail(self, topic: Topic, model: ReadModel) -> Tail:
        """Keep a small state topic in memory; it is complete before the service is ready."""
        found = Tail(self.settings, topic, model)
        self._tails.append(found)
        return found

    def background(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run work for as long as the service runs; should it fail, it is started again."""
        self._background.append((name, work))

    def owns(self, outbox: Outbox) -> None:
        """Publish what the outbox holds, and compare all that it names with its topics each night."""
        self.background("outbox", outbox.run)
        if self.settings.parts != "web":
            self.nightly("digest", Digest(self.settings, self.service, self.client, outbox).run)

    def nightly(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do work once a day, at `KITH_DIGEST_HOUR`."""
        hour = self.settings.digest_hour
        if hour >= 0:
            self.background(name, lambda: each_night(name, hour, work))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Start everything; at the end: readiness off, stop consuming, finish, commit, flush."""
        await self._start_publisher()
        tasks: list[asyncio.Task[None]] = []
        try:
            await asyncio.gather(*(tail.start() for tail in self._tails))
            tasks += [asyncio.create_task(_forever(name, work), name=name) for name, work in self._background]
            if self._watchdogs:
                await self._broker.start()
            tasks += [asyncio.create_task(watchdog.run()) for watchdog in self._watchdogs]
            log.info("started")
            yield
        finally:
            self.health.draining.set()
            if self._watchdogs:
                await self._broker.stop()
            await _end(tasks)
            await asyncio.gather(*(tail.stop() for tail in self._tails))
            await self.publisher.stop()
            self.client.close()
            log.info("stopped")

    async def _start_publisher(self) -> None:
        """Wait for the broker: a service that starts before it is no fault."""
        pause = 0.2
        while True:
            try:
                await self.publisher.start()
                await self.publisher.know(*(t for t in topics.TOPICS if self.service in t.producers))
            except (KafkaError, OSError) as error:
                log.warning("waiting for the broker", error=type(error).__name__)
                await self.publisher.stop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)
            else:
                return

    async def _rebuild(self) -> None:
        """Read all that is kept of others' states anew: whatever went wrong in memory lasts a day at most."""
        for tail in self._tails:
            await tail.rebuild()

    async def _database_is_up(self) -> bool:
        return await is_up(self.client)

    async def _broker_is_up(self) -> bool:
        fresh = all(tail.age < FRESH_SECONDS for tail in self._tails)
        return self.publisher.ready and fresh and all(watchdog.assigned for watchdog in self._watchdogs)


FRESH_SECONDS = 5.0
"""A tail older than this means that the broker does not answer."""


async def _forever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("background work failed; it is started again", work=name)
        await asyncio.sleep(1.0)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

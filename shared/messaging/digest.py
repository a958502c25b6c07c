"""What an owner's states are, beside what their compacted topic would tell a reader who starts today.

The outbox publishes every change; this finds what was lost all the same (a topic made anew, a database put back, a
fault of ours) and puts it into the outbox again. It keeps nothing of its own, so it may be ended at any moment, begin
again, and run in several processes at once: a state is whole, and publishing it twice changes nothing.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from aiokafka import TopicPartition
from bson import ObjectId

from shared.contracts.topics import Topic
from shared.messaging.kafka import partitions_of
from shared.messaging.last_said import LastSaid
from shared.messaging.outbox import Outbox, StateSource
from shared.messaging.reading import reading
from shared.observability.metrics import DIGEST_DIFFERENCES
from shared.settings import KithSettings
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction

log = structlog.get_logger(__name__)

HELD_KEYS = 200_000
"""Partitions are read until they hold so many keys; then the database is walked once for all of these."""
AT_ONCE = 500
"""Suspects that are looked at again, and published, in one go."""
EXAMPLES = 5
GONE_AT_MOST = 100
"""More that is gone than this, and than there is, looks like another database: nothing of it is taken away."""
SETTLE_SECONDS = 30.0
"""For how long, in one run, changes that are on their way are waited for; after that they count as lost."""
LOOK_SECONDS = 0.1

Told = Callable[[str, int], None]


@dataclass
class Differences:
    """How the topic differed from the database."""

    topic: str
    states: int = 0
    """How many there are in the database."""
    missing: int = 0
    older: int = 0
    gone: int = 0
    """On the topic, and not in the database any more."""
    gone_left: int = 0
    """As `gone`, but so many that the database may be another one: these were left as they are."""
    ahead: int = 0
    """Newer on the topic than in the database, as after a backup was put back: readers go on with the newer one."""
    examples: list[str] = field(default_factory=list[str])
    """Keys of some of them."""

    @property
    def published(self) -> int:
        return self.missing + self.older + self.gone

    def note(self, key: str, said: int | None, kept: int | None, walked: int) -> bool:
        """Count a key that may differ; tells whether publishing it helps.

        `walked` is the rev that was found when the database was walked: what came later may still be on its way.
        """
        if kept is None:
            differs, self.gone = said is not None, self.gone + (said is not None)
        elif said is None and walked:
            differs, self.missing = True, self.missing + 1
        elif said is not None and said < walked:
            differs, self.older = True, self.older + 1
        else:
            differs = False
            self.ahead += said is not None and said > kept
        if (differs or (kept is not None and (said or 0) > kept)) and len(self.examples) < EXAMPLES:
            self.examples.append(key)
        return differs


class Digest:
    """Compares all that one service's outbox publishes with its topics."""

    def __init__(self, settings: KithSettings, service: str, client: Client, outbox: Outbox) -> None:
        self._settings = settings
        self._service = service
        self._client = client
        self._outbox = outbox
        self._patience = SETTLE_SECONDS

    async def run(self, *, look: bool = False, told: Told = lambda _topic, _states: None) -> list[Differences]:
        """Compare, and publish what differs, unless asked to `look` only. `told` hears how far it is."""
        self._patience = SETTLE_SECONDS
        return [
            await self._compare(topic, source, look=look, told=told) for topic, source in self._outbox.sources.items()
        ]

    async def _compare(self, topic: Topic, source: StateSource, *, look: bool, told: Told) -> Differences:
        found = Differences(topic.name)
        async with reading(self._settings, f"kith-digest-{self._service}") as reader:
            waiting: list[TopicPartition] = await partitions_of(reader, topic.name)
            said = LastSaid(reader, len(waiting))
            while waiting:
                said.clear()
                while waiting and len(said.revs) < HELD_KEYS:
                    await said.read(waiting.pop())
                await _Pass(self, topic, source, said, found, look=look).walk(told)
        for kind in ("missing", "older", "gone", "gone_left", "ahead"):
            DIGEST_DIFFERENCES.labels(self._service, topic.name, kind).inc(getattr(found, kind))
        if found.published or found.gone_left or found.ahead:
            log.warning("a topic differed from its owner's database", **vars(found), look=look)
        return found

    async def settled(self) -> None:
        """Wait until every change made so far is on its topic, or will not be there soon."""
        now, began = datetime.now(UTC), time.monotonic()
        while await self._outbox.waits(now) and time.monotonic() < began + self._patience:  # noqa: ASYNC110 - others publish it
            await asyncio.sleep(LOOK_SECONDS)
        self._patience -= time.monotonic() - began

    async def publish(self, topic: Topic, ids: Sequence[str]) -> None:
        """Put ids into the outbox, as if they had changed, and publish them."""
        keys = {topic: ids}

        async def note(session: Session) -> ObjectId:
            return await self._outbox.note(keys, session)

        await self._outbox.publish(await in_transaction(self._client, note), keys)


class _Pass:
    """One walk through the database, for some partitions of a topic."""

    def __init__(
        self, digest: Digest, topic: Topic, source: StateSource, said: LastSaid, found: Differences, *, look: bool
    ) -> None:
        self._digest = digest
        self._topic = topic
        self._source = source
        self._said = said
        self._found = found
        self._look = look
        self._suspects: dict[str, int] = {}

    async def walk(self, told: Told) -> None:
        """Compare every state of these partitions; then what the topic has and the database has not."""
        met: set[str] = set()
        async for id_, rev in self._source.walk():
            key = self._source.key_of(id_)
            if not self._said.covers(key):
                continue
            met.add(key)
            self._found.states += 1
            if self._said.revs.get(key) != rev:
                await self._suspect(id_, rev)
            if self._found.states % 1000 == 0:
                told(self._topic.name, self._found.states)
        left = [id_ for key in self._said.revs if key not in met and (id_ := self._source.id_of(key)) is not None]
        if len(left) > max(GONE_AT_MOST, len(met)):
            log.error("a topic tells of more than the database has: is it the right one?", topic=self._topic.name)
            self._found.gone_left += len(left)
            left = []
        for id_ in left:
            await self._suspect(id_, 0)
        await self._look_again()
        told(self._topic.name, self._found.states)

    async def _suspect(self, id_: str, rev: int) -> None:
        self._suspects[id_] = rev
        if len(self._suspects) >= AT_ONCE:
            await self._look_again()

    async def _look_again(self) -> None:
        """Compare once more what differed, when all that was on its way has arrived; publish what still does."""
        suspects, self._suspects = self._suspects, {}
        if not suspects:
            return
        await self._digest.settled()
        await self._said.read_on()
        kept = await self._source.revs(list(suspects))
        lost = list(self._lost(suspects, kept))
        if lost and not self._look:
            await self._digest.publish(self._topic, lost)

    def _lost(self, suspects: Mapping[str, int], kept: Mapping[str, int]) -> Iterable[str]:
        for id_, walked in suspects.items():
            key = self._source.key_of(id_)
            if self._found.note(key, self._said.revs.get(key), kept.get(key), walked):
                yield id_

"""Small state topics, read whole into memory by every process that needs them, without a group."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from shared.contracts.topics import Topic
from shared.messaging.kafka import partitions_of
from shared.messaging.read_models import Content, ReadModel, digest_of, in_short
from shared.messaging.reading import reading
from shared.messaging.records import PoisonError, decode
from shared.observability.metrics import TAIL_AGE
from shared.settings import KithSettings

log = structlog.get_logger(__name__)


RETRY_SECONDS = 0.5
REBUILD_SECONDS = 600.0
SWITCH_SECONDS = 10.0
"""The longest that a rebuild may hold up what comes in, while it reads the last few records."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was known before, and what is known since a topic was read anew: equal, unless something went wrong."""

    topic: str
    before: Content
    after: Content
    different: tuple[str, ...]
    """The workspaces in which something differed."""


class Tail:
    """Follows one state topic, and keeps a read model current: each state and tombstone is told to it, oldest first.

    After a lost connection the topic is read again from its start: whoever was away for longer than tombstones stay
    would never hear of what is gone. Until that is done what was known stays in use; then it is replaced as a whole.
    """

    def __init__(self, settings: KithSettings, topic: Topic, model: ReadModel) -> None:
        self.topic = topic
        self._settings = settings
        self._model = model
        self._task: asyncio.Task[None] | None = None
        self._current = asyncio.Event()
        self._seen_all_at = 0.0
        self._begun = False
        self._whole = asyncio.Event()
        """Set but for while the topic is read again: then places say nothing of what the model was told."""
        self.told: dict[TopicPartition, int] = {}
        """How far the model was told, by partition."""
        self._turn = asyncio.Lock()
        self._rebuilding = asyncio.Lock()

    @property
    def age(self) -> float:
        """Return for how many seconds we may have missed something. Infinite until everything was read once."""
        if not self._current.is_set():
            return float("inf")
        return time.monotonic() - self._seen_all_at

    @property
    def contents(self) -> Mapping[str, Content]:
        """Return a digest of what is known, by workspace."""
        return digest_of(self._model)

    async def start(self, wait_seconds: float = 30.0) -> None:
        """Begin to follow, and wait until everything that is there has been read."""
        self._task = asyncio.create_task(self._run(), name=f"tail {self.topic.name}")
        try:
            await asyncio.wait_for(self._current.wait(), wait_seconds)
        except TimeoutError:
            log.warning("a tail is slow to start; it goes on trying", topic=self.topic.name)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def rebuild(self) -> Rebuilt:
        """Read the topic anew beside what is in use, then put it in its place. Raises what the broker said.

        New states go on being taken meanwhile; only while the last few are read they wait.
        """
        client_id = f"kith-rebuild-{self.topic.name}"
        async with (
            self._rebuilding,
            asyncio.timeout(REBUILD_SECONDS),
            reading(self._settings, client_id) as reader,
        ):
            fresh = self._model.fresh()
            places = await partitions_of(reader, self.topic.name)
            reader.assign(places)
            await reader.seek_to_beginning(*places)
            while True:
                await self._whole.wait()
                await self._read_up_to(reader, fresh, dict(self.told))
                async with self._turn, asyncio.timeout(SWITCH_SECONDS):
                    if self._whole.is_set():
                        await self._read_up_to(reader, fresh, self.told)
                        return self._switch(fresh)

    def _switch(self, fresh: ReadModel) -> Rebuilt:
        before = self.contents
        self._model.adopt(fresh)
        after = self.contents
        different = tuple(sorted(one for one in {*before, *after} if before.get(one) != after.get(one)))
        if different:
            log.warning("a read model differed from its topic", topic=self.topic.name, workspaces=different)
        return Rebuilt(self.topic.name, in_short(before), in_short(after), different)

    async def _read_up_to(self, reader: AIOKafkaConsumer, fresh: ReadModel, ends: Mapping[TopicPartition, int]) -> None:
        """Tell a fresh model all records before these places, and none behind them."""
        while behind := [place for place, end in ends.items() if await reader.position(place) < end]:
            for place, records in (await reader.getmany(*behind, timeout_ms=100)).items():
                for record in records:
                    if record.offset >= ends[place]:
                        reader.seek(place, record.offset)
                        break
                    self._take(record, fresh)

    async def _run(self) -> None:
        while True:
            try:
                async with reading(self._settings, f"kith-tail-{self.topic.name}") as reader:
                    await self._follow(reader)
            except (KafkaError, OSError) as error:
                log.warning("a tail lost its broker", topic=self.topic.name, error=type(error).__name__)
            except Exception:
                log.exception("a tail failed; it begins again", topic=self.topic.name)
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, reader: AIOKafkaConsumer) -> None:
        places = await partitions_of(reader, self.topic.name)
        reader.assign(places)
        await reader.seek_to_beginning(*places)
        ends = await reader.end_offsets(places)
        self._whole.clear()
        self.told = dict.fromkeys(places, 0)
        fresh = self._model.fresh() if self._begun else None
        self._begun = True
        while True:
            asked = time.monotonic()
            found = await reader.getmany(timeout_ms=200)
            async with self._turn:
                for place, records in found.items():
                    for record in records:
                        self._take(record, self._model, fresh)
                    self.told[place] = records[-1].offset + 1
            fetching: Any = reader._fetcher  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            if fetching.error_future.done():
                raise KafkaConnectionError("what fetches has ended by itself")  # nothing would ever come again
            for place in places:
                self.told[place] = max(self.told[place], await reader.position(place))
            if all(self.told[place] >= max(ends[place], reader.highwater(place) or 0) for place in places):
                if fresh is not None:
                    self._model.adopt(fresh)
                    fresh = None
                self._whole.set()
                self._note_fresh(reader, places, asked)

    def _note_fresh(self, reader: AIOKafkaConsumer, places: list[TopicPartition], asked: float) -> None:
        """We have all that the broker had when it last answered for each partition; say when that was."""
        now_wall, now = time.time(), time.monotonic()
        ages = [now_wall - (reader.last_poll_timestamp(place) or 0) / 1000 for place in places]
        if self._current.is_set():
            self._seen_all_at = max(self._seen_all_at, now - max(0.0, *ages))
        else:
            self._seen_all_at = asked
            self._current.set()
        TAIL_AGE.labels(self.topic.name).set(self.age)

    def _take(self, record: ConsumerRecord[bytes, bytes], *models: ReadModel | None) -> None:
        """Hand one state on. One that cannot be read, or taken, stops none of the others."""
        told = [model for model in models if model is not None]
        try:
            if record.value is None:
                for model in told:
                    model.forget((record.key or b"").decode(errors="replace"))
                return
            event = decode(self.topic, record)
            for model in told:
                model.take(event)
        except PoisonError as error:
            log.warning("a state that cannot be read is passed over", topic=self.topic.name, error=str(error))
        except Exception:
            log.exception("a state that cannot be taken is passed over", topic=self.topic.name, offset=record.offset)

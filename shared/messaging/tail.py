"""Small state topics, read whole into memory by every process that needs them, without a group."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from shared.contracts.event import Event
from shared.contracts.topics import Topic
from shared.messaging.kafka import make_reader, partitions_of
from shared.messaging.records import PoisonError, decode
from shared.observability.metrics import TAIL_AGE
from shared.settings import KithSettings

log = structlog.get_logger(__name__)


RETRY_SECONDS = 0.5


class Tail:
    """Follows one state topic. `on_state` gets each event, oldest first; `on_gone` the key of each tombstone.

    Both are called again from the start of the topic after a lost connection, so they must take the newest by rev.
    """

    def __init__(
        self,
        settings: KithSettings,
        topic: Topic,
        *,
        on_state: Callable[[Event], None],
        on_gone: Callable[[str], None] = lambda _key: None,
    ) -> None:
        self._settings = settings
        self._topic = topic
        self._on_state = on_state
        self._on_gone = on_gone
        self._task: asyncio.Task[None] | None = None
        self._current = asyncio.Event()
        self._seen_all_at = 0.0

    @property
    def age(self) -> float:
        """Return for how many seconds we may have missed something. Infinite until everything was read once."""
        if not self._current.is_set():
            return float("inf")
        return time.monotonic() - self._seen_all_at

    async def start(self, wait_seconds: float = 30.0) -> None:
        """Begin to follow, and wait until everything that is there has been read."""
        self._task = asyncio.create_task(self._run(), name=f"tail {self._topic.name}")
        try:
            await asyncio.wait_for(self._current.wait(), wait_seconds)
        except TimeoutError:
            log.warning("a tail is slow to start; it goes on trying", topic=self._topic.name)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            reader = make_reader(self._settings, f"kith-tail-{self._topic.name}")
            try:
                await reader.start()
                await self._follow(reader)
            except (KafkaError, OSError) as error:
                log.warning("a tail lost its broker", topic=self._topic.name, error=type(error).__name__)
            except Exception:
                log.exception("a tail failed; it begins again", topic=self._topic.name)
            finally:
                await reader.stop()
            await asyncio.sleep(RETRY_SECONDS)

    async def _follow(self, reader: AIOKafkaConsumer) -> None:
        places = await partitions_of(reader, self._topic.name)
        reader.assign(places)
        await reader.seek_to_beginning(*places)
        ends = await reader.end_offsets(places)
        positions = dict.fromkeys(places, 0)
        while True:
            asked = time.monotonic()
            for place, records in (await reader.getmany(timeout_ms=200)).items():
                for record in records:
                    self._take(record)
                positions[place] = records[-1].offset + 1
            fetching: Any = reader._fetcher  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            if fetching.error_future.done():
                raise KafkaConnectionError("what fetches has ended by itself")  # nothing would ever come again
            for place in places:
                positions[place] = max(positions[place], await reader.position(place))
            if all(positions[place] >= max(ends[place], reader.highwater(place) or 0) for place in places):
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
        TAIL_AGE.labels(self._topic.name).set(self.age)

    def _take(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """Hand one state on. One that cannot be read, or taken, stops none of the others."""
        try:
            if record.value is None:
                self._on_gone((record.key or b"").decode(errors="replace"))
                return
            self._on_state(decode(self._topic, record))
        except PoisonError as error:
            log.warning("a state that cannot be read is passed over", topic=self._topic.name, error=str(error))
        except Exception:
            log.exception("a state that cannot be taken is passed over", topic=self._topic.name, offset=record.offset)

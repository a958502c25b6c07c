"""Records that can never be handled are put aside, with where they came from and why, and can be replayed."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aiokafka import ConsumerRecord

from shared.contracts import topics
from shared.messaging.publisher import Publisher, RecordTooLargeError
from shared.messaging.reading import reading, until_now
from shared.messaging.records import Headers
from shared.observability.metrics import DEAD_LETTERS
from shared.settings import KithSettings

_ORIGIN = "kith_origin"
_WHAT = "kith_error"
_NULL = "kith_null_headers"
_LEFT_OUT = "kith_left_out"
MAX_ERROR_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was put aside. `id` is its place in the dead-letter topic, `partition-offset`."""

    id: str
    at: datetime
    topic: str
    partition: int
    offset: int
    group: str
    why: str
    error: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    """The record's own headers; those that were null are left out."""
    left_out: bool = False
    """The record was too large to be kept: `topic`, `partition` and `offset` say where it can still be read."""


class DeadLetters:
    """Puts records aside. A record counts as put aside only when the broker has it."""

    def __init__(self, publisher: Publisher, group: str) -> None:
        self._publisher = publisher
        self._group = group

    async def put(self, record: ConsumerRecord[bytes, bytes], *, why: str, error: str) -> None:
        """Keep a record with its origin. `why` is `undecodable` or `failing`; `error` holds no personal data."""
        origin = {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "group": self._group,
            "why": why,
        }
        found: list[tuple[str, bytes | None]] = list(record.headers)  # the wire allows null, whatever aiokafka types
        headers: Headers = [(name, value) for name, value in found if value is not None]
        nulls = [name for name, value in found if value is None]
        headers += [
            (_ORIGIN, json.dumps(origin).encode()),
            (_WHAT, error[:MAX_ERROR_CHARACTERS].encode()),
            (_NULL, json.dumps(nulls).encode()),
        ]
        try:
            await self._publisher.publish_raw(topics.DEAD_LETTER, record.key, record.value, headers)
        except RecordTooLargeError as too_large:
            ours = [*headers[-3:], (_LEFT_OUT, str(too_large).encode())]
            await self._publisher.publish_raw(topics.DEAD_LETTER, None, None, ours)
        DEAD_LETTERS.labels(record.topic, self._group, why).inc()


def _read(record: ConsumerRecord[bytes, bytes]) -> DeadLetter:
    ours = {name: value for name, value in record.headers if name in {_ORIGIN, _WHAT, _NULL, _LEFT_OUT}}
    origin = json.loads(ours.get(_ORIGIN, b"{}"))
    return DeadLetter(
        id=f"{record.partition}-{record.offset}",
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        topic=origin.get("topic", ""),
        partition=origin.get("partition", -1),
        offset=origin.get("offset", -1),
        group=origin.get("group", ""),
        why=origin.get("why", ""),
        error=ours.get(_WHAT, b"").decode(errors="replace"),
        key=record.key,
        value=record.value,
        headers=[(name, value) for name, value in record.headers if name not in ours],
        left_out=_LEFT_OUT in ours,
    )


async def read_all(settings: KithSettings) -> AsyncIterator[DeadLetter]:
    """Read every dead letter that is there now, partition by partition, oldest first."""
    async with reading(settings, "kith-dead-letters") as reader:
        async for record in until_now(reader, topics.DEAD_LETTER.name):
            yield _read(record)


class NotReplayableError(Exception):
    """A dead letter that must not be replayed: what it says may be out of date."""


async def replay(letter: DeadLetter, publisher: Publisher) -> None:
    """Give a dead letter back to the topic it came from.

    State events are never replayed, an old state would overwrite a newer one: their owner publishes them again.
    """
    topic = topics.BY_NAME.get(letter.topic)
    if topic is None:
        raise NotReplayableError(f"there is no topic {letter.topic!r} any more")
    if letter.left_out:
        where = f"partition {letter.partition}, offset {letter.offset}"
        raise NotReplayableError(f"it was too large to be kept; read it from {topic.name}, {where}")
    if topic.compacted:
        raise NotReplayableError(f"{topic.name} carries states: the service that owns them publishes them again")
    await publisher.publish_raw(topic, letter.key, letter.value, _sound(letter.headers))


def _sound(headers: Headers) -> Headers:
    """Leave out headers that are not UTF-8, so that a replay of a record mends what was wrong with it."""
    kept: Headers = []
    for name, value in headers:
        try:
            value.decode()
        except UnicodeDecodeError:
            continue
        kept.append((name, value))
    return kept

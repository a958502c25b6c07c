"""Reading a topic without a group: begun and ended as one, and up to what is there now."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.messaging.kafka import make_reader, partitions_of
from shared.settings import KithSettings

START_SECONDS = 5.0
"""For how long a reader that nobody wants any more may still be connecting."""


@asynccontextmanager
async def reading(settings: KithSettings, client_id: str) -> AsyncGenerator[AIOKafkaConsumer]:
    """Start a reader, and stop it whatever happens.

    Cut off while it connects, aiokafka leaves its first connection open for good: so a start goes on to its end even
    where nobody waits for it any more, and is stopped then.
    """
    reader = make_reader(settings, client_id)
    start = asyncio.ensure_future(reader.start())
    try:
        await asyncio.shield(start)
        yield reader
    finally:
        if not start.done():
            await asyncio.wait({start}, timeout=START_SECONDS)
            start.cancel()
        await _stop(reader)


async def _stop(reader: AIOKafkaConsumer) -> None:
    """Stop a reader. aiokafka cancels tasks of its own; where one had not begun yet, that comes out at us."""
    try:
        await reader.stop()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise


async def until_now(
    reader: AIOKafkaConsumer, topic: str, since: Mapping[TopicPartition, int] | None = None
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Give every record that is there now, from the start or from these places on; in order within a partition."""
    places = await partitions_of(reader, topic)
    reader.assign(places)
    ends = await reader.end_offsets(places)
    await reader.seek_to_beginning(*places)
    for place, offset in (since or {}).items():
        reader.seek(place, offset)
    while any([await reader.position(place) < ends[place] for place in places]):
        for place, records in (await reader.getmany(timeout_ms=500)).items():
            for record in records:
                if record.offset < ends[place]:
                    yield record

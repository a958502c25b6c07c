"""What a state topic tells of each key in its end: the last record, which is all that compaction will leave of it."""

import json

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.messaging.kafka import partition_of


class LastSaid:
    """The revs of some partitions. Not the highest of a key counts but the last: the others may be gone tomorrow."""

    def __init__(self, reader: AIOKafkaConsumer, partitions: int) -> None:
        self._reader = reader
        self._partitions = partitions
        self._next: dict[TopicPartition, int] = {}
        self._numbers: set[int] = set()
        self.revs: dict[str, int] = {}
        """By key; one whose last record is a tombstone is not among them."""

    def clear(self) -> None:
        self._next.clear()
        self._numbers.clear()
        self.revs.clear()

    def covers(self, key: str) -> bool:
        """Tell whether a key belongs to the partitions that were read."""
        return partition_of(key.encode(), self._partitions) in self._numbers

    async def read(self, place: TopicPartition) -> None:
        """Read one more partition, to its end."""
        self._numbers.add(place.partition)
        self._next[place] = (await self._reader.beginning_offsets([place]))[place]
        await self._to_the_end(place)

    async def read_on(self) -> None:
        """Read what has come since."""
        for place in self._next:
            await self._to_the_end(place)

    async def _to_the_end(self, place: TopicPartition) -> None:
        end = (await self._reader.end_offsets([place]))[place]
        if self._next[place] >= end:
            return
        self._reader.assign([place])
        self._reader.seek(place, self._next[place])
        while await self._reader.position(place) < end:
            for records in (await self._reader.getmany(timeout_ms=200)).values():
                for record in records:
                    self._note(record)
        self._next[place] = await self._reader.position(place)

    def _note(self, record: ConsumerRecord[bytes, bytes]) -> None:
        key = (record.key or b"").decode(errors="replace")
        rev = _rev_of(record.value)
        if rev is None:
            self.revs.pop(key, None)
        else:
            self.revs[key] = rev


def _rev_of(value: bytes | None) -> int | None:
    """Return a state's rev. What nobody can read tells nobody anything: it counts as none."""
    if value is None:
        return None
    try:
        rev = json.loads(value)["rev"]
    except (ValueError, KeyError, TypeError):
        return None
    return rev if isinstance(rev, int) else None

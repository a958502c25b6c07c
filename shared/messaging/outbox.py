"""A change and its event are one: the transaction that changes state also writes which keys changed.

Publishing is: load the current state, publish, await the acknowledgements, read the revs again, publish again what
moved; only then delete the row. Any process may do it, without lease or leader, because a state is whole and carries
its rev. A row outlives a crash and is swept.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from bson import ObjectId
from pymongo.errors import PyMongoError

from shared.contracts.event import StateEvent
from shared.contracts.topics import BY_NAME, Topic
from shared.messaging.publisher import Publisher
from shared.messaging.records import Record, encode
from shared.observability.metrics import OUTBOX_AGE
from shared.storage.mongo import Collection, Document, Session

log = structlog.get_logger(__name__)

SWEEP_AFTER = timedelta(seconds=10)
SWEEP_EVERY_SECONDS = 5.0
SWEEP_ROWS = 100

Keys = Mapping[Topic, Iterable[str]]
Known = Mapping[Topic, Sequence[StateEvent]]


class StateSource(Protocol):
    """Where the current states of one topic are read. Ids are those that were written into the row."""

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        """Return the states of those that exist."""
        ...

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Return the current rev by the state's key, for those that exist."""
        ...

    def key_of(self, id_: str) -> str:
        """Return the key that a state with this id has on the topic."""
        ...


class Outbox:
    """The rows of one service, and how they are published."""

    def __init__(
        self, service: str, rows: Collection, publisher: Publisher, sources: Mapping[Topic, StateSource]
    ) -> None:
        self._service = service
        self._rows = rows
        self._publisher = publisher
        self._sources = sources

    async def note(self, keys: Keys, session: Session) -> ObjectId:
        """Write the row, inside the transaction that makes the change. Publish it after the commit."""
        row: Document = {
            "keys": {topic.name: sorted(set(ids)) for topic, ids in keys.items()},
            "at": datetime.now(UTC),
        }
        return (await self._rows.insert_one(row, session=session)).inserted_id

    async def publish(self, row_id: ObjectId, keys: Keys, known: Known | None = None) -> None:
        """Publish what a row names, then delete it. `known` spares the first read of what was just written."""
        for topic, ids in keys.items():
            await self._publish_topic(topic, list(ids), (known or {}).get(topic))
        await self._rows.delete_one({"_id": row_id})

    async def _publish_topic(self, topic: Topic, ids: Sequence[str], known: Sequence[StateEvent] | None) -> None:
        source = self._sources[topic]
        states = known if known is not None else await source.states(ids)
        published: dict[str, int] = {}
        missing = {source.key_of(id_) for id_ in ids} - {state.key() for state in states}
        gone = [Record(key.encode(), None, []) for key in sorted(missing)]
        while states or gone:
            await self._publisher.publish_records(topic, [*map(encode, states), *gone])
            gone = []
            published |= {state.key(): state.rev for state in states}
            now = await source.revs(ids)
            moved = [id_ for id_ in ids if now.get(source.key_of(id_), 0) > published.get(source.key_of(id_), 0)]
            states = await source.states(moved) if moved else []

    async def sweep(self, older_than: timedelta = SWEEP_AFTER) -> int:
        """Publish rows that somebody left behind; returns how many there were."""
        before = datetime.now(UTC) - older_than
        rows = await self._rows.find({"at": {"$lte": before}}).sort("at", 1).limit(SWEEP_ROWS).to_list(SWEEP_ROWS)
        for row in rows:
            keys = {BY_NAME[name]: ids for name, ids in row["keys"].items()}
            await self.publish(row["_id"], keys)
        return len(rows)

    async def run(self) -> None:
        """Sweep for ever. What a crash left behind is published within seconds of the next start."""
        older_than = timedelta(0)
        while True:
            try:
                while await self.sweep(older_than) == SWEEP_ROWS:
                    pass
                oldest = await self._rows.find_one({}, sort=[("at", 1)])
                age = (datetime.now(UTC) - oldest["at"]).total_seconds() if oldest else 0.0
                OUTBOX_AGE.labels(self._service).set(age)
                older_than = SWEEP_AFTER
            except PyMongoError as error:
                log.warning("the outbox waits for its database", error=type(error).__name__)
            except Exception:
                log.exception("the outbox could not publish; it goes on trying")
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

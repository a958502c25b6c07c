"""A change and its event are one: the transaction that changes state also writes which keys changed.

Publishing is: load the current state, publish, await the acknowledgements, read the revs again, publish again what
moved; only then delete the row. Any process may do it, without lease or leader, because a state is whole and carries
its rev. A row outlives a crash and is swept.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from aiokafka.errors import KafkaError
from bson import ObjectId
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from shared.contracts.event import StateEvent
from shared.contracts.topics import BY_NAME, Topic
from shared.messaging.publisher import BrokerAwayError, Publisher
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

    async def total(self, ids: Sequence[str]) -> tuple[int, int]:
        """Return how many of them exist, and the sum of their revs. A hot source has the database sum them up."""
        found = await self.revs(ids)
        return len(found), sum(found.values())

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        """Return the current rev by the state's key, for those that exist."""
        ...

    def key_of(self, id_: str) -> str:
        """Return the key that a state with this id has on the topic."""
        ...

    def walk(self) -> AsyncIterator[tuple[str, int]]:
        """Give the id and the rev of every state that there is: for the digest."""
        ...

    def id_of(self, key: str) -> str | None:
        """Return the id of a key that may not stay on the topic without its state; None where it may."""
        ...


class Outbox:
    """The rows of one service, and how they are published."""

    def __init__(
        self, service: str, rows: Collection, publisher: Publisher, sources: Mapping[Topic, StateSource]
    ) -> None:
        self._service = service
        self._rows = rows
        # a deletion that is lost is a row that is swept and published once more: no reason to wait for the disk
        self._done = rows.with_options(write_concern=WriteConcern(w=1))
        self._publisher = publisher
        self.sources = sources

    @property
    def publisher(self) -> Publisher:
        """What it publishes with: for events that are no states."""
        return self._publisher

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
        await self._done.delete_one({"_id": row_id})

    async def _publish_topic(self, topic: Topic, ids: Sequence[str], known: Sequence[StateEvent] | None) -> None:
        source = self.sources[topic]
        keys = {source.key_of(id_): id_ for id_ in ids}
        states = list(known or ())
        read = {state.key() for state in states}
        unread = [id_ for key, id_ in keys.items() if key not in read]
        states += await source.states(unread) if unread else []
        gone = sorted(set(keys) - {state.key() for state in states})
        published: dict[str, int] = {}
        while states or gone:
            tombstones = [Record(key.encode(), None, []) for key in gone]
            await self._publisher.publish_records(topic, [*map(encode, states), *tombstones])
            published |= {state.key(): state.rev for state in states} | dict.fromkeys(gone, 0)
            if all(published.values()) and await source.total(ids) == (len(published), sum(published.values())):
                return  # revs only grow, so none of them did
            now = await source.revs(ids)
            moved = [id_ for key, id_ in keys.items() if now.get(key, 0) > published[key]]
            states = list(await source.states(moved)) if moved else []
            # deleted since we read it: its own tombstone may have gone out before what we just published
            gone = [key for key, rev in published.items() if rev and key not in now]

    async def waits(self, before: datetime) -> bool:
        """Tell whether a change that was made before this moment is still to be published."""
        return await self._rows.find_one({"at": {"$lte": before}}, {"_id": True}) is not None

    async def sweep(self, older_than: timedelta = SWEEP_AFTER) -> int:
        """Publish rows that somebody left behind; returns how many were. One that always fails stops no other."""
        before = datetime.now(UTC) - older_than
        rows = await self._rows.find({"at": {"$lte": before}}).sort("at", 1).limit(SWEEP_ROWS).to_list(SWEEP_ROWS)
        swept = 0
        for row in rows:
            try:
                await self.publish(row["_id"], {BY_NAME[name]: ids for name, ids in row["keys"].items()})
            except (PyMongoError, KafkaError, BrokerAwayError):
                raise
            except Exception:
                log.exception("an outbox row cannot be published; it stays", row=str(row["_id"]))
            else:
                swept += 1
        return swept

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
            except (PyMongoError, KafkaError, BrokerAwayError) as error:
                log.warning("the outbox waits", error=type(error).__name__)
            except Exception:
                log.exception("the outbox could not publish; it goes on trying")
            await asyncio.sleep(SWEEP_EVERY_SECONDS)

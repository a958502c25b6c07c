"""Gathers records into prebuilt batches: one on its way per partition, and one open behind it.

A produce per request costs more than a whole webhook, and a batch of one record nearly as much. A lone record waits
3 ms for company; while others are on their way, all partitions gather until those are acknowledged (25 ms at most: one
slow broker holds nobody else up), so batches grow with the load (`make bench`, accept). One on its way at a time per
partition also keeps the order: aiokafka's own queue lets a later one overtake.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from shared.messaging.records import Record


class BrokerAwayError(Exception):
    """The broker does not acknowledge in time, or too much waits for it already. Nothing was promised."""


class BatchProducer(Protocol):
    """The part of aiokafka's producer that is used here."""

    def create_batch(self) -> Any:  # noqa: ANN401 - aiokafka's BatchBuilder has no public name
        """Return an empty batch."""
        ...

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> "asyncio.Future[Any]":  # noqa: ANN401
        """Queue a batch; the future ends with the broker's acknowledgement."""
        ...


class _Settled(asyncio.Future[None]):
    """Shared by all in a batch: whoever stops waiting does not end it for others, and hears of its own end after it.

    A `shield` for each waiter would do the same, at the price of a future and two callbacks for every webhook.
    """

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - asyncio's own signature
        return False


@dataclass(slots=True, eq=False)
class _Batch:
    builder: Any
    done: "asyncio.Future[None]"
    size: int = 0
    deadline: asyncio.TimerHandle | None = None


@dataclass(slots=True, eq=False)
class _Lane:
    """One partition."""

    topic: str
    partition: int
    open: _Batch | None = None
    full: deque[_Batch] = field(default_factory=deque[_Batch])
    on_its_way: _Batch | None = None

    def next(self) -> _Batch | None:
        """Take the batch that goes next, unless one is on its way."""
        if self.on_its_way is not None:
            return None
        if self.full:
            self.on_its_way = self.full.popleft()
        else:
            self.on_its_way, self.open = self.open, None
        return self.on_its_way


class Lanes:
    """The batches of one producer. Thrown away together with it."""

    def __init__(
        self,
        producer: BatchProducer,
        *,
        gather_seconds: float,
        patience_seconds: float,
        on_error: Callable[[BaseException], None],
        on_settled: Callable[[int], None],
    ) -> None:
        self._producer = producer
        self._gather_seconds = gather_seconds
        self._patience_seconds = patience_seconds
        self._on_error = on_error
        self._on_settled = on_settled
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._ready: set[_Lane] = set()
        """Lanes that have something to send, and nothing on its way."""
        self._away = 0
        """Batches on their way."""
        self._gathering_since: float | None = None
        """When the oldest of what is ready was added; None where nothing is."""
        self._timer: asyncio.TimerHandle | asyncio.Handle | None = None
        self._senders: set[asyncio.Task[None]] = set()
        self._unsettled: set[_Batch] = set()
        self._abandoned = False

    def add(self, topic: str, partition: int, record: Record, size: int) -> "asyncio.Future[None]":
        """Put a record into its partition's open batch; the future is shared by all in that batch."""
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = _Lane(topic, partition)
        batch = lane.open
        if batch is None or not _append(batch, record):
            if batch is not None:
                lane.full.append(batch)
            batch = lane.open = self._new_batch()
            _append(batch, record)
        batch.size += size
        if lane.on_its_way is None:
            self._gather(lane)
        return batch.done

    def _gather(self, lane: _Lane) -> None:
        self._ready.add(lane)
        if self._gathering_since is None:
            loop = asyncio.get_running_loop()
            self._gathering_since = loop.time()
            self._timer = loop.call_later(self._gather_seconds, self._look)

    def _look(self) -> None:
        """Send what gathered, or wait a little longer for what is on its way."""
        self._timer = None
        if self._gathering_since is None:
            return
        loop = asyncio.get_running_loop()
        left = self._gathering_since - loop.time() + (HOLD_SECONDS if self._away else self._gather_seconds)
        if left > CLOCK_SECONDS:
            self._timer = loop.call_later(left, self._look)
        else:
            self.flush()

    def _new_batch(self) -> _Batch:
        loop = asyncio.get_running_loop()
        batch = _Batch(self._producer.create_batch(), _Settled(loop=loop))
        batch.deadline = loop.call_later(self._patience_seconds, _lose_patience, batch)
        self._unsettled.add(batch)
        return batch

    def flush(self) -> None:
        """Send what is gathered, of every lane that has nothing on its way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        going = [(lane, batch) for lane in self._ready if (batch := lane.next()) is not None]
        self._ready.clear()
        self._gathering_since = None
        if going:
            self._away += len(going)
            task = asyncio.ensure_future(self._send(going))
            self._senders.add(task)
            task.add_done_callback(self._senders.discard)

    async def _send(self, going: list[tuple[_Lane, _Batch]]) -> None:
        """Hand batches to the producer. None waits: its lane has nothing else on its way."""
        for lane, batch in going:
            try:
                acknowledged = await self._producer.send_batch(batch.builder, lane.topic, partition=lane.partition)
            except Exception as error:  # noqa: BLE001 - every waiter must hear of it, whatever it is
                self._arrived(lane, batch, error)
            else:
                acknowledged.add_done_callback(partial(self._acknowledged, lane, batch))

    def _acknowledged(self, lane: _Lane, batch: _Batch, answer: "asyncio.Future[Any]") -> None:
        error = asyncio.CancelledError() if answer.cancelled() else answer.exception()
        self._arrived(lane, batch, error)

    def _arrived(self, lane: _Lane, batch: _Batch, error: BaseException | None) -> None:
        """Settle a batch. With the last one back, what gathered meanwhile goes, if it waited long enough."""
        self._settle(batch, error)
        lane.on_its_way = None
        self._away -= 1
        if self._abandoned:
            return
        if lane.full or lane.open is not None:
            self._gather(lane)
        if not self._away and self._gathering_since is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._look()

    def _settle(self, batch: _Batch, error: BaseException | None) -> None:
        if batch not in self._unsettled:
            return
        self._unsettled.discard(batch)
        self._on_settled(batch.size)
        if batch.deadline is not None:
            batch.deadline.cancel()
        if error is not None:
            self._on_error(error)
        if batch.done.done():
            return
        if error is None:
            batch.done.set_result(None)
        else:
            _fail(batch, error)

    async def drain(self) -> None:
        """Send what is open and wait until every batch is settled."""
        while self._unsettled:
            self.flush()
            waiting = [batch.done for batch in self._unsettled if not batch.done.done()]
            await asyncio.wait([*waiting, asyncio.ensure_future(asyncio.sleep(DRAIN_LOOK_SECONDS))], return_when=FIRST)

    def abandon(self, error: BaseException) -> None:
        """Fail everything that is not acknowledged: its producer is being replaced."""
        self._abandoned = True
        if self._timer is not None:
            self._timer.cancel()
        for task in self._senders:
            task.cancel()
        for batch in list(self._unsettled):
            self._unsettled.discard(batch)
            self._on_settled(batch.size)
            if batch.deadline is not None:
                batch.deadline.cancel()
            if not batch.done.done():
                _fail(batch, error)
        self._lanes.clear()
        self._ready.clear()


FIRST = asyncio.FIRST_COMPLETED
DRAIN_LOOK_SECONDS = 0.05
HOLD_SECONDS = 0.025
"""So long do records gather while others are on their way."""
CLOCK_SECONDS = 0.0005
"""The event loop's timers may fire so much too early."""


def _append(batch: _Batch, record: Record) -> bool:
    taken = batch.builder.append(timestamp=None, key=record.key, value=record.value, headers=record.headers)
    return taken is not None


def _fail(batch: _Batch, error: BaseException) -> None:
    batch.done.set_exception(error if isinstance(error, Exception) else BrokerAwayError(str(error)))
    batch.done.exception()  # a waiter may have given up; that is no unhandled error


def _lose_patience(batch: _Batch) -> None:
    """Stop waiting: nothing was promised. The producer goes on trying, and what arrives after all is the same."""
    if not batch.done.done():
        _fail(batch, BrokerAwayError("the broker does not acknowledge in time; try again in a moment"))

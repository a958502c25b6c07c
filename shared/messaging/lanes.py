"""Gathers records into prebuilt batches, one open batch per partition, sent in the order in which they were opened.

A produce per request costs more than a whole webhook; 3 ms of gathering costs nobody anything they would notice
(`make bench`, accept).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.messaging.records import Record


class BatchProducer(Protocol):
    """The part of aiokafka's producer that is used here."""

    def create_batch(self) -> Any:  # noqa: ANN401 - aiokafka's BatchBuilder has no public name
        """Return an empty batch."""
        ...

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> "asyncio.Future[Any]":  # noqa: ANN401
        """Queue a batch; the future ends with the broker's acknowledgement."""
        ...


@dataclass(slots=True)
class _Batch:
    builder: Any
    done: "asyncio.Future[None]"
    size: int = 0


@dataclass(slots=True)
class _Lane:
    topic: str
    partition: int
    waiting: deque[_Batch] = field(default_factory=deque[_Batch])
    sender: "asyncio.Task[None] | None" = None


class Lanes:
    """The open batches of one producer. Thrown away together with it."""

    def __init__(
        self,
        producer: BatchProducer,
        *,
        gather_seconds: float,
        on_error: Callable[[BaseException], None],
        on_settled: Callable[[int], None],
    ) -> None:
        self._producer = producer
        self._gather_seconds = gather_seconds
        self._on_error = on_error
        self._on_settled = on_settled
        self._open: dict[tuple[str, int], _Batch] = {}
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._acks: set[asyncio.Task[None]] = set()

    def add(self, topic: str, partition: int, record: Record, size: int) -> "asyncio.Future[None]":
        """Put a record into its partition's open batch; the future is shared by all in that batch."""
        place = (topic, partition)
        batch = self._open.get(place)
        if batch is None or not self._append(batch, record):
            if batch is not None:
                self._close(place)
            batch = self._open[place] = _Batch(
                self._producer.create_batch(), asyncio.get_running_loop().create_future()
            )
            self._append(batch, record)
        batch.size += size
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._gather_seconds, self.flush)
        return batch.done

    @staticmethod
    def _append(batch: _Batch, record: Record) -> bool:
        return (
            batch.builder.append(timestamp=None, key=record.key, value=record.value, headers=record.headers) is not None
        )

    def flush(self) -> None:
        """Send every open batch now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for place in list(self._open):
            self._close(place)

    def _close(self, place: tuple[str, int]) -> None:
        batch = self._open.pop(place)
        lane = self._lanes.get(place)
        if lane is None:
            lane = self._lanes[place] = _Lane(*place)
        lane.waiting.append(batch)
        if lane.sender is None:
            lane.sender = asyncio.ensure_future(self._run(lane))

    async def _run(self, lane: _Lane) -> None:
        """Hand a lane's batches to the producer one after another: its own queue lets a later one overtake."""
        while lane.waiting:
            batch = lane.waiting.popleft()
            try:
                acknowledged = await self._producer.send_batch(batch.builder, lane.topic, partition=lane.partition)
            except Exception as error:  # noqa: BLE001 - every waiter must hear of it, whatever it is
                self._settle(batch, error)
            else:
                task = asyncio.ensure_future(self._acknowledge(batch, acknowledged))
                self._acks.add(task)
                task.add_done_callback(self._acks.discard)
        lane.sender = None

    async def _acknowledge(self, batch: _Batch, acknowledged: "asyncio.Future[Any]") -> None:
        try:
            await acknowledged
        except Exception as error:  # noqa: BLE001 - as above
            self._settle(batch, error)
        else:
            self._settle(batch, None)

    def _settle(self, batch: _Batch, error: BaseException | None) -> None:
        self._on_settled(batch.size)
        if batch.done.done():
            return
        if error is None:
            batch.done.set_result(None)
            return
        self._on_error(error)
        batch.done.set_exception(error)
        batch.done.exception()  # a waiter may have given up; that is no unhandled error

    async def drain(self) -> None:
        """Send what is open and wait for every acknowledgement."""
        self.flush()
        while True:
            senders = [lane.sender for lane in self._lanes.values() if lane.sender is not None]
            waiting = [*senders, *self._acks]
            if not waiting:
                return
            await asyncio.wait(waiting)

    def abandon(self, error: BaseException) -> None:
        """Fail everything that is not acknowledged: its producer is being replaced."""
        if self._timer is not None:
            self._timer.cancel()
        for lane in self._lanes.values():
            if lane.sender is not None:
                lane.sender.cancel()
            for batch in lane.waiting:
                self._settle(batch, error)
        for batch in self._open.values():
            self._settle(batch, error)
        self._open.clear()
        self._lanes.clear()

"""Ends a process whose consumer stands still: there are reports of consumers left without partitions after trouble."""

import asyncio
import os
import time
from typing import TYPE_CHECKING, Any

import structlog

from shared.observability.metrics import LAG

if TYPE_CHECKING:
    from aiokafka import AIOKafkaConsumer

log = structlog.get_logger(__name__)

STILL_SECONDS = 60.0
LOOK_SECONDS = 5.0


class Progress:
    """When a consumer last got on with something, or was known to wait for a reason."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def moved(self) -> None:
        self.at = time.monotonic()


class Watchdog:
    """Looks at one subscriber: its lag, its partitions, and whether it gets on."""

    def __init__(self, subscriber: Any, topic: str, group: str, progress: Progress) -> None:  # noqa: ANN401
        self._subscriber = subscriber
        self._topic = topic
        self._group = group
        self._progress = progress
        self._without_partitions_since: float | None = None

    @property
    def assigned(self) -> bool:
        """Whether this consumer has joined its group. A process may well have no partition of a small topic."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        return consumer is not None and self._joined(consumer)

    @staticmethod
    def _joined(consumer: "AIOKafkaConsumer") -> bool:
        coordinator: Any = consumer._coordinator  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        return bool(consumer.assignment()) or getattr(coordinator, "generation", -1) > 0

    @property
    def broken(self) -> bool:
        """Whether what fetches, or what keeps us in the group, has ended by itself: it never begins again.

        Lag says nothing of it: with nobody fetching, the end of a partition is where it was when we last heard.
        """
        consumer: Any = getattr(self._subscriber, "consumer", None)
        if consumer is None or consumer._closed:  # noqa: SLF001
            return False
        tasks = (consumer._fetcher.error_future, getattr(consumer._coordinator, "_coordination_task", None))  # noqa: SLF001
        return any(task is not None and task.done() for task in tasks)

    def lag(self) -> int:
        """Return how many records of our partitions are still to be handled."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        if consumer is None:
            return 0
        total = 0
        for place in consumer.assignment():
            state: Any = consumer._subscription.subscription.assignment.state_value(place)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage, reportOptionalMemberAccess]
            end = consumer.highwater(place)
            if end is not None and state.has_valid_position:
                total += max(0, end - state.position)
        return total

    async def run(self) -> None:
        """Look every few seconds; end the process when there is work and none of it is done."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.broken:
                log.error("consumer has ended by itself; ending, so that it is started again", group=self._group)
                os._exit(70)
            lag = self.lag()
            LAG.labels(self._topic, self._group).set(lag)
            now = time.monotonic()
            if lag == 0 and self.assigned:
                self._progress.moved()
                continue
            if now - self._progress.at > STILL_SECONDS:
                log.error("consumer stands still; ending, so that it is started again", group=self._group, lag=lag)
                os._exit(70)

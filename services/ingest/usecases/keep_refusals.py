"""Keeping the newest "no" the last one on its topic, too."""

import asyncio

import structlog
from aiokafka.errors import KafkaError

from shared.contracts import topics
from shared.contracts.permissions import PermissionBook
from shared.messaging.publisher import BrokerAwayError, Publisher

log = structlog.get_logger(__name__)

EVERY_SECONDS = 10.0
_OWN = ("blocked", "marketing")


class KeepRefusals:
    """Publishes facts again that hold, and behind which an older one came: providers shuffle, compaction does not.

    It keeps the last record of a key, and never asks which is the newest. Identity's switches are not among them: its
    outbox ends with the newest.
    """

    def __init__(self, permissions: PermissionBook, publisher: Publisher) -> None:
        self._permissions = permissions
        self._publisher = publisher

    async def run(self) -> None:
        """Look every few seconds, for ever. Compaction is a day away."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.look()
            except (KafkaError, BrokerAwayError, OSError) as error:
                log.warning("overtaken permissions wait", error=type(error).__name__)

    async def look(self) -> int:
        """Publish what was overtaken; returns how many facts."""
        facts = [fact for fact in self._permissions.overtaken() if fact.fact in _OWN]
        if facts:
            await self._publisher.publish(topics.PERMISSION, facts)
        return len(facts)

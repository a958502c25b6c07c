"""Tells on which day each API key was last used: at most once a day for each key and process."""

import asyncio
from datetime import UTC, date, datetime

import structlog
from aiokafka.errors import KafkaError

from shared.contracts import topics
from shared.contracts.accounts import ApiKeyUsedV1
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.web.access import AccessBook

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60.0


class KeyUses:
    """Looks once a minute. Nothing is done where a key is checked but to note the day in memory."""

    def __init__(self, access: AccessBook, publisher: Publisher) -> None:
        self._access = access
        self._publisher = publisher
        self._told: dict[str, date] = {}

    async def run(self) -> None:
        """Tell, for ever."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.once()
            except (BrokerAwayError, KafkaError) as error:
                log.warning("the uses of API keys are told later", error=type(error).__name__)

    async def once(self) -> int:
        """Tell of each key that was used on a new day; returns how many. Raises what the broker said."""
        fresh = [one for one in self._access.key_uses() if self._told.get(one[1]) != one[2]]
        now = datetime.now(UTC)
        events = [
            ApiKeyUsedV1(id=key_id, time=now, workspace_id=workspace_id, rev=day.toordinal(), day=day)
            for workspace_id, key_id, day in fresh
        ]
        if events:
            await self._publisher.publish(topics.KEY_USE, events)
            self._told.update((key_id, day) for _, key_id, day in fresh)
        return len(events)

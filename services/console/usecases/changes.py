"""A change to who may call, and its news to all services: one transaction, then published before the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiokafka.errors import KafkaError

from shared.contracts import topics
from shared.contracts.event import StateEvent
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError, Publisher
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction
from shared.web.access import AccessBook
from shared.web.problems import ProblemError

log = structlog.get_logger(__name__)

PUBLISH_SECONDS = 5.0

Work = Callable[[Session], Awaitable[Sequence[StateEvent]]]


class Changes:
    """Makes changes and tells of them."""

    def __init__(self, client: Client, outbox: Outbox, publisher: Publisher, access: AccessBook) -> None:
        self._client = client
        self._outbox = outbox
        self._publisher = publisher
        self._access = access

    async def make(self, work: Work, *, takes_away: bool) -> None:
        """Run work in a transaction; it returns the new states of what it changed, and may run several times.

        What takes something away must have reached the broker before anybody is told that it is done. What gives
        something may reach it later: the outbox sees to that.
        """
        if not self._publisher.ready:
            raise BrokerAwayError("the producer is away")

        async def change(session: Session) -> tuple[Sequence[StateEvent], Any]:
            states = await work(session)
            return states, await self._outbox.note({topics.ACCESS: [state.key() for state in states]}, session)

        states, row_id = await in_transaction(self._client, change)
        for state in states:
            self._access.learn(state)
        keys = {topics.ACCESS: [state.key() for state in states]}
        try:
            await asyncio.wait_for(self._outbox.publish(row_id, keys, {topics.ACCESS: states}), PUBLISH_SECONDS)
        except (KafkaError, BrokerAwayError, TimeoutError) as error:
            log.warning("a change waits in the outbox", error=type(error).__name__)
            if takes_away:
                raise ProblemError(
                    503,
                    "kept-not-told",
                    "This is saved, but the other services could not be told yet. It takes effect everywhere as soon "
                    "as the broker answers again; you need not repeat it.",
                    headers={"Retry-After": "5"},
                ) from error

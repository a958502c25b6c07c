"""Who wrote: everything that happens in chats, taken into the people it is about."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from services.identity.domain.activity import seen_in
from services.identity.domain.people import ChatContact
from services.identity.domain.recognise import Recognised
from services.identity.store.connections import Connections
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import KeepContacts, now_in_millis
from services.identity.usecases.keep_location import KeepLocation
from services.identity.usecases.link_clients import LinkClients
from shared.contracts import topics
from shared.contracts.chat import ChatEvent, DetailsProvidedV1, MessageReceivedV1, SignedInV1
from shared.messaging.outbox import Outbox
from shared.observability.metrics import DEDUPLICATED, RECOGNISED

AT_ONCE = 8
"""Links of different chats that are made at the same time."""


class RecogniseSenders:
    """Handles a batch of `conversation.v1`: the chat contacts in one transaction, then each link in its own."""

    def __init__(
        self,
        stores: Stores,
        outbox: Outbox,
        connections: Connections | None = None,
        clock: Callable[[], datetime] = now_in_millis,
    ) -> None:
        self._stores = stores
        self._keep = KeepContacts(stores, outbox, clock)
        self._link = LinkClients(stores, outbox, clock)
        self._place = KeepLocation(stores, outbox, clock)
        self._connections = connections or Connections()

    async def __call__(self, events: Sequence[ChatEvent]) -> None:
        """Recognise everybody who wrote, and link whoever gave a phone or an email. Idempotent."""
        contacts = await self._keep(events, _count)
        details: dict[str, list[DetailsProvidedV1 | SignedInV1]] = defaultdict(list)
        for event in events:
            if isinstance(event, DetailsProvidedV1 | SignedInV1):
                details[event.chat_contact_id].append(event)
        newcomers = [contact for id_, contact in contacts.items() if id_ not in details and self._becomes(contact)]
        await _at_most(AT_ONCE, [self._take(given) for given in details.values()])
        await _at_most(AT_ONCE, [self._welcome(contact) for contact in newcomers])
        told = await self._stores.erased.without([event for event in events if seen_in(event)])
        await self._stores.activities.add([one for event in told for one in seen_in(event)])
        for event in events:
            if isinstance(event, MessageReceivedV1) and event.attachments:
                await self._place(event)

    def _becomes(self, contact: ChatContact) -> bool:
        """Whether somebody who has no client yet gets one without giving anything.

        By what they are, not by whether this batch made them: a crash may lie between.
        """
        if not contact.is_visitor or contact.parted_at is not None:
            return False
        connection = self._connections.get(contact.workspace_id, contact.connection_id)
        return connection is not None and connection.becomes_client == "on_first_message"

    def _take(self, given: Sequence[DetailsProvidedV1 | SignedInV1]) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            for event in given:
                await self._link.take(event)

        return work

    def _welcome(self, contact: ChatContact) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            await self._link.welcome(contact.id)

        return work


async def _at_most(limit: int, work: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Do all, some at the same time; then raise the first error, so that "not now" is still told from "never"."""
    if not work:
        return
    gate = asyncio.Semaphore(limit)

    async def one(piece: Callable[[], Awaitable[None]]) -> None:
        async with gate:
            await piece()

    for outcome in await asyncio.gather(*(one(piece) for piece in work), return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _count(recognised: Recognised) -> None:
    old = {id(event) for event in recognised.without_effect}
    messages = (event for event in recognised.events if isinstance(event, MessageReceivedV1))
    by_channel = Counter(event.chat.channel for event in messages if id(event) not in old)
    for channel, number in by_channel.items():
        RECOGNISED.labels(channel).inc(number)
    if old:
        DEDUPLICATED.labels(topics.CONVERSATION.name).inc(len(old))

"""The hot path: one read, one pure fold, one transaction and one publish for up to 500 events (docs/decisions/0020)."""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bson import ObjectId

from services.identity.domain.people import ChatContact
from services.identity.domain.recognise import MARK_CHARACTERS, NAME_CHARACTERS, Recognised, recognise
from services.identity.store.erased_switches import ErasedSwitches
from services.identity.store.states import chat_contact_state
from services.identity.store.stores import Stores
from shared.contracts import topics
from shared.contracts.chat import ChatEvent
from shared.contracts.topics import Topic
from shared.messaging.outbox import Outbox
from shared.observability.metrics import RETRIES
from shared.storage.erased import is_erased
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

MAX_EVENTS = 500
MAX_BYTES = 1_000_000
"""Of one transaction."""
ATTEMPTS = 6
"""So often a batch is read again after a conflict; then it goes up as `StaleError`, and the consumer halves it."""
_PAUSE_SECONDS = 0.01
_PERSON_BYTES = 1_200
"""A chat contact without its words, generously."""


def now_in_millis() -> datetime:
    """Return this moment as MongoDB can keep it."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


class KeepContacts:
    """Takes events into the chat contacts they are about. Writes only those, and the outbox's row."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(
        self, events: Sequence[ChatEvent], count: Callable[[Recognised], None]
    ) -> dict[str, ChatContact]:
        """Return everybody the events are about. `count` hears of each transaction's outcome, once it is durable."""
        found: dict[str, ChatContact] = {}
        for batch in _batches(events):
            found |= await self._keep(batch, count)
        return found

    async def _keep(self, batch: Sequence[ChatEvent], count: Callable[[Recognised], None]) -> Mapping[str, ChatContact]:
        for attempt in range(ATTEMPTS):
            try:
                recognised, row = await self._stores.in_transaction(partial(self._recognise, batch))
            except StaleError:
                RETRIES.labels("", "", "stale").inc()
                await asyncio.sleep(_PAUSE_SECONDS * attempt * random.random())  # noqa: S311 - two workers part ways
                continue
            count(recognised)
            if row is not None:
                states = [chat_contact_state(contact) for contact in recognised.changed]
                await self._outbox.publish(row, _keys(recognised), known={topics.CHAT_CONTACT: states})
            return recognised.contacts
        raise StaleError("these chat contacts kept changing while a batch was decided upon")

    async def _recognise(self, batch: Sequence[ChatEvent], session: Session) -> tuple[Recognised, ObjectId | None]:
        """Read, decide and write in one snapshot: who changed one of them meanwhile makes the database refuse it."""
        ids = {event.chat_contact_id for event in batch}
        stored = await self._stores.chat_contacts.read(ids, session)
        missing = ids - stored.keys()
        if missing:  # they are new, or were erased
            batch = await self._not_erased(batch, missing, session)
        recognised = recognise(batch, stored, self._clock())
        if missing:
            recognised = await self._as_before(recognised, missing, session)
        if not recognised.changed:
            return recognised, None
        await self._stores.chat_contacts.write(recognised.changed, stored, session)
        return recognised, await self._outbox.note(_keys(recognised), session)

    async def _not_erased(
        self, batch: Sequence[ChatEvent], missing: AbstractSet[str], session: Session
    ) -> Sequence[ChatEvent]:
        """Leave out what happened before somebody was erased: it never comes back, however often a topic is read."""
        erased = await self._stores.erased.of(missing, session)
        if not erased:
            return batch
        return [event for event in batch if not is_erased(erased, event.chat_contact_id, event.time)]

    async def _as_before(self, recognised: Recognised, missing: AbstractSet[str], session: Session) -> Recognised:
        """Leave off what was off when somebody was erased who writes again. Who was not is not touched."""
        off = await self._stores.erased_switches.of(missing & recognised.contacts.keys(), session)
        if not off:
            return recognised
        found = {id_: _switched(contact, off.get(id_)) for id_, contact in recognised.contacts.items()}
        changed = tuple(found[contact.id] for contact in recognised.changed)
        return replace(recognised, contacts=found, changed=changed)


def _switched(contact: ChatContact, before: ErasedSwitches | None) -> ChatContact:
    if before is None:
        return contact
    rev = before.rev + 1
    return replace(contact, rev=rev, proactive=before.proactive, reactive=before.reactive, switches_rev=rev)


def _keys(recognised: Recognised) -> dict[Topic, list[str]]:
    found = {topics.CHAT_CONTACT: [contact.id for contact in recognised.changed]}
    switched = [contact.id for contact in recognised.changed if contact.switches_rev == contact.rev]
    return {topics.PERMISSION: switched, **found} if switched else found


def _batches(events: Sequence[ChatEvent]) -> Iterator[Sequence[ChatEvent]]:
    """Cut events, in order, so that no transaction gets too large."""
    start, weight = 0, 0
    for place, event in enumerate(events):
        more = _weight(event)
        if place > start and (place - start >= MAX_EVENTS or weight + more > MAX_BYTES):
            yield events[start:place]
            start, weight = place, 0
        weight += more
    if start < len(events):
        yield events[start:]


def _weight(event: ChatEvent) -> int:
    """Return how many bytes an event may add: its words twice, as the first and the last message."""
    text: str = getattr(event, "text", "")
    words = len(text[:MARK_CHARACTERS].encode())
    sender = getattr(event, "sender", None)
    name: str = (sender.name or "") if sender is not None else ""
    return _PERSON_BYTES + 2 * words + len(name[:NAME_CHARACTERS].encode()) + 2 * len(event.chat.contact_id)

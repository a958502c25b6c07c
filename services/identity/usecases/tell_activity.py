"""A shop tells what its customers did: events once each, orders as they are now. Rows are taken or refused one by one.

A chunk of rows is one read by keys and one transaction, in which each client they are about is touched: whoever is
deleted or merged in the same moment makes it look again, and nothing is kept of somebody who is gone.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.activity import Activity, Order
from services.identity.domain.activity_row import ContactKey, EventRow, OrderRow, order_of
from services.identity.domain.client import Client
from services.identity.domain.client_editing import Saying, edited
from services.identity.domain.contact_row import BadRow, FieldWrong
from services.identity.domain.known_people import KnownPeople
from services.identity.domain.people import Kind
from services.identity.domain.upserting import Outcome
from services.identity.store.keyed import Value, Wanted
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.upsert_contacts import Ledger
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.observability.metrics import RETRIES
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

ATTEMPTS = 20
_PAUSE_SECONDS = 0.01
Row = EventRow | OrderRow | BadRow


@dataclass(slots=True)
class _Work:
    """What one transaction does."""

    people: KnownPeople
    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    events: list[Activity] = field(default_factory=list[Activity])
    orders: dict[str, Activity] = field(default_factory=dict[str, Activity])
    about: set[str] = field(default_factory=set[str])
    """Clients that must still be there when it commits."""
    moved: dict[str, Client] = field(default_factory=dict[str, Client])
    """Clients whose address came with an order; their revs are still those of before."""

    def refuse(self, place: int, name: str, message: str) -> None:
        self.outcomes.append(Outcome(place, "refused", None, (FieldWrong(field=name, message=message),)))


@dataclass(frozen=True, slots=True)
class _Done:
    outcomes: Sequence[Outcome]
    changed: Sequence[Client] = ()
    row: ObjectId | None = None


class TellActivity:
    """Keeps events and orders, up to 500 in one call."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(self, workspace_id: str, rows: Sequence[Row], ledger: Ledger | None = None) -> list[Outcome]:
        """Return what became of each row, in their order."""
        done = await self._settle(partial(self._once, workspace_id, rows, ledger))
        if done.row is not None:
            states = [client_state(client) for client in done.changed]
            keys = {topics.CLIENT: [client.id for client in done.changed]}
            with suppress(KafkaError, BrokerAwayError):  # the sweeper publishes it then
                await self._outbox.publish(done.row, keys, known={topics.CLIENT: states})
        return sorted(done.outcomes, key=lambda outcome: outcome.place)

    async def _settle(self, work: Callable[[Session], Awaitable[_Done]]) -> _Done:
        for attempt in range(ATTEMPTS - 1):
            try:
                return await self._stores.in_transaction(work)
            except StaleError:
                RETRIES.labels("", "", "stale").inc()
                await asyncio.sleep(_PAUSE_SECONDS * (attempt + 1) * random.random())  # noqa: S311 - to part ways
        return await self._stores.in_transaction(work)

    async def _once(self, workspace_id: str, rows: Sequence[Row], ledger: Ledger | None, session: Session) -> _Done:
        before = await ledger.done(session) if ledger is not None else {}
        todo = [(place, row) for place, row in enumerate(rows) if place not in before]
        told = [row for _, row in todo if not isinstance(row, BadRow)]
        found = await self._stores.keyed.read(workspace_id, _wanted([row.contact for row in told]), session)
        sources = [source for row in told if (source := _source(row))]
        there = await self._stores.activities.told(workspace_id, sources, session)
        work = _Work(KnownPeople(found.clients, found.coded))
        for place, row in todo:
            if isinstance(row, BadRow):
                work.outcomes.append(Outcome(place, "refused", None, tuple(row.errors)))
                continue
            client = work.people.with_key(*row.contact.pair)
            if not isinstance(client, Client):
                work.refuse(place, "contact", client or await self._nobody(workspace_id, row.contact))
            elif isinstance(row, EventRow):
                self._event(work, place, row, client, there.get(_source(row) or ""))
            else:
                await self._order(work, place, row, client, there.get(_source(row) or ""))
        return await self._save(workspace_id, work, list(before.values()), ledger, session)

    def _event(self, work: _Work, place: int, row: EventRow, client: Client, there: Activity | None) -> None:
        source = _source(row) or f"event:{new_id('ev')}"
        if there is not None or any(one.source == source for one in work.events):
            work.outcomes.append(Outcome(place, "unchanged", client.id))
            return
        work.events.append(
            Activity(
                source,
                client.workspace_id,
                client.id,
                "event",
                row.at or self._clock(),
                row.name,
                workflows=row.workflows,
                properties=dict(row.properties),
            )
        )
        work.about.add(client.id)
        work.outcomes.append(Outcome(place, "created", client.id))

    async def _order(self, work: _Work, place: int, row: OrderRow, client: Client, there: Activity | None) -> None:
        source = _source(row) or ""
        there = work.orders.get(source, there)
        if there is not None and not await self._is_of(there.subject, client):
            work.refuse(place, "external_id", f"this order is client {there.subject}'s; an order does not change hands")
            return
        order = order_of(row, self._clock())
        before = there.order if there is not None else None
        if there is not None and before is not None and _says_nothing(order, row, there, before):
            work.outcomes.append(Outcome(place, "unchanged", client.id))
            return
        subject = there.subject if there is not None else client.id
        work.orders[source] = Activity(source, client.workspace_id, subject, "order", row.date, order=order)
        work.about.add(client.id)
        self._moves(work, client, row)
        work.outcomes.append(Outcome(place, "created" if there is None else "updated", client.id))

    def _moves(self, work: _Work, client: Client, row: OrderRow) -> None:
        """Take the address of an order for the client's, where what is known of that is older."""
        order = order_of(row, self._clock())
        known = work.people.get(client.id) or client
        if order.address is None or (known.address is not None and known.address.at and known.address.at >= row.date):
            return
        after = edited(known, {"address": order.address}, Saying(new_id("ed"), "order", row.date))
        if after != known:
            work.people.put(after)
            work.moved[client.id] = after

    async def _is_of(self, subject: str, client: Client) -> bool:
        if subject == client.id:
            return True
        return await self._stores.merges.survivor_of(client.workspace_id, subject) == client.id

    async def _nobody(self, workspace_id: str, contact: ContactKey) -> str:
        name, value = contact.pair
        survivor = await self._stores.merges.survivor_of(workspace_id, value) if name == "client_id" else None
        if survivor is not None:
            return f"this client was merged into {survivor}; name that one"
        return f"nobody has this {name}; add them first with POST /api/identity/contacts"

    async def _save(
        self,
        workspace_id: str,
        work: _Work,
        before: Sequence[Outcome],
        ledger: Ledger | None,
        session: Session,
    ) -> _Done:
        outcomes = [*before, *work.outcomes]
        if ledger is not None and work.outcomes:
            await ledger.note(work.outcomes, session)
        await self._stores.activities.add(work.events, session)
        await self._stores.activities.put(list(work.orders.values()), session)
        still = work.about - work.moved.keys()
        if still:
            await self._stores.keyed.touch(workspace_id, still, session)
        if not work.moved:
            return _Done(outcomes)
        changed = [client.changed(self._clock()) for client in work.moved.values()]
        await self._stores.keyed.write(changed, session)
        row = await self._outbox.note({topics.CLIENT: [client.id for client in changed]}, session)
        return _Done(outcomes, changed, row)


def _says_nothing(order: Order, row: OrderRow, there: Activity, before: Order) -> bool:
    """Tell whether an order is as it is known already, or older than that."""
    same = replace(order, told_at=before.told_at) == before and there.at == row.date
    return same or order.told_at < before.told_at


def _source(row: EventRow | OrderRow) -> str | None:
    if isinstance(row, OrderRow):
        return f"order:{row.external_id}"
    return f"event:{row.id}" if row.id else None


def _wanted(contacts: Sequence[ContactKey]) -> Wanted:
    pairs = {contact.pair for contact in contacts}
    by_name = {name: frozenset(value for key, value in pairs if key == name) for name, _ in pairs}
    none = frozenset[str]()
    kinds: tuple[Kind, ...] = ("email", "phone")
    values: list[Value] = [(kind, value) for kind in kinds for value in by_name.get(kind, none)]
    return Wanted(
        contact_keys=by_name.get("contact_key", none),
        told_apart_by=frozenset(values),
        codes=by_name.get("external_code", none),
        ids=by_name.get("client_id", none),
    )

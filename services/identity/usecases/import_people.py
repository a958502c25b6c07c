"""The work on imports: checking a file, taking it in, and taking it out again; a chunk of rows at a time.

A chunk's clients, what was done to them, the import's place and the outbox's row are one transaction: a process that
ends in the middle of it has done nothing, and the next one goes on there.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.client import Client
from services.identity.domain.csv_file import Record
from services.identity.domain.facets import value_facet
from services.identity.domain.import_people import Imported, Known, Outcome, decide
from services.identity.domain.import_rows import (
    Fault,
    Plan,
    Reader,
    Wish,
    check_of,
    fold_rows,
    key_is_of_row,
    one_of_each_key,
)
from services.identity.domain.import_undo import differences, undone
from services.identity.domain.imports import UNDO_FOR, Chunk, Counts, Import, Touched
from services.identity.domain.tags import tag_key
from services.identity.store.client_documents import client_from, client_to
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.make_tag import MakeTag
from services.identity.usecases.reach_refused import ReachRefused
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.observability.metrics import RETRIES
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

T = TypeVar("T")
ATTEMPTS = 20
_PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Rows:
    """What a chunk's rows say, without a look at who is there."""

    wishes: Sequence[Wish]
    faults: Sequence[Fault]
    folded: int


@dataclass(slots=True)
class Seen:
    """Whom earlier chunks of a file were about, while it is checked: nothing is written then."""

    people: set[int] = field(default_factory=set[int])
    contact_keys: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    """Whose a contact key is, and the row."""


@dataclass(frozen=True, slots=True)
class _Written:
    held: Import
    row: ObjectId | None
    clients: Sequence[Client]
    removed: Sequence[str] = ()


class ImportPeople:
    """Does one chunk at a time. Each method returns the import as it then stands."""

    def __init__(
        self,
        stores: Stores,
        outbox: Outbox,
        clock: Callable[[], datetime] = now_in_millis,
    ) -> None:
        self._stores = stores
        self._outbox = outbox
        self._make_tag = MakeTag(stores, clock)
        self._reach = ReachRefused(stores, outbox, clock)
        self._clock = clock
        self._tag_ids: dict[tuple[str, str], str] = {}
        self._publishing: asyncio.Task[None] | None = None

    async def reader(self, held: Import) -> Reader:
        fields = await self._stores.fields.all(held.workspace_id)
        return Reader(_plan(held), {field.id: check_of(field) for field in fields})

    async def rows(self, held: Import, n: int, reader: Reader) -> Rows | None:
        """Read a chunk, in a thread of its own: meanwhile the database writes the one before. None: it is gone."""
        chunk = await self._stores.imports.chunk(held, n)
        if chunk is None:
            return None
        return await asyncio.to_thread(_read, chunk, _plan(held), reader)

    async def check(self, held: Import, rows: Rows, seen: Seen) -> Import:
        """Say what a chunk would come to; nothing but its faults is written."""
        plan = _plan(held)
        wishes, faults, folded = _unseen(rows.wishes, plan, seen)
        known = await self._known(held, wishes)
        tag_ids = {tag_key(name): name for wish in wishes for name in wish.tags}
        outcome = decide(wishes, known, plan, self._imported(held, tag_ids), (str(n) for n in range(len(wishes))))
        found = [*rows.faults, *faults, *outcome.faults]
        await self._stores.imports.note_faults(held, held.place, found)
        return await self._stores.imports.move_on(held, _counts(outcome, rows.folded + folded, found))

    async def take_in(self, held: Import, rows: Rows) -> Import:
        """Write what a chunk says."""
        plan, until = _plan(held), self.undo_ends()
        tag_ids = await self._tags(held.workspace_id, rows.wishes)
        ids = [new_id("cl") for _ in rows.wishes]

        async def work(session: Session) -> _Written:
            known = await self._known(held, rows.wishes, session)
            outcome = decide(rows.wishes, known, plan, self._imported(held, tag_ids), ids)
            clients = [*outcome.made, *(after for _, after in outcome.changed)]
            await self._stores.clients.write_all(outcome.made, clients[len(outcome.made) :], (), session)
            await self._stores.imports.touch(held, held.place, _touched(held, outcome), until, session)
            faults = [*rows.faults, *outcome.faults]
            await self._stores.imports.note_faults(held, held.place, faults, session)
            made = [client.id for client in outcome.made]
            await self._stores.imports.note_done(held, held.place, made, until, session)
            moved = await self._stores.imports.move_on(held, _counts(outcome, rows.folded, faults), session)
            return _Written(moved, await self._note(clients, (), session), clients)

        return await self._done(await self._until_written(work))

    async def take_out(self, held: Import) -> Import:
        """Undo a chunk: whom it made and nobody changed since is deleted; of others its own changes are taken back."""
        chunk = await self._stores.imports.chunk(held, held.place)
        made = chunk.made if chunk is not None else ()

        async def work(session: Session) -> _Written:
            touched = await self._stores.imports.touched(held, held.place, made, session)
            left = dict.fromkeys(made, 1) | {one.client_id: one.rev for one in touched if one.made}
            others = [one for one in touched if not one.made]
            there = await self._stores.clients.read(
                held.workspace_id, [*left, *(one.client_id for one in others)], session
            )
            removed = [there[id_] for id_, rev in left.items() if id_ in there and there[id_].rev == rev]
            restored = [
                after
                for one in others
                if one.client_id in there and (after := self._restored(there[one.client_id], one)) is not None
            ]
            await self._stores.clients.write_all((), restored, removed, session)
            gained = Counts(
                removed=len(removed),
                restored=len(restored),
                kept=sum(id_ in there for id_ in left) - len(removed) + len(others) - len(restored),
            )
            moved = await self._stores.imports.move_on(held, gained, session)
            gone = [client.id for client in removed]
            return _Written(moved, await self._note(restored, gone, session), restored, gone)

        return await self._done(await self._until_written(work))

    async def reach_again(self, held: Import) -> None:
        """Have refusals reach whom the last chunk was about: whoever wrote it may have ended before they did."""
        if held.place == 0:
            return
        chunk = await self._stores.imports.chunk(held, held.place - 1)
        touched = await self._stores.imports.first_touched(held, held.place - 1)
        await self._reach(held.workspace_id, [*(chunk.made if chunk else ()), *touched])

    def now(self) -> datetime:
        return self._clock()

    def undo_ends(self) -> datetime:
        """Return until when what is imported now can be undone."""
        return self._clock() + UNDO_FOR

    async def settle(self) -> None:
        """Wait for what is still being published."""
        if self._publishing is not None:
            await self._publishing
            self._publishing = None

    def _restored(self, client: Client, touched: Touched) -> Client | None:
        now = client_to(client)
        back = client_from(undone(now, touched.before, touched.after))
        return None if back == client else back.changed(self._clock())

    async def _known(self, held: Import, wishes: Sequence[Wish], session: Session | None = None) -> Known:
        plan = _plan(held)
        keys = [wish.values[plan.dedupe_on] for wish in wishes]
        contact_keys = [key for wish in wishes if (key := wish.values.get("contact_key")) is not None]
        kind = plan.dedupe_on
        facets = [value_facet(kind, key) for key in keys] if kind != "contact_key" else []
        found = await self._stores.clients.named_by(held.workspace_id, facets, contact_keys, session)
        return Known(found, plan.dedupe_on)

    def _imported(self, held: Import, tag_ids: Mapping[str, str]) -> Imported:
        return Imported(held.id, held.workspace_id, self._clock(), tag_ids)

    async def _tags(self, workspace_id: str, wishes: Sequence[Wish]) -> dict[str, str]:
        """Make the tags that rows name, where they are not there."""
        found: dict[str, str] = {}
        for name in dict.fromkeys(name for wish in wishes for name in wish.tags):  # the first spelling makes it
            here = workspace_id, tag_key(name)
            if here not in self._tag_ids:
                self._tag_ids[here] = (await self._make_tag(workspace_id, name))[0].id
            found[here[1]] = self._tag_ids[here]
        return found

    async def _note(self, clients: Sequence[Client], gone: Sequence[str], session: Session) -> ObjectId | None:
        ids = [*(client.id for client in clients), *gone]
        return await self._outbox.note({topics.CLIENT: ids}, session) if ids else None

    async def _until_written(self, work: Callable[[Session], Awaitable[_Written]]) -> _Written:
        for attempt in range(ATTEMPTS):
            try:
                return await self._stores.in_transaction(work)
            except StaleError:
                RETRIES.labels("", "", "stale").inc()
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(_PAUSE_SECONDS * (attempt + 1) * random.random())  # noqa: S311 - to part ways
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _done(self, written: _Written) -> Import:
        """Publish while the next chunk is written: one at a time, and the outbox's row stays until it is done."""
        await self.settle()
        if written.row is not None:
            self._publishing = asyncio.create_task(self._publish(written.row, written))
        return written.held

    async def _publish(self, row: ObjectId, written: _Written) -> None:
        ids = [*(client.id for client in written.clients), *written.removed]
        states = [client_state(client) for client in written.clients]
        with suppress(KafkaError, BrokerAwayError):  # the sweeper publishes it
            await self._outbox.publish(row, {topics.CLIENT: ids}, known={topics.CLIENT: states})
            await self._reach.after_linking(written.clients, ())


def _plan(held: Import) -> Plan:
    if held.plan is None:
        raise ValueError("this import has no plan")
    return held.plan


def _read(chunk: Chunk, plan: Plan, reader: Reader) -> Rows:
    wishes: list[Wish] = []
    faults: list[Fault] = []
    for number, cells in zip(chunk.numbers, chunk.rows, strict=True):
        read = reader.read(Record(number, cells))
        if isinstance(read, Wish):
            wishes.append(read)
        else:
            faults += read
    people = fold_rows(wishes, plan.dedupe_on)
    kept, twice = one_of_each_key(people)
    return Rows(kept, [*faults, *twice], len(wishes) - len(people))


def _unseen(wishes: Sequence[Wish], plan: Plan, seen: Seen) -> tuple[list[Wish], list[Fault], int]:
    """Leave out who was met in an earlier chunk, and contact keys that somebody else there has."""
    found: list[Wish] = []
    faults: list[Fault] = []
    for wish in wishes:
        person = hash(wish.values[plan.dedupe_on])
        key = wish.values.get("contact_key")
        whose, row = seen.contact_keys.setdefault(hash(key), (person, wish.rows[0])) if key else (person, 0)
        if whose != person:
            faults += [Fault(number, None, key_is_of_row(row)) for number in wish.rows]
        elif person not in seen.people:
            seen.people.add(person)
            found.append(wish)
    return found, faults, len(wishes) - len(found) - len(faults)


def _counts(outcome: Outcome, folded: int, faults: Sequence[Fault]) -> Counts:
    return Counts(
        made=len(outcome.made),
        changed=len(outcome.changed),
        same=outcome.same,
        skipped=outcome.skipped,
        folded=folded,
        faults=len({fault.row for fault in faults}),
    )


def _touched(held: Import, outcome: Outcome) -> list[Touched]:
    found: list[Touched] = []
    for before, after in outcome.changed:
        was, is_ = differences(client_to(before), client_to(after))
        found.append(Touched(before.id, before.imported_by == held.id, after.rev, was, is_))
    return found

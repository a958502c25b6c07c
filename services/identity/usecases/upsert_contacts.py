"""A shop, a CRM or a file tells of people: whoever is there is updated, whoever is not is added, row by row.

A chunk of rows is one read, a pure fold and one transaction with one row of the outbox. A row that takes a value from
somebody who merely claimed it concerns a second client, and goes alone, as every link does (docs/decisions/0140).
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Protocol

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.catalog import Meant, meant_by
from services.identity.domain.client import Client
from services.identity.domain.client_editing import Saying
from services.identity.domain.contact_row import BadRow, ContactRow, DedupeOn
from services.identity.domain.linking import Doubt
from services.identity.domain.people import Kind
from services.identity.domain.profile import ProfileSource
from services.identity.domain.upserting import Contest, Outcome, Upserting
from services.identity.store.keyed import Found, Value, Wanted
from services.identity.store.states import client_state
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.reach_refused import ReachRefused
from services.identity.usecases.read_catalog import ReadCatalog
from shared.contracts import topics
from shared.contracts.ids import new_id
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.observability.metrics import RETRIES
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

MAX_ROWS = 500
MAX_BYTES = 1_000_000
"""Of one transaction, both."""
ATTEMPTS = 6
"""So often a chunk is read again after a conflict; then it is halved. A row by itself is tried more often."""
ATTEMPTS_ALONE = 20
_PAUSE_SECONDS = 0.01
_PERSON_BYTES = 1_500
"""A client without what may be long, generously."""
_KINDS: tuple[Kind, ...] = ("email", "phone")


class Ledger(Protocol):
    """Where outcomes are kept in the transaction that makes them, so that a call that comes again goes on."""

    async def done(self, session: Session) -> Mapping[int, Outcome]:
        """Return what became already of rows, by place."""
        ...

    async def note(self, outcomes: Sequence[Outcome], session: Session) -> None:
        """Keep what becomes of rows."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Who says it, how rows are told apart, and which import they are of."""

    workspace_id: str
    dedupe_on: DedupeOn
    source: ProfileSource
    imported_by: str | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    outcomes: Sequence[Outcome]
    put_off: Sequence[tuple[int, Meant]] = ()
    changed: Sequence[Client] = ()
    row: ObjectId | None = None


class UpsertContacts:
    """Adds or updates people, up to 500 in one call. A bad row changes nothing of the others, nor of itself."""

    def __init__(
        self,
        stores: Stores,
        outbox: Outbox,
        catalog: ReadCatalog,
        clock: Callable[[], datetime] = now_in_millis,
    ) -> None:
        self._stores = stores
        self._outbox = outbox
        self._catalog = catalog
        self._clock = clock
        self._reach = ReachRefused(stores, outbox, clock)

    async def __call__(
        self, said: Said, rows: Sequence[ContactRow | BadRow], *, ledger: Ledger | None = None
    ) -> list[Outcome]:
        """Return what became of each row, in their order; places count from 0."""
        meant, refused = await self._meant(said.workspace_id, rows, make_tags=True)
        found = {outcome.place: outcome for outcome in refused}
        later: list[tuple[int, Meant]] = []
        for chunk in _chunks(meant):
            done, put_off = await self._chunk(said, chunk, refused, ledger)
            found |= {outcome.place: outcome for outcome in done}
            later += put_off
            refused = []  # they were noted with the first chunk
        for place, row in later:
            done, _ = await self._chunk(said, [(place, row)], (), ledger, alone=True)
            found |= {outcome.place: outcome for outcome in done}
        if refused and ledger is not None:
            await self._stores.in_transaction(partial(ledger.note, refused))
        return [found[place] for place in sorted(found)]

    async def foresee(self, said: Said, rows: Sequence[ContactRow | BadRow]) -> list[Outcome]:
        """Return what would become of each row, and change nothing."""
        meant, refused = await self._meant(said.workspace_id, rows, make_tags=False)
        wanted = _wanted(said.dedupe_on, [row for _, row in meant])
        found = await self._stores.keyed.read(said.workspace_id, wanted)
        fold = self._fold(said, found, alone=True)
        outcomes = (fold.take(place, row) for place, row in meant)
        return sorted(chain(refused, filter(None, outcomes)), key=lambda outcome: outcome.place)

    async def _meant(
        self, workspace_id: str, rows: Sequence[ContactRow | BadRow], *, make_tags: bool
    ) -> tuple[list[tuple[int, Meant]], list[Outcome]]:
        """Resolve what rows name; a row that names what is not there is refused."""
        good = [row for row in rows if isinstance(row, ContactRow)]
        catalog = await self._catalog(workspace_id, good, make_tags=make_tags)
        meant: list[tuple[int, Meant]] = []
        refused: list[Outcome] = []
        for place, row in enumerate(rows):
            found = row.errors if isinstance(row, BadRow) else meant_by(row, catalog)
            if isinstance(found, list):
                refused.append(Outcome(place, "refused", None, tuple(found)))
            else:
                meant.append((place, found))
        return meant, refused

    async def _chunk(
        self,
        said: Said,
        rows: Sequence[tuple[int, Meant]],
        refused: Sequence[Outcome],
        ledger: Ledger | None,
        *,
        alone: bool = False,
    ) -> tuple[list[Outcome], list[tuple[int, Meant]]]:
        """Take rows in together; where others keep changing the same people, in halves."""
        for attempt in range(ATTEMPTS_ALONE if len(rows) == 1 else ATTEMPTS):
            try:
                done = await self._stores.in_transaction(partial(self._once, said, rows, refused, ledger, alone=alone))
            except StaleError:
                RETRIES.labels("", "", "stale").inc()
                await asyncio.sleep(_PAUSE_SECONDS * (attempt + 1) * random.random())  # noqa: S311 - to part ways
                continue
            await self._tell(done)
            return list(done.outcomes), list(done.put_off)
        if len(rows) == 1:
            raise StaleError("this client kept changing while a row about it was decided upon")
        middle = len(rows) // 2
        first, later = await self._chunk(said, rows[:middle], refused, ledger, alone=alone)
        second, more = await self._chunk(said, rows[middle:], (), ledger, alone=alone)
        return [*first, *second], [*later, *more]

    async def _once(
        self,
        said: Said,
        rows: Sequence[tuple[int, Meant]],
        refused: Sequence[Outcome],
        ledger: Ledger | None,
        session: Session,
        *,
        alone: bool,
    ) -> _Done:
        """Read, decide and write in one snapshot: who changed one of them meanwhile makes the database refuse it."""
        before = await ledger.done(session) if ledger is not None else {}
        known = [before[place] for place, _ in rows if place in before]
        todo = [(place, row) for place, row in rows if place not in before]
        wanted = _wanted(said.dedupe_on, [row for _, row in todo])
        found = await self._stores.keyed.read(said.workspace_id, wanted, session)
        fold = self._fold(said, found, alone=alone)
        outcomes: list[Outcome] = []
        put_off: list[tuple[int, Meant]] = []
        for place, row in todo:
            outcome = fold.take(place, row)
            if outcome is None:
                put_off.append((place, row))
            else:
                outcomes.append(outcome)
        changed = fold.changed
        if ledger is not None and (new := [*outcomes, *(one for one in refused if one.place not in before)]):
            await ledger.note(new, session)
        if not changed:
            return _Done([*known, *outcomes], put_off)
        await self._stores.keyed.write(changed, session)
        for contest in fold.contests:
            await self._suggest(contest, session)
        row_id = await self._outbox.note({topics.CLIENT: [client.id for client in changed]}, session)
        return _Done([*known, *outcomes], put_off, changed, row_id)

    async def _suggest(self, contest: Contest, session: Session) -> None:
        """Have a user judge whether who claimed a value and who is stated to have it are one person."""
        holding = contest.holding
        chats = await self._stores.chat_contacts.read(contest.claimer.chat_contact_ids, session)
        for chat in chats.values():
            shown = next((e for e in chat.evidence if (e.kind, e.value) == (holding.kind, holding.value)), None)
            if shown is not None:
                doubt = Doubt(shown, contest.by, "held_by_another")
                await self._stores.suggestions.add(chat, (doubt,), session)
                return

    def _fold(self, said: Said, found: Found, *, alone: bool) -> Upserting:
        return Upserting(
            found.clients,
            found.coded,
            workspace_id=said.workspace_id,
            dedupe_on=said.dedupe_on,
            saying=Saying(new_id("ed"), said.source, self._clock()),
            imported_by=said.imported_by,
            new_id=lambda: new_id("cl"),
            alone=alone,
        )

    async def _tell(self, done: _Done) -> None:
        """Publish at once; where the broker is away the sweeper does, and the rows did succeed."""
        if done.row is None:
            return
        states = [client_state(client) for client in done.changed]
        keys = {topics.CLIENT: [client.id for client in done.changed]}
        with suppress(KafkaError, BrokerAwayError):
            await self._outbox.publish(done.row, keys, known={topics.CLIENT: states})
        with suppress(KafkaError, BrokerAwayError):
            await self._reach.after_linking(done.changed, ())


def _wanted(dedupe_on: DedupeOn, rows: Sequence[Meant]) -> Wanted:
    """Return what tells who these rows are about, and who may stand in their way."""
    given: dict[Kind, set[Value]] = {
        kind: {(kind, value) for meant in rows if (value := getattr(meant.row, kind))} for kind in _KINDS
    }
    apart = given[dedupe_on] if dedupe_on in ("email", "phone") else set[Value]()
    codes = {meant.row.external_code for meant in rows if meant.row.external_code}
    return Wanted(
        contact_keys=frozenset(meant.row.contact_key for meant in rows if meant.row.contact_key),
        told_apart_by=frozenset(apart),
        values=frozenset(given["email"] | given["phone"]),
        codes=frozenset(codes if dedupe_on == "external_code" else ()),
    )


def _chunks(rows: Sequence[tuple[int, Meant]]) -> Iterator[Sequence[tuple[int, Meant]]]:
    """Cut rows, in order, so that no transaction gets too large."""
    start, weight = 0, 0
    for place, (_, meant) in enumerate(rows):
        more = _weight(meant.row)
        if place > start and (place - start >= MAX_ROWS or weight + more > MAX_BYTES):
            yield rows[start:place]
            start, weight = place, 0
        weight += more
    if start < len(rows):
        yield rows[start:]


def _weight(row: ContactRow) -> int:
    long = sum(len(str(value)) for value in row.fields.values()) + sum(len(one.token) for one in row.push_tokens)
    return _PERSON_BYTES + 4 * long + 500 * sum(1 + len(one.devices) for one in row.applications)

"""Rows in, clients out: who each row is about, and what it changes of them (docs/decisions/0140)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.identity.domain.catalog import Meant
from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.client_editing import Saying, edited
from services.identity.domain.contact_row import ContactRow, DedupeOn, FieldWrong
from services.identity.domain.known_people import Coded, KnownPeople
from services.identity.domain.people import Kind
from services.identity.domain.row_edit import TooManyError, edit_of

Result = Literal["created", "updated", "unchanged", "refused"]
_KINDS: tuple[Kind, ...] = ("email", "phone")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    place: int
    """Of the row among its call's, from 0."""
    result: Result
    client_id: str | None = None
    errors: tuple[FieldWrong, ...] = ()
    """Why it was refused."""
    notes: tuple[FieldWrong, ...] = ()
    """What the caller may not expect, though the row was taken."""
    before: Client | None = None
    """As the row found the client; None for one that it made."""
    after: Client | None = None
    """As the row left it; its rev is that of before."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A value that somebody merely claimed, and that the business says is somebody else's."""

    holding: Holding
    claimer: Client
    by: str
    """The client that has it now."""


class Upserting:
    """Takes rows in, one after the other; each sees what those before it did.

    `clients` holds everybody who has one of the rows' keys, and whoever alone may hold one of their values.
    """

    def __init__(
        self,
        clients: Iterable[Client],
        coded: Iterable[Coded],
        *,
        workspace_id: str,
        dedupe_on: DedupeOn,
        saying: Saying,
        imported_by: str | None,
        new_id: Callable[[], str],
        alone: bool = False,
    ) -> None:
        self._before = {client.id: client for client in clients}
        self._people = KnownPeople(self._before.values(), coded)
        self._workspace_id = workspace_id
        self._dedupe_on: DedupeOn = dedupe_on
        self._saying = saying
        self._imported_by = imported_by
        self._new_id = new_id
        self._alone = alone
        self._put_off: set[str] = set()
        self.contests: list[Contest] = []

    @property
    def changed(self) -> list[Client]:
        """Those that are to be written, each with its rev raised by one; who lets go of a value comes first."""
        found = [c.changed(self._saying.at) for c in self._people.all() if c != self._before.get(c.id)]
        losers = {contest.claimer.id for contest in self.contests}
        return sorted(found, key=lambda client: client.id not in losers)

    def take(self, place: int, meant: Meant) -> Outcome | None:
        """Take one row in. None: it concerns a second client and goes alone, after the others."""
        row = meant.row
        key = getattr(row, self._dedupe_on)
        if key is None:
            return _refused(place, self._dedupe_on, f"rows are told apart by {self._dedupe_on}, and this one has none")
        if key in self._put_off:
            return None  # it would overtake one that was put off
        target = self._people.with_key(self._dedupe_on, key)
        if isinstance(target, str):
            return _refused(place, self._dedupe_on, target)
        if (held := self._held_by_another(row, target)) is not None:
            return _refused(place, *held)
        claims = self._claims(row, target)
        if claims and not self._alone:
            self._put_off.add(key)
            return None
        return self._apply(place, meant, target, claims)

    def _held_by_another(self, row: ContactRow, target: Client | None) -> tuple[str, str] | None:
        """Return which field another client has for good, and which client."""
        holder = self._people.with_key("contact_key", row.contact_key) if row.contact_key else None
        if isinstance(holder, Client) and (target is None or holder.id != target.id):
            return "contact_key", f"client {holder.id} has this contact key; no two have the same"
        for other, holding in self._others(row, target):
            if holding.strength == "verified":
                return holding.kind, f"client {other.id} has proved that this is theirs"
        return None

    def _claims(self, row: ContactRow, target: Client | None) -> list[tuple[Client, Holding]]:
        """Return who else claims a value of the row's."""
        return [(other, held) for other, held in self._others(row, target) if held.strength == "claimed"]

    def _others(self, row: ContactRow, target: Client | None) -> Iterator[tuple[Client, Holding]]:
        for kind in _KINDS:
            if value := getattr(row, kind):
                yield from self._people.others(kind, value, target.id if target is not None else None)

    def _apply(
        self, place: int, meant: Meant, target: Client | None, claims: Sequence[tuple[Client, Holding]]
    ) -> Outcome:
        client = target or self._newcomer(meant.row)
        try:
            edit = edit_of(meant, client, self._saying)
        except TooManyError as error:
            return Outcome(place, "refused", target.id if target else None, (error.wrong,))
        after = edited(client, edit, self._saying)
        notes: list[FieldWrong] = []
        for claimer, holding in claims:
            self._take_away(claimer, holding, client.id)
            message = f"client {claimer.id} had claimed it; a suggestion waits whether they are one person"
            notes.append(FieldWrong(field=holding.kind, message=message))
        self._people.put(after)
        result: Result = "created" if target is None else "unchanged" if after == target else "updated"
        return Outcome(place, result, client.id, notes=tuple(notes), before=target, after=after)

    def _newcomer(self, row: ContactRow) -> Client:
        name = row.name or row.email or row.phone or row.contact_key or ""
        return Client(
            id=self._new_id(),
            workspace_id=self._workspace_id,
            name=name,
            created_at=self._saying.at,
            changed_at=self._saying.at,
            origin=row.source,
            imported_by=self._imported_by,
        )

    def _take_away(self, claimer: Client, holding: Holding, by: str) -> None:
        current = self._people.get(claimer.id) or claimer
        kept = tuple(one for one in current.holdings if one.id != holding.id)
        taken = Taken(holding.kind, holding.value, by, self._saying.at, self._saying.id)
        self._people.put(replace(current, holdings=kept, taken=(*current.taken, taken)))
        self.contests.append(Contest(holding, current, by))


def _refused(place: int, field: str, message: str) -> Outcome:
    return Outcome(place, "refused", None, (FieldWrong(field=field, message=message),))

"""Rows in, clients out: who each row is about, and what it changes of them (docs/decisions/0140)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from services.identity.domain.catalog import Meant
from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.client_editing import Saying, edited
from services.identity.domain.contact_row import ContactRow, DedupeOn, FieldWrong
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


@dataclass(frozen=True, slots=True)
class Coded:
    """A chat contact that has an external code."""

    code: str
    client_id: str | None


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
        self._now = dict(self._before)
        self._coded: dict[str, set[str | None]] = {}
        for one in coded:
            self._coded.setdefault(one.code, set()).add(one.client_id)
        self._workspace_id = workspace_id
        self._dedupe_on: DedupeOn = dedupe_on
        self._saying = saying
        self._imported_by = imported_by
        self._new_id = new_id
        self._alone = alone
        self._put_off: set[str] = set()
        self._holders: dict[str, dict[str, Holding]] = {}
        self._by_contact_key: dict[str, str] = {}
        self._indexed: dict[str, Client] = {}
        self.contests: list[Contest] = []
        for client in self._before.values():
            self._index(client)

    @property
    def changed(self) -> list[Client]:
        """Those that are to be written, each with its rev raised by one; who lets go of a value comes first."""
        found = [c.changed(self._saying.at) for id_, c in self._now.items() if c != self._before.get(id_)]
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
        target = self._target(key)
        if isinstance(target, str):
            return _refused(place, self._dedupe_on, target)
        if (held := self._held_by_another(row, target)) is not None:
            return _refused(place, *held)
        claims = self._claims(row, target)
        if claims and not self._alone:
            self._put_off.add(key)
            return None
        return self._apply(place, meant, target, claims)

    def _target(self, key: str) -> Client | str | None:
        """Return who has this key, None for nobody, or why that cannot be told."""
        match self._dedupe_on:
            case "contact_key":
                id_ = self._by_contact_key.get(key)
                return self._now[id_] if id_ else None
            case "external_code":
                return self._by_code(key)
            case "email" | "phone" as kind:
                return self._by_value(f"{kind}:{key}")

    def _by_value(self, id_: str) -> Client | str | None:
        """Return who proved the value, or alone was said to have it; that somebody claims it leads to nobody."""
        holders = self._holders.get(id_, {})
        verified = [client for client, holding in holders.items() if holding.strength == "verified"]
        stated = sorted(client for client, holding in holders.items() if holding.strength == "stated")
        if verified:
            return self._now[verified[0]]
        if len(stated) > 1:
            several = ", ".join(stated[:5])
            return f"several clients have it ({several}); tell them apart by their contact key"
        return self._now[stated[0]] if stated else None

    def _by_code(self, code: str) -> Client | str:
        """Return whose chat contact has an external code: a label links nobody, and makes no client."""
        clients = sorted(id_ for id_ in self._coded.get(code, set()) if id_ is not None and id_ in self._now)
        if len(clients) > 1:
            return f"chat contacts of several clients have this code ({', '.join(clients[:5])})"
        if clients:
            return self._now[clients[0]]
        if code in self._coded:
            return "the chat contact with this code belongs to no client yet; a code makes none. Use another key"
        return "no chat contact has this code, and a code makes no client. Use another key"

    def _held_by_another(self, row: ContactRow, target: Client | None) -> tuple[str, str] | None:
        """Return which field another client has for good, and which client."""
        holder = self._by_contact_key.get(row.contact_key) if row.contact_key else None
        if holder is not None and (target is None or holder != target.id):
            return "contact_key", f"client {holder} has this contact key; no two have the same"
        for kind, client_id, holding in self._others(row, target):
            if holding.strength == "verified":
                return kind, f"client {client_id} has proved that this is theirs"
        return None

    def _claims(self, row: ContactRow, target: Client | None) -> list[tuple[Client, Holding]]:
        """Return who else claims a value of the row's."""
        others = self._others(row, target)
        return [(self._now[client_id], held) for _, client_id, held in others if held.strength == "claimed"]

    def _others(self, row: ContactRow, target: Client | None) -> Iterator[tuple[Kind, str, Holding]]:
        for kind in _KINDS:
            value = getattr(row, kind)
            for client_id, holding in self._holders.get(f"{kind}:{value}", {}).items() if value else ():
                if target is None or client_id != target.id:
                    yield kind, client_id, holding

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
        self._now[client.id] = after
        self._index(after)
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
        current = self._now[claimer.id]
        kept = tuple(one for one in current.holdings if one.id != holding.id)
        taken = Taken(holding.kind, holding.value, by, self._saying.at, self._saying.id)
        self._now[claimer.id] = replace(current, holdings=kept, taken=(*current.taken, taken))
        self.contests.append(Contest(holding, current, by))
        self._index(self._now[claimer.id])

    def _index(self, client: Client) -> None:
        """Note what a client is found by now, in the place of what it was found by before."""
        was = self._indexed.get(client.id)
        if was is not None:
            for holding in was.holdings:
                self._holders[holding.id].pop(client.id, None)
            if was.contact_key and self._by_contact_key.get(was.contact_key) == client.id:
                del self._by_contact_key[was.contact_key]
        for holding in client.holdings:
            self._holders.setdefault(holding.id, {})[client.id] = holding
        if client.contact_key:
            self._by_contact_key[client.contact_key] = client.id
        self._indexed[client.id] = client


def _refused(place: int, field: str, message: str) -> Outcome:
    return Outcome(place, "refused", None, (FieldWrong(field=field, message=message),))

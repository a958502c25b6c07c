"""What an import makes of what rows say: new clients, changed ones, and those it cannot tell apart."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from services.identity.domain.client import Client, Holding
from services.identity.domain.client_editing import ClientPart, Saying, edited
from services.identity.domain.import_rows import KEY_WORDS, DedupeOn, Fault, Plan, Wish
from services.identity.domain.people import Kind
from services.identity.domain.profile import Address
from services.identity.domain.tags import TAGS_OF_ONE, tag_key

ADDRESS = ("country", "region", "city", "street", "postcode")
_PLAIN: Mapping[str, ClientPart] = {
    "name": "name",
    "surname": "surname",
    "contact_key": "contact_key",
    "source": "origin",
    "language": "language",
    "time_zone": "time_zone",
}
_HELD: tuple[Literal["email", "phone"], ...] = ("email", "phone")


@dataclass(slots=True)
class Outcome:
    """What a part of a file comes to."""

    made: list[Client] = field(default_factory=list[Client])
    changed: list[tuple[Client, Client]] = field(default_factory=list[tuple[Client, Client]])
    """Before and after."""
    same: int = 0
    """Who is there already, as the file has them."""
    skipped: int = 0
    """Who is there already, and was to be left alone."""
    faults: list[Fault] = field(default_factory=list[Fault])


@dataclass(frozen=True, slots=True)
class Imported:
    """What all of one import's clients share."""

    import_id: str
    workspace_id: str
    now: datetime
    tag_ids: Mapping[str, str]
    """Ids of tags by their keys."""


class Known:
    """Who is there already of those that rows may be about."""

    def __init__(self, clients: Iterable[Client], dedupe_on: DedupeOn) -> None:
        self._dedupe_on: DedupeOn = dedupe_on
        self._kind: Kind | None = None if dedupe_on == "contact_key" else dedupe_on
        self._by_key: dict[str, list[Client]] = defaultdict(list)
        self._by_contact_key: dict[str, Client] = {}
        for client in clients:
            if client.contact_key is not None:
                self._by_contact_key[client.contact_key] = client
            for value in _keys_of(client, dedupe_on):
                self._by_key[value].append(client)

    def of(self, wish: Wish) -> list[Client]:
        """Return whom a wish may be about; more than one cannot be told apart."""
        found = self._by_key.get(wish.values[self._dedupe_on], [])
        verified = [one for one in found if self._verified(one, wish.values[self._dedupe_on])]
        return verified or found

    def holder(self, contact_key: str) -> Client | None:
        return self._by_contact_key.get(contact_key)

    def _verified(self, client: Client, value: str) -> bool:
        held = client.holds(self._kind, value) if self._kind is not None else None
        return held is not None and held.strength == "verified"


def _keys_of(client: Client, dedupe_on: DedupeOn) -> list[str]:
    """Return by what a client is found. What was merely typed in a chat finds nobody: it may be anybody's."""
    if dedupe_on == "contact_key":
        return [client.contact_key] if client.contact_key else []
    return [h.value for h in client.holdings if h.kind == dedupe_on and h.strength != "claimed"]


def decide(wishes: Sequence[Wish], known: Known, plan: Plan, imported: Imported, ids: Iterable[str]) -> Outcome:
    """Decide about each person. `ids` are for those who are new."""
    found, new_ids = Outcome(), iter(ids)
    for wish in wishes:
        there = known.of(wish)
        if len(there) > 1:
            found.faults += _faults(
                wish, f"{len(there)} clients have this {KEY_WORDS[plan.dedupe_on]}; merge them, or use another key"
            )
            continue
        before = there[0] if there else None
        if before is not None and plan.existing == "skip":
            found.skipped += 1
            continue
        holder = known.holder(wish.values["contact_key"]) if "contact_key" in wish.values else None
        if holder is not None and (before is None or holder.id != before.id):
            found.faults += _faults(wish, f"the client {holder.id} has this contact key; a key belongs to one person")
            continue
        after = (
            _newcomer(wish, plan, imported, next(new_ids)) if before is None else apply(before, wish, plan, imported)
        )
        if len(after.tags) > TAGS_OF_ONE:
            found.faults += _faults(wish, f"with these, the person has more than {TAGS_OF_ONE} tags; leave some out")
        elif before is None:
            found.made.append(after)
        elif after == before:
            found.same += 1
        else:
            found.changed.append((before, after.changed(imported.now)))
    return found


def _faults(wish: Wish, message: str) -> list[Fault]:
    return [Fault(row, None, message) for row in wish.rows]


def _newcomer(wish: Wish, plan: Plan, imported: Imported, id_: str) -> Client:
    """Make somebody of whom nothing is known, as `apply` would of nobody: most rows of most files are new people.

    Who has no name is called by how they are reached.
    """
    values = wish.values
    name = values.get("name") or values.get("surname") or values.get("email") or values.get("phone")
    holdings = tuple(
        Holding(kind, values[kind], "stated", imported.now, imported.import_id) for kind in _HELD if kind in values
    )
    address = {part: values[part] for part in ADDRESS if part in values}
    source: Any = values.get("source")
    return Client(
        id=id_,
        workspace_id=imported.workspace_id,
        name=name or values["contact_key"],
        created_at=imported.now,
        changed_at=imported.now,
        rev=1,
        surname=values.get("surname") if "name" in values else None,
        contact_key=values.get("contact_key"),
        origin=source,
        tags=_tags((), wish, plan, imported),
        holdings=holdings,
        language=values.get("language"),
        time_zone=values.get("time_zone"),
        address=Address(**address, source="import", at=imported.now) if address else None,
        fields=wish.fields,
        imported_by=imported.import_id,
        chosen=tuple(holding.id for holding in holdings),
    )


def _tags(there: tuple[str, ...], wish: Wish, plan: Plan, imported: Imported) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*there, *(imported.tag_ids[tag_key(name)] for name in wish.tags), *plan.tags)))


def apply(client: Client, wish: Wish, plan: Plan, imported: Imported) -> Client:
    """Write what a wish says into a client. An empty cell changes nothing, and no permission is ever touched."""
    fills = plan.existing == "fill"
    edit: dict[ClientPart, Any] = {}
    for target, part in _PLAIN.items():
        value = wish.values.get(target)
        if value is not None and not (fills and getattr(client, part)):
            edit[part] = value
    tags = _tags(client.tags, wish, plan, imported)
    if len(tags) > len(client.tags):
        edit["tags"] = tags
    for kind in _HELD:
        value = wish.values.get(kind)
        if value is not None and not (fills and client.shown(kind)):
            edit[kind] = value
    address = _address(client.address, wish, fills=fills)
    if address is not None:
        edit["address"] = address
    if wish.fields:
        edit["fields"] = {**wish.fields, **client.fields} if fills else wish.fields
    return edited(client, edit, Saying(imported.import_id, "import", imported.now)) if edit else client


def _address(before: Address | None, wish: Wish, *, fills: bool) -> Address | None:
    """Return the address with what the file says of it; None where that is nothing."""
    given = {name: wish.values[name] for name in ADDRESS if name in wish.values}
    if fills and before is not None:
        given = {name: value for name, value in given.items() if not getattr(before, name)}
    if not given:
        return None
    return replace(before or Address(), **given)

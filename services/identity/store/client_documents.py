"""Between a client and its document. What is empty is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo import UpdateMany, UpdateOne

from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.facets import facets_of
from services.identity.domain.labels import FIELDS, LabelKind, held, label_facet
from services.identity.domain.profile import (
    Address,
    Application,
    Device,
    Location,
    PushToken,
    Refusal,
    Subscription,
)
from shared.storage.mongo import Document


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any field's value
    return value


def _whole(value: Any) -> Document:  # noqa: ANN401 - any dataclass
    return asdict(value)


def _each(values: tuple[Any, ...]) -> list[Document]:
    return [asdict(value) for value in values]


_LEFT_OUT: Mapping[str, Callable[[Any], Any]] = {
    "language": _as_it_is,
    "time_zone": _as_it_is,
    "address": _whole,
    "location": _whole,
    "groups": list,
    "segments": list,
    "fields": dict,
    "subscriptions": _each,
    "applications": _each,
    "push_tokens": _each,
    "refusals": _each,
    "imported_by": _as_it_is,
    "chosen": list,
}
"""Where they are empty: most people have none of it; and how they are written."""


def client_to(client: Client) -> Document:
    """Write a client. `ids` and `facets` follow from the rest: indexes walk them.

    Field by field: `asdict` copies all that it meets, which took a third of an import (`kith bench import`).
    """
    found: dict[str, Any] = {
        "_id": client.id,
        "workspace_id": client.workspace_id,
        "name": client.name,
        "created_at": client.created_at,
        "changed_at": client.changed_at,
        "rev": client.rev,
        "surname": client.surname,
        "contact_key": client.contact_key,
        "origin": client.origin,
        "tags": list(client.tags),
        "registered": client.registered,
        "chat_contact_ids": list(client.chat_contact_ids),
        "holdings": [
            {"kind": h.kind, "value": h.value, "strength": h.strength, "at": h.at, "event_id": h.event_id}
            for h in client.holdings
        ],
        "taken": _each(client.taken),
        "ids": list(client.ids),
        "facets": facets_of(client),
    }
    for name, write in _LEFT_OUT.items():
        value = getattr(client, name)
        if value:
            found[name] = write(value)
    return found


def client_from(found: Document) -> Client:
    """Read a client back."""
    address, location = found.get("address"), found.get("location")
    return Client(
        id=found["_id"],
        workspace_id=found["workspace_id"],
        name=found["name"],
        created_at=found["created_at"],
        changed_at=found["changed_at"],
        rev=found["rev"],
        surname=found["surname"],
        contact_key=found["contact_key"],
        origin=found["origin"],
        tags=tuple(found["tags"]),
        registered=found["registered"],
        chat_contact_ids=tuple(found["chat_contact_ids"]),
        holdings=tuple(Holding(**item) for item in found["holdings"]),
        taken=tuple(Taken(**item) for item in found["taken"]),
        language=found.get("language"),
        time_zone=found.get("time_zone"),
        address=Address(**address) if address else None,
        location=Location(**location) if location else None,
        groups=tuple(found.get("groups", ())),
        segments=tuple(found.get("segments", ())),
        fields={key: _field_from(value) for key, value in found.get("fields", {}).items()},
        subscriptions=tuple(Subscription(**item) for item in found.get("subscriptions", ())),
        applications=tuple(_application_from(item) for item in found.get("applications", ())),
        push_tokens=tuple(PushToken(**item) for item in found.get("push_tokens", ())),
        refusals=tuple(Refusal(**item) for item in found.get("refusals", ())),
        imported_by=found.get("imported_by"),
        chosen=tuple(found.get("chosen", ())),
    )


def relabellings(kind: LabelKind, pairs: Sequence[tuple[Client, Client]]) -> list[UpdateOne | UpdateMany]:
    """Return the updates that make clients into others, who differ by labels of one kind.

    `facets` stays sorted. Only what comes or goes is sent, and once for all to whom the same is done: bulk work does
    this to a hundred thousand.
    """
    field, alike = FIELDS[kind], dict[tuple[tuple[str, ...], tuple[str, ...], int, datetime], list[str]]()
    updates: list[UpdateOne | UpdateMany] = []
    for before, after in pairs:
        here, there = held(before, kind), held(after, kind)
        come, go = tuple(one for one in there if one not in here), tuple(one for one in here if one not in there)
        if bool(come) == bool(go):
            fields = {field: list(there), "facets": facets_of(after), "rev": after.rev, "changed_at": after.changed_at}
            updates.append(UpdateOne({"_id": before.id}, {"$set": fields}))
        else:
            alike.setdefault((come, go, after.rev - before.rev, after.changed_at), []).append(before.id)
    for (come, go, revs, changed_at), ids in alike.items():
        facets = [label_facet(kind, one) for one in come or go]
        change: Document = (
            {"$push": {field: {"$each": list(come)}, "facets": {"$each": facets, "$sort": 1}}}
            if come
            else {"$pull": {field: {"$in": list(go)}, "facets": {"$in": facets}}}
        )
        change |= {"$inc": {"rev": revs}, "$set": {"changed_at": changed_at}}
        updates.append(UpdateMany({"_id": {"$in": ids}}, change))
    return updates


def _field_from(value: Any) -> Any:  # noqa: ANN401 - of whichever type the field has
    return tuple(value) if isinstance(value, list) else value


def _application_from(found: Document) -> Application:
    return Application(found["id"], found["name"], tuple(Device(**item) for item in found["devices"]))

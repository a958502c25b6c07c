"""Between a client and its document. What is empty is left out."""

from dataclasses import asdict
from typing import Any

from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.facets import facets_of
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

_LEFT_OUT = (
    "language",
    "time_zone",
    "address",
    "location",
    "groups",
    "segments",
    "fields",
    "subscriptions",
    "applications",
    "push_tokens",
    "refusals",
    "imported_by",
    "chosen",
)
"""Where they are empty: most people have none of it."""


def client_to(client: Client) -> Document:
    """Write a client. `ids` and `facets` follow from the rest: indexes walk them."""
    found: dict[str, Any] = asdict(client)
    found["_id"] = found.pop("id")
    for name in _LEFT_OUT:
        if not found[name]:
            del found[name]
    found["ids"] = list(client.ids)
    found["facets"] = facets_of(client)
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


def _field_from(value: Any) -> Any:  # noqa: ANN401 - of whichever type the field has
    return tuple(value) if isinstance(value, list) else value


def _application_from(found: Document) -> Application:
    return Application(found["id"], found["name"], tuple(Device(**item) for item in found["devices"]))

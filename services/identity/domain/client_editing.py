"""What the business says of a client: by hand, through the API, or in an import. All of it is stated evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import Kind
from services.identity.domain.profile import Address, FieldValue, Location, ProfileSource, Subscription

ClientPart = Literal[
    "name",
    "surname",
    "contact_key",
    "origin",
    "email",
    "phone",
    "language",
    "time_zone",
    "address",
    "location",
    "tags",
    "groups",
    "segments",
    "fields",
    "subscriptions",
    "applications",
    "push_tokens",
]
ClientEdit = Mapping[ClientPart, Any]
"""What is left out stays. None clears. Lists are whole; `fields` and `subscriptions` name only what changes.

An email is in lower case, a phone in E.164; `address` and `location` come without their source and date; `fields`
has values by the fields' ids, None takes one away; `subscriptions` has yes or no by the categories' ids.
"""
_PLAIN: tuple[ClientPart, ...] = (
    *("name", "surname", "contact_key", "origin", "language", "time_zone"),
    *("tags", "groups", "segments", "applications", "push_tokens"),
)


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it, and when."""

    id: str
    """Of this edit; it stands in for the event's where a value came with one."""
    source: ProfileSource
    at: datetime


def edited(client: Client, edit: ClientEdit, said: Saying) -> Client:
    """Apply an edit; an equal client comes back where it changes nothing. The rev is the caller's to raise."""
    after = replace(client, **{part: edit[part] for part in _PLAIN if part in edit})
    if "email" in edit:
        after = _stated(after, "email", edit["email"], said)
    if "phone" in edit:
        after = _stated(after, "phone", edit["phone"], said)
    if "address" in edit:
        after = replace(after, address=_placed(client.address, edit["address"], said))
    if "location" in edit:
        after = replace(after, location=_placed(client.location, edit["location"], said))
    if "fields" in edit:
        after = replace(after, fields=_filled(client.fields, edit["fields"]))
    if "subscriptions" in edit:
        after = replace(after, subscriptions=subscribed(client.subscriptions, edit["subscriptions"], said.at))
    return after


def _stated(client: Client, kind: Kind, value: str | None, said: Saying) -> Client:
    """Make this the one that the profile shows.

    The one shown before is let go of, unless the person proved it: then it stays, still leads to them, and is shown
    among what was given in their chats. Cleared, all are let go of: the channel may vouch for one anew.
    """
    shown = client.shown(kind)
    if (shown.value if shown else None) == value:
        return client
    others = tuple(h for h in client.holdings if h.kind != kind)
    chosen = tuple(id_ for id_ in client.chosen if not id_.startswith(f"{kind}:"))
    if value is None:
        return replace(client, holdings=others, chosen=chosen)
    there = client.holds(kind, value)
    if there is None or there.strength == "claimed":
        there = Holding(kind, value, "stated", said.at, said.id)
    kept = tuple(
        h
        for h in client.holdings
        if h.kind == kind and h.value != value and (h is not shown or h.strength == "verified")
    )
    return replace(client, holdings=(*others, *kept, there), chosen=(*chosen, there.id))


def _placed(before: Address | Location | None, given: Address | Location | None, said: Saying) -> Any:  # noqa: ANN401
    """Give a place its source and date; one that says the same keeps what it had."""
    if given is None:
        return None
    if before is not None and replace(given, source=before.source, at=before.at) == before:
        return before
    return replace(given, source=said.source, at=said.at)


def _filled(before: Mapping[str, FieldValue], given: Mapping[str, FieldValue | None]) -> dict[str, FieldValue]:
    merged = {**before, **given}
    return {id_: value for id_, value in merged.items() if value is not None}


def subscribed(before: tuple[Subscription, ...], given: Mapping[str, bool], at: datetime) -> tuple[Subscription, ...]:
    """Keep what was chosen of each category, and since when: a choice made again keeps its date."""
    found = {one.category_id: one for one in before}
    for category_id, wanted in given.items():
        here = found.get(category_id)
        if here is None or here.subscribed != wanted:
            found[category_id] = Subscription(category_id, wanted, at)
    return tuple(found.values())

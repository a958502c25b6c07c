"""Two clients merged by a person, who sees before which value wins, and may choose (docs/decisions/0117)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.identity.domain.client import Client
from services.identity.domain.evidence import site_of
from services.identity.domain.merging import Merge, merge
from services.identity.domain.people import Evidence, Kind, Link

Side = Literal["survivor", "other"]
Choices = Mapping[str, Side]
"""By the field's name; an additional field is `fields.<its id>`. What is left out is as the merge decides."""
Warned = Literal["two_external_ids", "two_contact_keys", "both_verified", "kept_apart"]

SINGLE = ("name", "surname", "email", "phone", "contact_key", "source", "language", "time_zone", "address", "location")
_ATTRIBUTES = {"source": "origin"}
FIELDS = "fields."


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two clients, and what is left of it."""

    field: str
    survivor: object
    other: object
    after: object

    @property
    def differs(self) -> bool:
        """Whether there is something to choose between."""
        return self.survivor is not None and self.other is not None and self.survivor != self.other


def may_choose(survivor: Client, other: Client) -> frozenset[str]:
    """Return the fields that a choice can be made of."""
    return frozenset((*SINGLE, *(f"{FIELDS}{id_}" for id_ in {**survivor.fields, **other.fields})))


def merged_by_hand(
    survivor: Client,
    other: Client,
    choices: Choices,
    now: datetime,
    *,
    id_: str,
    by: str,
    evidence: Evidence | None,
    links: Mapping[str, Link | None],
) -> Merge:
    """Merge `other` into `survivor`. A choice overrules what a merge would decide; nothing that forbids is chosen."""
    made = merge(survivor, other, evidence, now, links=links)
    after = made.after
    for name, side in choices.items():
        after = _chosen(after, name, survivor if side == "survivor" else other)
    return replace(made, after=after.changed(now), id=id_, by=by)


def _chosen(after: Client, name: str, source: Client) -> Client:
    if name in ("email", "phone"):
        kind: Kind = "email" if name == "email" else "phone"
        shown = source.shown(kind)
        if shown is None:
            return after
        return replace(after, chosen=(*(one for one in after.chosen if not one.startswith(f"{kind}:")), shown.id))
    if name.startswith(FIELDS):
        id_ = name.removeprefix(FIELDS)
        fields = {key: value for key, value in after.fields.items() if key != id_}
        return replace(after, fields={**fields, id_: source.fields[id_]} if id_ in source.fields else fields)
    attribute = _ATTRIBUTES.get(name, name)
    return replace(after, **{attribute: getattr(source, attribute)})


def compared(survivor: Client, other: Client, after: Client) -> list[Row]:
    """Return field by field what both have and what is left, where either has anything."""
    rows = [Row(name, *(_value(client, name) for client in (survivor, other, after))) for name in SINGLE]
    rows += [
        Row(f"{FIELDS}{id_}", *(client.fields.get(id_) for client in (survivor, other, after)))
        for id_ in dict.fromkeys((*survivor.fields, *other.fields))
    ]
    return [row for row in rows if row.survivor is not None or row.other is not None]


def _value(client: Client, name: str) -> object:
    if name in ("email", "phone"):
        shown = client.shown("email" if name == "email" else "phone")
        return shown.value if shown else None
    return getattr(client, _ATTRIBUTES.get(name, name)) or None


def warnings(survivor: Client, other: Client, *, apart: bool) -> list[Warned]:
    """Return what speaks against their being one person: nothing merges them by itself, a person may all the same."""
    found: list[Warned] = []
    sites = [{h.value for h in client.holdings if h.kind == "site"} for client in (survivor, other)]
    if any(site_of(one) == site_of(two) and one != two for one in sites[0] for two in sites[1]):
        found.append("two_external_ids")
    if survivor.contact_key and other.contact_key and survivor.contact_key != other.contact_key:
        found.append("two_contact_keys")
    if survivor.is_verified and other.is_verified and "two_external_ids" not in found:
        found.append("both_verified")
    if apart:
        found.append("kept_apart")
    return found

"""Two clients turn out to be one person. What is absorbed stays whole in the record, so that it can be undone."""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import RANK, Evidence, Link
from services.identity.domain.profile import Application, Subscription

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Merge:
    """The record of a merge: both as they were, and the survivor as the merge left it."""

    evidence: Evidence | None
    """What showed that they are one; None where a person said so."""
    absorbed: Client
    before: Client
    """The survivor, before."""
    after: Client
    at: datetime
    id: str = ""
    by: str | None = None
    """The user who merged them; None where evidence did."""
    links: Mapping[str, Link | None] = field(default_factory=dict[str, Link | None])
    """Why each chat contact of the absorbed client belonged to it, before."""

    @property
    def survivor_id(self) -> str:
        return self.before.id


def merge(
    survivor: Client,
    absorbed: Client,
    evidence: Evidence | None,
    now: datetime,
    *,
    links: Mapping[str, Link | None] | None = None,
) -> Merge:
    """Merge one client into another. The survivor's own fields stand; what it lacks it takes over."""
    after = _both(survivor, absorbed)
    id_ = merge_id_of(survivor.workspace_id, evidence.event_id) if evidence is not None else ""
    return Merge(evidence, absorbed, survivor, after, now, id=id_, links=links or {})


def merge_id_of(workspace_id: str, event_id: str) -> str:
    """Return the id of a merge that an event led to: fit for an address, and the same every time."""
    digest = hashlib.blake2b(f"{workspace_id}/{event_id}".encode(), digest_size=12)
    return f"mg_{digest.hexdigest()}"


def _both(survivor: Client, absorbed: Client) -> Client:
    return replace(
        survivor,
        name=survivor.name or absorbed.name,
        surname=survivor.surname or absorbed.surname,
        contact_key=survivor.contact_key or absorbed.contact_key,
        origin=survivor.origin or absorbed.origin,
        tags=tuple(dict.fromkeys((*survivor.tags, *absorbed.tags))),
        registered=survivor.registered or absorbed.registered,
        chat_contact_ids=tuple(dict.fromkeys((*survivor.chat_contact_ids, *absorbed.chat_contact_ids))),
        holdings=_together(survivor.holdings, absorbed.holdings),
        taken=(*survivor.taken, *absorbed.taken),
        language=survivor.language or absorbed.language,
        time_zone=survivor.time_zone or absorbed.time_zone,
        address=survivor.address or absorbed.address,
        location=survivor.location or absorbed.location,
        groups=tuple(dict.fromkeys((*survivor.groups, *absorbed.groups))),
        segments=tuple(dict.fromkeys((*survivor.segments, *absorbed.segments))),
        fields={**absorbed.fields, **survivor.fields},
        subscriptions=_stricter(survivor.subscriptions, absorbed.subscriptions),
        applications=_applications(survivor.applications, absorbed.applications),
        push_tokens=_first_of(survivor.push_tokens, absorbed.push_tokens, lambda token: (token.kind, token.token)),
        refusals=_first_of(survivor.refusals, absorbed.refusals, lambda one: (one.kind, one.value, one.what)),
        chosen=_chosen(survivor, absorbed),
    )


def _together(ours: tuple[Holding, ...], theirs: tuple[Holding, ...]) -> tuple[Holding, ...]:
    best = {holding.id: holding for holding in ours}
    for holding in theirs:
        here = best.get(holding.id)
        if here is None or RANK[holding.strength] > RANK[here.strength]:
            best[holding.id] = holding
    return tuple(best.values())


def _chosen(survivor: Client, absorbed: Client) -> tuple[str, ...]:
    """Keep what was chosen to be shown; the absorbed client's only of a kind that the survivor had nothing of."""
    had = {holding.kind for holding in survivor.holdings}
    theirs = (h.id for h in absorbed.holdings if h.id in absorbed.chosen and h.kind not in had)
    return (*survivor.chosen, *theirs)


def _first_of(ours: tuple[T, ...], theirs: tuple[T, ...], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Put both together; of two with the same key ours stays."""
    found = {key(one): one for one in ours}
    for one in theirs:
        found.setdefault(key(one), one)
    return tuple(found.values())


def _stricter(ours: tuple[Subscription, ...], theirs: tuple[Subscription, ...]) -> tuple[Subscription, ...]:
    """Put both together; whoever said no on either side, has said no."""
    found = {one.category_id: one for one in ours}
    for one in theirs:
        here = found.get(one.category_id)
        if here is None or (here.subscribed and not one.subscribed):
            found[one.category_id] = one
    return tuple(found.values())


def _applications(ours: tuple[Application, ...], theirs: tuple[Application, ...]) -> tuple[Application, ...]:
    found = {one.id: one for one in ours}
    for one in theirs:
        here = found.get(one.id)
        devices = _first_of(here.devices, one.devices, lambda device: device.id) if here else one.devices
        found[one.id] = replace(here or one, devices=devices)
    return tuple(found.values())

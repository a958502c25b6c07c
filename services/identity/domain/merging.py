"""Two clients turn out to be one person. What is absorbed stays whole in the record, so that it can be undone."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.identity.domain.people import RANK, Client, Evidence, Holding


@dataclass(frozen=True, slots=True)
class Merge:
    """The record of a merge: both as they were, and the survivor as the merge left it."""

    evidence: Evidence
    """What showed that they are one."""
    absorbed: Client
    before: Client
    """The survivor, before."""
    after: Client
    at: datetime

    @property
    def survivor_id(self) -> str:
        return self.before.id


def merge(survivor: Client, absorbed: Client, evidence: Evidence, now: datetime) -> Merge:
    """Merge one client into another. The survivor's own fields stand; what it lacks it takes over."""
    after = replace(
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
    )
    return Merge(evidence, absorbed, survivor, after, now)


def _together(ours: tuple[Holding, ...], theirs: tuple[Holding, ...]) -> tuple[Holding, ...]:
    best = {holding.id: holding for holding in ours}
    for holding in theirs:
        here = best.get(holding.id)
        if here is None or RANK[holding.strength] > RANK[here.strength]:
            best[holding.id] = holding
    return tuple(best.values())

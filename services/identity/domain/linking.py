"""Whose client a chat contact is: evidence in, links, values, a merge or a suggestion out (docs/decisions/0021)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.decisions import Apart, Decision, Doubt, Reason
from services.identity.domain.evidence import how_well, link_by, site_of, with_evidence
from services.identity.domain.merging import Merge, merge
from services.identity.domain.people import RANK, ChatContact, Evidence, Link


def decide(
    chat: ChatContact,
    given: Sequence[Evidence],
    clients: Iterable[Client],
    siblings: Iterable[ChatContact],
    new_client_id: str,
    now: datetime,
    apart: Apart = frozenset(),
) -> Decision:
    """Decide what evidence means.

    `clients` holds the chat contact's own client and every client that holds one of the values, however well;
    `siblings` the other chat contacts of its own client, which move along should that be absorbed. `apart` are pairs of
    which a person said that they are two: nothing links them, and nothing suggests it.
    """
    case = _Case(chat, clients, siblings, new_client_id, now, apart)
    consider = case.set_apart if case.is_somebody_else(given) else case.consider
    for evidence in sorted(given, key=case.urgency):
        consider(evidence)
    return case.decision()


def welcome(chat: ChatContact, new_client_id: str, now: datetime) -> Decision:
    """Make a client of somebody who wrote, on a connection where the first message does that."""
    if not chat.is_visitor or chat.first_message is None:
        return Decision(chat)
    case = _Case(chat, (), (), new_client_id, now)
    case.join(case.make_client(), Link("first_message", None, None, chat.first_message.at))
    return case.decision()


class _Case:
    """The chat contact and the clients around it, while one event is decided upon."""

    def __init__(
        self,
        chat: ChatContact,
        clients: Iterable[Client],
        siblings: Iterable[ChatContact],
        new_client_id: str,
        now: datetime,
        apart: Apart = frozenset(),
    ) -> None:
        self._before = chat
        self._chat = chat
        self._known: Mapping[str, Client] = {client.id: client for client in clients}
        self._now_are = dict(self._known)
        self._siblings = tuple(siblings)
        self._new_client_id = new_client_id
        self._now = now
        self._apart = apart
        self._merge: Merge | None = None
        self._doubts: list[Doubt] = []

    @property
    def _own(self) -> Client | None:
        return self._now_are.get(self._chat.client_id) if self._chat.client_id else None

    def urgency(self, evidence: Evidence) -> tuple[bool, int]:
        """Evidence that leads to a client comes before evidence that only adds a value; the strongest first."""
        leads = evidence.strength == "verified" and self._target(evidence) is not None
        return not leads, -RANK[evidence.strength]

    def is_somebody_else(self, given: Sequence[Evidence]) -> bool:
        """Tell whether somebody signed in where another person had: two ids of one site are two people."""
        own = self._own
        ids = {h.value for h in own.holdings if h.kind == "site"} if own is not None else set[str]()
        return any(e.kind == "site" and e.value not in ids and site_of(e.value) in map(site_of, ids) for e in given)

    def set_apart(self, evidence: Evidence) -> None:
        """Keep evidence of another person on the chat contact alone: a user decides whose chat it is."""
        self._chat = replace(self._chat, registered=True, evidence=with_evidence(self._chat.evidence, evidence))
        target = self._target(evidence)
        if target is not None and target.id != self._chat.client_id:
            self._doubt(evidence, target, "both_verified")

    def consider(self, evidence: Evidence) -> None:
        self._chat = replace(self._chat, registered=True, evidence=with_evidence(self._chat.evidence, evidence))
        if evidence.strength == "verified":
            self._verified(evidence)
        else:
            self._said(evidence)

    def _verified(self, evidence: Evidence) -> None:
        target, own = self._target(evidence), self._own
        if target is not None and own is not None and target.id != own.id:
            if _may_merge(own, target) and frozenset((own.id, target.id)) not in self._apart:
                self._absorb(own, target, evidence)
            elif how_well(target, evidence) == "verified":
                self._doubt(evidence, target, "both_verified")
                return
            else:
                self._doubt(evidence, target, "held_by_another")
            target = self._own
        client = target or own or self.make_client()
        for other in self._holders(evidence, besides=client):
            if how_well(other, evidence) == "claimed":
                self._take_from(other, evidence, client)
                self._doubt(evidence, other, "claimed_before")
            else:
                self._doubt(evidence, other, "several_hold_it")
        self._give(client, evidence)

    def _said(self, evidence: Evidence) -> None:
        """Take in a claim: it makes a client, shows on it where nobody else has the value, never links or merges."""
        client = self._own or self.make_client()
        others = self._holders(evidence, besides=client)
        for other in others:
            self._doubt(evidence, other, "held_by_another")
        if others:
            self.join(client, link_by(evidence))
        else:
            self._give(client, evidence)

    def _target(self, evidence: Evidence) -> Client | None:
        """Return the client that verified evidence leads to: who has verified it, or alone was said to have it."""
        holders = self._holders(evidence)
        verified = [client for client in holders if how_well(client, evidence) == "verified"]
        stated = [client for client in holders if how_well(client, evidence) == "stated"]
        return verified[0] if verified else stated[0] if len(stated) == 1 else None

    def _holders(self, evidence: Evidence, besides: Client | None = None) -> list[Client]:
        found = [c for c in self._now_are.values() if how_well(c, evidence) and (besides is None or c.id != besides.id)]
        return sorted(found, key=lambda client: client.id)

    def make_client(self) -> Client:
        chat = self._chat
        name = chat.name or (f"@{chat.username}" if chat.username else chat.contact_id)
        return Client(
            id=self._new_client_id,
            workspace_id=chat.workspace_id,
            name=name,
            created_at=self._now,
            changed_at=self._now,
            origin=chat.channel,
        )

    def join(self, client: Client, link: Link) -> None:
        """Make the chat contact this client's. The link keeps its best reason."""
        ids = client.chat_contact_ids
        if self._chat.id not in ids:
            ids = (*ids, self._chat.id)
        self._now_are[client.id] = replace(
            client, chat_contact_ids=ids, registered=client.registered or self._chat.registered
        )
        here = self._chat.link if self._chat.client_id == client.id else None
        if here is None or RANK[link.strength] > RANK[here.strength]:
            self._chat = replace(self._chat, client_id=client.id, link=link)

    def _give(self, client: Client, evidence: Evidence) -> None:
        there = client.holds(evidence.kind, evidence.value)
        if there is None or RANK[evidence.strength] > RANK[there.strength]:
            holding = Holding(evidence.kind, evidence.value, evidence.strength, evidence.at, evidence.event_id)
            kept = tuple(h for h in client.holdings if h is not there)
            client = replace(client, holdings=(*kept, holding))
        self.join(client, link_by(evidence))

    def _take_from(self, other: Client, evidence: Evidence, by: Client) -> None:
        kept = tuple(h for h in other.holdings if (h.kind, h.value) != (evidence.kind, evidence.value))
        taken = Taken(evidence.kind, evidence.value, by.id, evidence.at, evidence.event_id)
        self._now_are[other.id] = replace(other, holdings=kept, taken=(*other.taken, taken))

    def _absorb(self, own: Client, target: Client, evidence: Evidence) -> None:
        links = {self._chat.id: self._before.link, **{one.id: one.link for one in self._siblings}}
        self._merge = merge(target, own, evidence, self._now, links=links)
        del self._now_are[own.id]
        self._now_are[target.id] = self._merge.after
        self._chat = replace(self._chat, client_id=target.id, link=link_by(evidence))

    def _doubt(self, evidence: Evidence, other: Client, reason: Reason) -> None:
        if frozenset((self._chat.client_id or "", other.id)) in self._apart:
            return
        if not any(d.evidence is evidence and d.other_client_id == other.id for d in self._doubts):
            self._doubts.append(Doubt(evidence, other.id, reason))

    def decision(self) -> Decision:
        own = self._own
        if own is not None and self._chat.registered and not own.registered:
            self._now_are[own.id] = replace(own, registered=True)
        changed = [c.changed(self._now) for id_, c in self._now_are.items() if c != self._known.get(id_)]
        changed.sort(key=lambda client: len(client.holdings) - len(self._holdings_before(client.id)))
        linked_anew = self._chat.link is not None and self._chat.link != self._before.link
        merged, moved = self._merge, ()
        if merged is not None:
            survivor = merged.survivor_id
            merged = replace(merged, after=next(client for client in changed if client.id == survivor))
            moved = tuple(replace(s, client_id=survivor).changed(self._now) for s in self._siblings)
        return Decision(
            chat=self._chat if self._chat == self._before else self._chat.changed(self._now),
            clients=tuple(changed),
            merge=merged,
            moved=moved,
            doubts=tuple(self._doubts),
            new_link=self._chat.link if linked_anew else None,
        )

    def _holdings_before(self, client_id: str) -> tuple[Holding, ...]:
        known = self._known.get(client_id)
        return known.holdings if known else ()


def _may_merge(absorbed: Client, survivor: Client) -> bool:
    """Only a client without a verified value of its own is absorbed; two keys of the business's say two people."""
    two_keys = absorbed.contact_key and survivor.contact_key and absorbed.contact_key != survivor.contact_key
    return not absorbed.is_verified and not two_keys

"""Whose client a chat contact is: evidence in, links, values, a merge or a suggestion out (docs/decisions/0021)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.identity.domain.client import Client, Holding, Taken
from services.identity.domain.merging import Merge, merge
from services.identity.domain.people import RANK, ChatContact, Evidence, Link, LinkedBy
from shared.contracts.chat import DetailsProvidedV1, SignedInV1

EVIDENCE_KEPT = 50
"""Of one chat contact, the newest; a value counts once for each strength."""

Reason = Literal["held_by_another", "both_verified", "several_hold_it", "claimed_before"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One value because of which two clients may be the same person."""

    evidence: Evidence
    other_client_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be stored, all in one transaction. Each changed thing has its rev raised by one."""

    chat: ChatContact
    clients: tuple[Client, ...] = ()
    """Those that were made or changed, those that lose a value first."""
    merge: Merge | None = None
    moved: tuple[ChatContact, ...] = ()
    """Other chat contacts of a client that was absorbed."""
    doubts: tuple[Doubt, ...] = ()
    """What waits for a person's judgement, as one suggestion."""
    new_link: Link | None = None


def decide(
    chat: ChatContact,
    given: Sequence[Evidence],
    clients: Iterable[Client],
    siblings: Iterable[ChatContact],
    new_client_id: str,
    now: datetime,
) -> Decision:
    """Decide what evidence means.

    `clients` holds the chat contact's own client and every client that holds one of the values, however well;
    `siblings` the other chat contacts of its own client, which move along should that be absorbed.
    """
    case = _Case(chat, clients, siblings, new_client_id, now)
    consider = case.set_apart if case.is_somebody_else(given) else case.consider
    for evidence in sorted(given, key=case.urgency):
        consider(evidence)
    return case.decision()


def evidence_of(event: DetailsProvidedV1 | SignedInV1) -> list[Evidence]:
    """Return what an event shows of who somebody is."""
    how = "sign_in" if isinstance(event, SignedInV1) else event.how
    given = [Evidence(event.id, d.kind, d.value, d.strength, how, event.time) for d in event.details]
    if isinstance(event, SignedInV1):
        who = f"{event.chat.connection_id}:{event.external_id}"
        given.append(Evidence(event.id, "site", who, "verified", "sign_in", event.time))
    return given


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
    ) -> None:
        self._before = chat
        self._chat = chat
        self._known: Mapping[str, Client] = {client.id: client for client in clients}
        self._now_are = dict(self._known)
        self._siblings = tuple(siblings)
        self._new_client_id = new_client_id
        self._now = now
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
        return any(e.kind == "site" and e.value not in ids and _site(e.value) in map(_site, ids) for e in given)

    def set_apart(self, evidence: Evidence) -> None:
        """Keep evidence of another person on the chat contact alone: a user decides whose chat it is."""
        self._chat = replace(self._chat, registered=True, evidence=_with(self._chat.evidence, evidence))
        target = self._target(evidence)
        if target is not None and target.id != self._chat.client_id:
            self._doubt(evidence, target, "both_verified")

    def consider(self, evidence: Evidence) -> None:
        self._chat = replace(self._chat, registered=True, evidence=_with(self._chat.evidence, evidence))
        if evidence.strength == "verified":
            self._verified(evidence)
        else:
            self._said(evidence)

    def _verified(self, evidence: Evidence) -> None:
        target, own = self._target(evidence), self._own
        if target is not None and own is not None and target.id != own.id:
            if _may_merge(own, target):
                self._absorb(own, target, evidence)
            elif _holds(target, evidence) == "verified":
                self._doubt(evidence, target, "both_verified")
                return
            else:
                self._doubt(evidence, target, "held_by_another")
            target = self._own
        client = target or own or self.make_client()
        for other in self._holders(evidence, besides=client):
            if _holds(other, evidence) == "claimed":
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
            self.join(client, _link(evidence))
        else:
            self._give(client, evidence)

    def _target(self, evidence: Evidence) -> Client | None:
        """Return the client that verified evidence leads to: who has verified it, or alone was said to have it."""
        holders = self._holders(evidence)
        verified = [client for client in holders if _holds(client, evidence) == "verified"]
        stated = [client for client in holders if _holds(client, evidence) == "stated"]
        return verified[0] if verified else stated[0] if len(stated) == 1 else None

    def _holders(self, evidence: Evidence, besides: Client | None = None) -> list[Client]:
        found = [c for c in self._now_are.values() if _holds(c, evidence) and (besides is None or c.id != besides.id)]
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
        self.join(client, _link(evidence))

    def _take_from(self, other: Client, evidence: Evidence, by: Client) -> None:
        kept = tuple(h for h in other.holdings if (h.kind, h.value) != (evidence.kind, evidence.value))
        taken = Taken(evidence.kind, evidence.value, by.id, evidence.at, evidence.event_id)
        self._now_are[other.id] = replace(other, holdings=kept, taken=(*other.taken, taken))

    def _absorb(self, own: Client, target: Client, evidence: Evidence) -> None:
        self._merge = merge(target, own, evidence, self._now)
        del self._now_are[own.id]
        self._now_are[target.id] = self._merge.after
        self._chat = replace(self._chat, client_id=target.id, link=_link(evidence))

    def _doubt(self, evidence: Evidence, other: Client, reason: Reason) -> None:
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


def _holds(client: Client, evidence: Evidence) -> str | None:
    found = client.holds(evidence.kind, evidence.value)
    return found.strength if found else None


def _site(value: str) -> str:
    return value.partition(":")[0]


def _may_merge(absorbed: Client, survivor: Client) -> bool:
    """Only a client without a verified value of its own is absorbed; two keys of the business's say two people."""
    two_keys = absorbed.contact_key and survivor.contact_key and absorbed.contact_key != survivor.contact_key
    return not absorbed.is_verified and not two_keys


def _link(evidence: Evidence) -> Link:
    how: LinkedBy = "sign_in" if evidence.how == "sign_in" or evidence.kind == "site" else evidence.kind
    return Link(how, evidence.strength, evidence.value, evidence.at)


def _with(kept: tuple[Evidence, ...], new: Evidence) -> tuple[Evidence, ...]:
    """Add evidence; given again, the newer one stands for both."""
    same = next((e for e in kept if (e.kind, e.value, e.strength) == (new.kind, new.value, new.strength)), None)
    if same is not None and (same.at, same.event_id) >= (new.at, new.event_id):
        return kept
    found = [e for e in kept if e is not same] + [new]
    return tuple(sorted(found, key=lambda e: (e.at, e.event_id))[-EVIDENCE_KEPT:])

"""Whatever happens in whichever order: merges undone are as if never made, and no "no" is ever lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.identity.domain.client import Client
from services.identity.domain.decisions import Apart
from services.identity.domain.evidence import evidence_of
from services.identity.domain.linking import decide
from services.identity.domain.merging import Merge
from services.identity.domain.merging_by_hand import merged_by_hand
from services.identity.domain.parting import is_old, parted
from services.identity.domain.people import ChatContact
from services.identity.domain.profile import RefusedKind
from services.identity.domain.recognise import recognise
from services.identity.domain.refusing import Said, Subject, Through, let_go, reached, reaching, refused
from services.identity.domain.undoing import Elsewhere, ids_around, undo
from shared.contracts.chat import ChatEvent, DetailsProvidedV1, SignedInV1
from tests.identity.happenings import Chat, after

CHATS = [Chat("ws_1", connection="con_1", contact=str(number), name=f"P{number}") for number in range(4)]
PHONES = [f"+479123456{number}" for number in range(3)]
EMAILS = [f"p{number}@example.com" for number in range(2)]


def hashed(kind: RefusedKind, value: str) -> str:
    return f"{kind}#{value}"


@dataclass
class World:
    """All of identity in memory, by its own pure decisions; time goes on by a second with each step."""

    contacts: dict[str, ChatContact] = field(default_factory=dict[str, ChatContact])
    clients: dict[str, Client] = field(default_factory=dict[str, Client])
    merges: list[Merge] = field(default_factory=list[Merge])
    apart: Apart = frozenset()
    subjects: dict[str, Subject] = field(default_factory=dict[str, Subject])
    ids: "count[int]" = field(default_factory=lambda: count(1))
    seconds: int = 1_000

    def now(self) -> datetime:
        self.seconds += 1
        return after(self.seconds)

    def happened(self, *events: ChatEvent) -> None:
        for event in events:
            found = recognise([event], self.contacts, self.now())
            self.contacts |= found.contacts
            if isinstance(event, DetailsProvidedV1 | SignedInV1):
                self._link(event)

    def _link(self, event: DetailsProvidedV1 | SignedInV1) -> None:
        chat = self.contacts[event.chat_contact_id]
        if is_old(chat, event.time) or any(one.event_id == event.id for one in chat.evidence):
            return
        own = self.clients.get(chat.client_id or "")
        siblings = [self.contacts[id_] for id_ in own.chat_contact_ids if id_ != chat.id] if own else []
        decision = decide(
            chat, evidence_of(event), self.clients.values(), siblings, f"cl_{next(self.ids)}", self.now(), self.apart
        )
        if decision.merge is not None:
            del self.clients[decision.merge.absorbed.id]
            self.merges.append(decision.merge)
        self.clients |= {client.id: client for client in decision.clients}
        self.contacts |= {one.id: one for one in (decision.chat, *decision.moved)}
        self.reach(decision.merge.id if decision.merge else None)

    def merge(self, one: int, two: int) -> None:
        ids = sorted(self.clients)
        if len(ids) < 2 or ids[one % len(ids)] == ids[two % len(ids)]:
            return
        survivor, other = self.clients[ids[one % len(ids)]], self.clients[ids[two % len(ids)]]
        moved = [self.contacts[id_] for id_ in other.chat_contact_ids]
        made = merged_by_hand(
            survivor,
            other,
            {},
            self.now(),
            id_=f"mg_{next(self.ids)}",
            by="usr",
            evidence=None,
            links={chat.id: chat.link for chat in moved},
        )
        del self.clients[other.id]
        self.clients[survivor.id] = made.after
        self.contacts |= {chat.id: replace(chat, client_id=survivor.id).changed(made.at) for chat in moved}
        self.merges.append(made)
        self.reach(made.id)

    def undo(self) -> None:
        """Undo the newest merge whose survivor is there."""
        made = next((one for one in reversed(self.merges) if one.survivor_id in self.clients), None)
        if made is None:
            return
        newest = next(one for one in reversed(self.merges) if one.survivor_id == made.survivor_id)
        survivor = self.clients[newest.survivor_id]
        others = {id_ for client in self.clients.values() if client.id != survivor.id for id_ in client.ids}
        chats = [self.contacts[id_] for id_ in survivor.chat_contact_ids]
        parted_ = undo(newest, survivor, chats, Elsewhere(frozenset(ids_around(newest)) & others), self.now())
        self.clients |= {client.id: client for client in (parted_.survivor, parted_.absorbed)}
        self.contacts |= {chat.id: chat for chat in parted_.chats}
        self.merges.remove(newest)
        self.apart |= {frozenset((newest.survivor_id, newest.absorbed.id))}
        for chat in chats:
            self._release(chat.id, newest.id)
        self.reach(None)

    def _release(self, chat_id: str, merge_id: str) -> None:
        subject = self.subjects.get(chat_id)
        if subject is not None:
            still = {(one.subject_id, one.what) for one in self._reaching(chat_id)}
            self.subjects[chat_id] = let_go(
                subject,
                lambda one: one.merge_id == merge_id and (one.subject_id, one.what) not in still,
                self.now(),
            )

    def refuse(self, kind: RefusedKind, value: str) -> None:
        id_ = hashed(kind, value)
        subject = self.subjects.get(id_) or Subject(id_, "ws_1", kind, self.now(), value=value)
        self.subjects[id_] = refused(subject, Said("blacklisted", "asked", self.now(), "usr"))
        self.reach(None)

    def delete(self, one: int) -> None:
        ids = sorted(self.clients)
        if not ids:
            return
        client = self.clients.pop(ids[one % len(ids)])
        self.merges = [made for made in self.merges if made.survivor_id != client.id]
        self.contacts |= {id_: parted(self.contacts[id_], self.now()) for id_ in client.chat_contact_ids}

    def reach(self, merge_id: str | None) -> None:
        for id_ in self.contacts:
            through = [replace(one, merge_id=merge_id) for one in self._reaching(id_)]
            subject = self.subjects.get(id_) or Subject(id_, "ws_1", "chat_contact", self.now())
            self.subjects[id_] = reached(subject, through, self.now())

    def _reaching(self, chat_id: str) -> list[Through]:
        chat = self.contacts[chat_id]
        return reaching(chat, self.clients.get(chat.client_id or ""), self.subjects, hashed)

    def forbidden(self) -> set[tuple[str, str]]:
        """Return each chat that is refused, with what refuses it by itself or since it was said."""
        return {
            (id_, one.subject_id)
            for id_, subject in self.subjects.items()
            for one in subject.through
            if one.merge_id is None
        }

    def people(self) -> tuple[dict[str, Client], dict[str, ChatContact]]:
        """Return everybody but for revs and when they changed."""
        bare = {"rev": 0, "changed_at": after(0)}
        return (
            {id_: replace(client, created_at=after(0), **bare) for id_, client in self.clients.items()},
            {id_: replace(contact, **bare) for id_, contact in self.contacts.items()},
        )

    def well(self) -> None:
        """Check what always holds."""
        held = [id_ for client in self.clients.values() for id_ in client.ids]
        assert len(held) == len(set(held)), "a value is held alone by one client at most"
        of = {id_: client.id for client in self.clients.values() for id_ in client.chat_contact_ids}
        assert of == {id_: chat.client_id for id_, chat in self.contacts.items() if chat.client_id}
        for client in self.clients.values():
            assert client.registered == any(self.contacts[id_].registered for id_ in client.chat_contact_ids)


def happening(number: int, chat: int, kind: str, value: int) -> ChatEvent:
    """Make the event that a drawn step stands for; the same step makes the same event."""
    who, at = CHATS[chat], float(number)
    match kind:
        case "writes":
            event: ChatEvent = who.writes(f"m{number}", at, message=str(number))
        case "proves":
            event = who.proves(PHONES[value % len(PHONES)], at)
        case "says":
            event = who.gives(phone=PHONES[value % len(PHONES)], at=at)
        case "mails":
            event = who.gives(email=EMAILS[value % len(EMAILS)], at=at)
        case _:
            event = who.blocks(at) if value % 2 else who.unblocks(at)
    return event.model_copy(update={"id": f"con_1/{number:012}"})


KINDS = st.sampled_from(["writes", "proves", "says", "mails", "blocks"])
TOLD = st.lists(st.tuples(st.integers(0, 3), KINDS, st.integers(0, 5)), min_size=1, max_size=12)
DONE = st.sampled_from(["happens", "merge", "undo", "delete", "refuse_phone", "refuse_email"])
STEPS = st.lists(
    st.tuples(DONE, st.integers(0, 3), KINDS, st.integers(0, 5)),
    min_size=1,
    max_size=25,
)
Step = tuple[Literal["happens", "merge", "undo", "delete", "refuse_phone", "refuse_email"], int, str, int]


def events_of(told: Sequence[tuple[int, str, int]]) -> list[ChatEvent]:
    return [happening(number, *one) for number, one in enumerate(told, start=1)]


def do(world: World, step: Step, number: int) -> None:
    what, one, kind, two = step
    match what:
        case "happens":
            world.happened(happening(number, one, kind, two))
        case "merge":
            world.merge(one, two)
        case "undo":
            world.undo()
        case "delete":
            world.delete(one)
        case "refuse_phone":
            world.refuse("phone", PHONES[one % len(PHONES)])
        case "refuse_email":
            world.refuse("email", EMAILS[one % len(EMAILS)])


@settings(max_examples=150, deadline=None)
@given(TOLD, st.data())
def test_events_doubled_and_replayed_in_order_end_in_the_same_people(
    told: list[tuple[int, str, int]], data: st.DataObject
) -> None:
    events = events_of(told)
    once, again = World(), World()
    once.happened(*events)
    for event in events:
        again.happened(*[event] * data.draw(st.integers(1, 3)))
    again.happened(*data.draw(st.permutations(events)))
    assert again.people() == once.people()
    once.well()


@settings(max_examples=150, deadline=None)
@given(TOLD, st.data())
def test_shuffled_events_end_in_the_same_chat_contacts(told: list[tuple[int, str, int]], data: st.DataObject) -> None:
    """Whose they are may depend on who proved a value first, as decided in 0021; what is known of a chat does not."""
    events = events_of(told)
    in_order, shuffled = World(), World()
    in_order.happened(*events)
    shuffled.happened(*data.draw(st.permutations(events)))

    def of_chats(world: World) -> dict[str, object]:
        bare = {"rev": 0, "changed_at": after(0), "client_id": None, "link": None}
        return {id_: replace(contact, **bare) for id_, contact in world.contacts.items()}

    assert of_chats(shuffled) == of_chats(in_order)
    shuffled.well()


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(0, 5), st.integers(0, 5))
def test_a_merge_that_is_undone_is_as_if_it_never_was(steps: list[Step], one: int, two: int) -> None:
    world = World()
    for number, step in enumerate(steps, start=1):
        do(world, step, number)
    before, kept, refusals = world.people(), len(world.merges), world.forbidden()
    world.merge(one, two)
    if len(world.merges) == kept:
        return
    made = world.merges[-1]
    while made in world.merges:
        world.undo()
    assert world.people() == before
    assert world.forbidden() == refusals


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_nothing_that_happens_takes_a_no_away(steps: list[Step]) -> None:
    world = World()
    for number, step in enumerate(steps, start=1):
        before, said = world.forbidden(), {id_ for id_, one in world.subjects.items() if one.said}
        do(world, step, number)
        assert before <= world.forbidden()
        assert said <= {id_ for id_, one in world.subjects.items() if one.said}
        world.well()
        for client in world.clients.values():
            values = {hashed(h.kind, h.value) for h in client.holdings if h.kind != "site"}
            for id_ in client.chat_contact_ids:
                assert not values & said or not world.subjects[id_].proactive


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_who_was_parted_is_never_linked_again_by_evidence(steps: list[Step]) -> None:
    world = World()
    for number, step in enumerate(steps, start=1):
        known = len(world.merges)
        apart = world.apart
        do(world, step, number)
        if step[0] == "happens":
            for made in world.merges[known:]:
                assert frozenset((made.survivor_id, made.absorbed.id)) not in apart

"""Merging by hand and undoing, as pure decisions: which value wins, and what an undo gives back."""

from collections.abc import Iterable
from dataclasses import fields, replace

import pytest

from services.identity.domain.client import Client, Holding
from services.identity.domain.merging import Merge
from services.identity.domain.merging_by_hand import Choices, compared, merged_by_hand, warnings
from services.identity.domain.people import ChatContact, Evidence, Kind, Link
from services.identity.domain.profile import Address, Subscription
from services.identity.domain.undoing import KEYED, LISTED, SINGLE, Elsewhere, Parted, undo
from shared.contracts.chat import Strength
from tests.identity.happenings import after

PHONE, EMAIL = "+4791234567", "ann@example.com"


def a_client(id_: str, *holdings: Holding, **more: object) -> Client:
    made = Client(
        id=id_,
        workspace_id="ws_1",
        name=id_.title(),
        created_at=after(0),
        changed_at=after(0),
        rev=3,
        holdings=holdings,
    )
    return replace(made, **more)


def held(kind: Kind, value: str, strength: Strength = "stated", by: str = "before") -> Holding:
    return Holding(kind, value, strength, after(0), by)


def a_chat(id_: str, owner: str, *evidence: Evidence, link: Link | None = None) -> ChatContact:
    return ChatContact(
        id=id_,
        workspace_id="ws_1",
        channel="telegram",
        connection_id="con_1",
        contact_id=id_,
        created_at=after(0),
        changed_at=after(0),
        rev=2,
        client_id=owner,
        registered=True,
        evidence=evidence,
        link=link or Link("first_message", None, None, after(0)),
    )


def shown_evidence(event: str, kind: Kind, value: str, strength: Strength = "verified") -> Evidence:
    return Evidence(event, kind, value, strength, "own_card", after(5))


def merged(survivor: Client, other: Client, choices: Choices | None = None, chats: Iterable[ChatContact] = ()) -> Merge:
    return merged_by_hand(
        survivor,
        other,
        choices or {},
        after(10),
        id_="mg_1",
        by="usr_1",
        evidence=None,
        links={chat.id: chat.link for chat in chats},
    )


def undone(
    merge: Merge, now_is: Client | None = None, chats: Iterable[ChatContact] = (), elsewhere: Elsewhere | None = None
) -> Parted:
    return undo(merge, now_is or merge.after, list(chats), elsewhere or Elsewhere(), after(20))


def alike(one: Client, two: Client) -> bool:
    return replace(one, rev=0, changed_at=after(0)) == replace(two, rev=0, changed_at=after(0))


ANN = a_client("ann", held("email", EMAIL, "verified"), surname="Berg", tags=("a", "b"), fields={"f1": "x"})
BOB = a_client(
    "bob",
    held("phone", PHONE, "claimed"),
    held("email", "bob@example.com"),
    surname="Holm",
    contact_key="B-1",
    tags=("b", "c"),
    fields={"f1": "y", "f2": 3.0},
    address=Address("NO", None, "Oslo"),
    subscriptions=(Subscription("ct", subscribed=False, at=after(1)),),
)


def test_the_survivors_values_win_unless_a_person_chooses_and_what_it_lacks_it_takes_over() -> None:
    made = merged(ANN, BOB, {"surname": "other", "email": "other", "fields.f1": "other"})
    assert (made.after.name, made.after.surname, made.after.contact_key) == ("Ann", "Holm", "B-1")
    email = made.after.shown("email")
    assert email is not None
    assert email.value == "bob@example.com"
    assert made.after.holds("email", EMAIL), "the other one is kept: it still leads to them"
    assert made.after.fields == {"f1": "y", "f2": 3.0}
    rows = {row.field: row for row in compared(ANN, BOB, made.after)}
    assert rows["surname"].differs
    assert (rows["email"].survivor, rows["email"].other, rows["email"].after) == (
        EMAIL,
        "bob@example.com",
        "bob@example.com",
    )
    assert not rows["phone"].differs
    assert not rows["address"].differs


@pytest.mark.parametrize("choices", [{}, {"surname": "other", "email": "other", "fields.f1": "other", "name": "other"}])
def test_undone_with_nothing_in_between_both_are_exactly_who_they_were(choices: Choices) -> None:
    for survivor, other in ((ANN, BOB), (BOB, ANN)):
        parted = undone(merged(survivor, other, choices))
        assert alike(parted.survivor, survivor)
        assert alike(parted.absorbed, other)
        assert parted.survivor.rev == survivor.rev + 2
        assert parted.absorbed.rev == other.rev + 1


def test_later_edits_stay_with_the_survivor() -> None:
    made = merged(ANN, BOB)
    now_is = replace(
        made.after,
        surname="Changed",
        tags=("a", "c", "new"),  # b was taken off
        fields={"f1": "x", "f2": 4.0},
        holdings=(*made.after.holdings, held("phone", "+4799999999", "stated", "an-edit")),
    )
    parted = undone(made, now_is)
    assert parted.survivor.surname == "Changed"
    assert parted.survivor.tags == ("a", "new")
    assert parted.survivor.fields == {"f1": "x", "f2": 4.0}
    assert {h.value for h in parted.survivor.holdings} == {EMAIL, "+4799999999"}
    assert alike(parted.absorbed, BOB)


def test_chats_take_back_what_came_through_them() -> None:
    theirs = a_chat("cc_b", "bob", link=Link("phone", "claimed", PHONE, after(1)))
    ours = a_chat("cc_a", "ann")
    ann = replace(ANN, chat_contact_ids=("cc_a",), registered=True)
    bob = replace(BOB, chat_contact_ids=("cc_b",), registered=True)
    made = merged(ann, bob, chats=[theirs])
    proof = shown_evidence("e1", "phone", PHONE)
    news = shown_evidence("e2", "email", "new@example.com", "claimed")
    now_is = replace(
        made.after,
        holdings=(
            held("email", EMAIL, "verified"),
            held("email", "bob@example.com"),
            held("phone", PHONE, "verified", "e1"),
            held("email", "new@example.com", "claimed", "e2"),
        ),
        chat_contact_ids=("cc_a", "cc_b", "cc_late"),
    )
    late = a_chat("cc_late", "ann", link=Link("phone", "verified", PHONE, after(8)))
    chats = [
        replace(ours, evidence=(news,)),
        replace(theirs, client_id="ann", evidence=(proof,), link=Link("phone", "verified", PHONE, after(7))),
        late,
    ]
    parted = undone(made, now_is, chats)
    assert parted.absorbed.holds("phone", PHONE) == held("phone", PHONE, "verified", "e1")
    assert parted.survivor.holds("phone", PHONE) is None
    assert parted.survivor.holds("email", "new@example.com") is not None
    assert parted.absorbed.chat_contact_ids == ("cc_b", "cc_late"), "who came by their phone goes with them"
    assert parted.survivor.chat_contact_ids == ("cc_a",)
    moved = {chat.id: chat for chat in parted.chats}
    assert {chat.client_id for chat in moved.values()} == {"bob"}
    assert moved["cc_b"].link == theirs.link
    assert moved["cc_b"].rev == theirs.rev + 1


def test_what_somebody_else_holds_by_now_does_not_come_back() -> None:
    made = merged(ANN, BOB)
    now_is = replace(made.after, holdings=tuple(h for h in made.after.holdings if h.value != PHONE))
    parted = undone(made, now_is, elsewhere=Elsewhere(frozenset({f"phone:{PHONE}"}), frozenset({"B-1"})))
    assert parted.absorbed.holds("phone", PHONE) is None
    assert parted.absorbed.contact_key is None
    assert undone(made, now_is).absorbed.holds("phone", PHONE) is not None


def test_who_unsubscribed_while_they_were_one_has_unsubscribed_as_both() -> None:
    yes = Subscription("ct", subscribed=True, at=after(1))
    made = merged(replace(ANN, subscriptions=(yes,)), replace(BOB, subscriptions=(yes,)))
    no = Subscription("ct", subscribed=False, at=after(12))
    parted = undone(made, replace(made.after, subscriptions=(no,)))
    assert parted.survivor.subscriptions == parted.absorbed.subscriptions == (no,)


def test_what_speaks_against_it_is_said() -> None:
    site = [replace(ANN, holdings=(held("site", f"con_1:{id_}", "verified"),)) for id_ in ("7", "8")]
    assert warnings(*site, apart=False) == ["two_external_ids"]
    assert warnings(replace(ANN, contact_key="A-1"), BOB, apart=True) == ["two_contact_keys", "kept_apart"]
    proved = replace(BOB, holdings=(held("phone", PHONE, "verified"),))
    assert warnings(ANN, proved, apart=False) == ["both_verified"]
    assert warnings(ANN, BOB, apart=False) == []


def test_undo_knows_every_field() -> None:
    """A field that is added to clients without a word in `undoing.py` would stay with the survivor."""
    kept = {"id", "workspace_id", "created_at", "changed_at", "rev", "imported_by"}
    parted = {"holdings", "taken", "chat_contact_ids", "registered", "refusals"}
    known = {*SINGLE, *LISTED, *KEYED}
    assert {field.name for field in fields(Client)} == kept | parted | known

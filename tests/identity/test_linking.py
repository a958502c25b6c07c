"""Evidence in, links out (design: verified links, a claim never does)."""

from collections.abc import Iterable
from dataclasses import replace

from services.identity.domain.client import Client, Holding
from services.identity.domain.decisions import Decision
from services.identity.domain.evidence import evidence_of
from services.identity.domain.linking import decide, welcome
from services.identity.domain.people import ChatContact, Kind
from services.identity.domain.recognise import fold
from shared.contracts.chat import DetailsProvidedV1, SignedInV1, Strength
from tests.identity.happenings import Chat, after

PHONE, EMAIL = "+4791234567", "ann@example.com"


def a_client(
    id_: str, *holdings: tuple[Kind, str, Strength], chats: Iterable[str] = (), key: str | None = None
) -> Client:
    return Client(
        id=id_,
        workspace_id="ws_1",
        name=id_.title(),
        created_at=after(0),
        changed_at=after(0),
        rev=3,
        contact_key=key,
        chat_contact_ids=tuple(chats),
        holdings=tuple(Holding(kind, value, strength, after(0), "before") for kind, value, strength in holdings),
    )


def a_visitor(chat: Chat, *events: DetailsProvidedV1) -> ChatContact:
    contact = fold(None, chat.writes("hi"))
    assert contact is not None
    for event in events:
        contact = fold(contact, event) or contact
    return contact.changed(after(0))


def judged(
    contact: ChatContact, event: DetailsProvidedV1 | SignedInV1, *clients: Client, siblings: Iterable[ChatContact] = ()
) -> Decision:
    return decide(contact, evidence_of(event), clients, siblings, "cl_new", after(100))


def by_id(decision: Decision) -> dict[str, Client]:
    return {client.id: client for client in decision.clients}


def test_a_phone_makes_a_registered_client_of_a_visitor() -> None:
    chat = Chat(name="Ann Example")
    decision = judged(a_visitor(chat), chat.proves(PHONE))
    (client,) = decision.clients
    assert (client.id, client.name, client.origin, client.registered, client.rev) == (
        "cl_new",
        "Ann Example",
        "telegram",
        True,
        1,
    )
    assert client.ids == (f"phone:{PHONE}",)
    assert decision.chat.client_id == "cl_new"
    assert decision.chat.registered
    assert decision.chat.link is not None
    assert (decision.chat.link.how, decision.chat.link.strength, decision.chat.link.value) == (
        "phone",
        "verified",
        PHONE,
    )
    assert decision.new_link == decision.chat.link


def test_the_same_event_again_changes_nothing() -> None:
    chat = Chat()
    event = chat.proves(PHONE)
    first = judged(a_visitor(chat), event)
    again = judged(first.chat, event, *first.clients)
    assert (again.clients, again.doubts, again.merge, again.new_link) == ((), (), None, None)
    assert again.chat == first.chat


def test_verified_links_to_who_has_verified_it() -> None:
    chat = Chat()
    bob = a_client("bob", ("phone", PHONE, "verified"), chats=["cc_other"])
    decision = judged(a_visitor(chat), chat.proves(PHONE), bob)
    assert decision.chat.client_id == "bob"
    assert by_id(decision)["bob"].chat_contact_ids == ("cc_other", decision.chat.id)
    assert by_id(decision)["bob"].rev == bob.rev + 1, "a link must meet a merge that ends the client"
    assert not decision.doubts


def test_verified_links_to_the_only_one_who_was_said_to_have_it() -> None:
    chat = Chat()
    bob = a_client("bob", ("phone", PHONE, "stated"))
    decision = judged(a_visitor(chat), chat.proves(PHONE), bob)
    assert decision.chat.client_id == "bob"
    assert by_id(decision)["bob"].is_verified


def test_where_several_were_said_to_have_it_the_visitor_becomes_somebody_new_and_a_person_decides() -> None:
    chat = Chat()
    holders = [a_client(name, ("phone", PHONE, "stated")) for name in ("bob", "eve")]
    decision = judged(a_visitor(chat), chat.proves(PHONE), *holders)
    assert [client.id for client in decision.clients] == ["cl_new"]
    assert [(doubt.other_client_id, doubt.reason) for doubt in decision.doubts] == [
        ("bob", "several_hold_it"),
        ("eve", "several_hold_it"),
    ]


def test_verified_takes_a_value_from_who_merely_claimed_it() -> None:
    chat = Chat()
    eve = a_client("eve", ("phone", PHONE, "claimed"), ("email", EMAIL, "claimed"))
    decision = judged(a_visitor(chat), chat.proves(PHONE), eve)
    loser, winner = decision.clients
    assert loser.id == "eve", "who lets go of a value is written first: one index holds both"
    assert (loser.ids, winner.ids) == ((f"email:{EMAIL}",), (f"phone:{PHONE}",))
    assert [(taken.value, taken.by) for taken in loser.taken] == [(PHONE, "cl_new")]
    assert [(doubt.other_client_id, doubt.reason) for doubt in decision.doubts] == [("eve", "claimed_before")]


def test_a_claim_shows_on_a_client_of_its_own_where_nobody_has_the_value() -> None:
    chat = Chat()
    decision = judged(a_visitor(chat), chat.gives(email=EMAIL))
    (client,) = decision.clients
    shown = client.shown("email")
    assert shown is not None
    assert (shown.value, shown.strength) == (EMAIL, "claimed")
    assert client.registered
    assert not client.is_verified


def test_a_claim_of_what_another_holds_never_links_and_never_shows() -> None:
    for strength in ("verified", "claimed", "stated"):
        chat = Chat()
        bob = a_client("bob", ("phone", PHONE, strength))
        decision = judged(a_visitor(chat), chat.gives(phone=PHONE, how="others_card"), bob)
        (client,) = decision.clients
        assert (client.id, client.holdings, client.registered) == ("cl_new", (), True)
        assert decision.chat.client_id == "cl_new"
        assert [e.value for e in decision.chat.evidence] == [PHONE], "it stays on the chat contact"
        assert [(doubt.other_client_id, doubt.reason) for doubt in decision.doubts] == [("bob", "held_by_another")]


def test_a_claim_does_not_weaken_what_is_verified() -> None:
    chat = Chat()
    first = judged(a_visitor(chat), chat.proves(PHONE))
    decision = judged(first.chat, chat.gives(phone=PHONE, at=5), *first.clients)
    assert not decision.clients
    assert decision.chat.link == first.chat.link


def test_a_second_claim_is_held_beside_the_verified_one_and_does_not_show() -> None:
    chat = Chat()
    first = judged(a_visitor(chat), chat.proves(PHONE))
    (client,) = judged(first.chat, chat.gives(phone="+4790000000", at=5), *first.clients).clients
    shown = client.shown("phone")
    assert shown is not None
    assert shown.value == PHONE
    assert len(client.ids) == 2


def test_who_has_proved_nothing_is_merged_into_who_has() -> None:
    chat, other = Chat(), Chat()
    contact = a_visitor(chat)
    sibling = replace(a_visitor(other), client_id="ann")
    ann = a_client("ann", ("email", EMAIL, "claimed"), chats=[contact.id, sibling.id])
    bob = a_client("bob", ("phone", PHONE, "verified"), chats=["cc_bob"])
    decision = judged(replace(contact, client_id="ann"), chat.proves(PHONE), ann, bob, siblings=[sibling])
    assert decision.merge is not None
    assert (decision.merge.absorbed, decision.merge.before) == (ann, bob)
    (survivor,) = decision.clients
    assert survivor == decision.merge.after
    assert survivor.chat_contact_ids == ("cc_bob", contact.id, sibling.id)
    assert set(survivor.ids) == {f"phone:{PHONE}", f"email:{EMAIL}"}
    assert survivor.rev == bob.rev + 1
    assert [(moved.id, moved.client_id, moved.rev) for moved in decision.moved] == [
        (sibling.id, "bob", sibling.rev + 1)
    ]
    assert decision.chat.client_id == "bob"


def test_two_who_both_have_proved_something_are_never_merged_by_themselves() -> None:
    chat = Chat()
    contact = a_visitor(chat)
    ann = a_client("ann", ("email", EMAIL, "verified"), chats=[contact.id])
    bob = a_client("bob", ("phone", PHONE, "verified"))
    decision = judged(replace(contact, client_id="ann"), chat.proves(PHONE), ann, bob)
    assert decision.merge is None
    assert decision.chat.client_id == "ann"
    assert [(doubt.other_client_id, doubt.reason) for doubt in decision.doubts] == [("bob", "both_verified")]
    assert [(client.id, client.ids, client.registered) for client in decision.clients] == [
        ("ann", (f"email:{EMAIL}",), True)
    ]


def test_two_keys_of_the_business_are_two_people() -> None:
    chat = Chat()
    contact = a_visitor(chat)
    ann = a_client("ann", chats=[contact.id], key="A-1")
    bob = a_client("bob", ("phone", PHONE, "verified"), key="B-2")
    assert judged(replace(contact, client_id="ann"), chat.proves(PHONE), ann, bob).merge is None


def test_an_email_and_a_phone_at_once_find_the_client_by_either() -> None:
    chat = Chat()
    bob = a_client("bob", ("email", EMAIL, "verified"))
    decision = judged(a_visitor(chat), chat.gives(phone=PHONE, email=EMAIL, strength="verified", how="sign_in"), bob)
    (client,) = decision.clients
    assert client.id == "bob"
    assert set(client.ids) == {f"email:{EMAIL}", f"phone:{PHONE}"}
    assert decision.chat.link is not None
    assert decision.chat.link.how == "sign_in"


def test_the_first_message_makes_a_client_that_is_not_registered_until_something_is_given() -> None:
    chat = Chat(name="Ann")
    made = welcome(a_visitor(chat), "cl_first", after(100))
    (client,) = made.clients
    assert (client.name, client.registered, client.ids) == ("Ann", False, ())
    assert made.chat.link is not None
    assert (made.chat.link.how, made.chat.link.strength) == ("first_message", None)

    later = judged(made.chat, chat.gives(email=EMAIL), client)
    assert [c.id for c in later.clients] == ["cl_first"]
    assert later.clients[0].registered
    assert later.chat.link is not None
    assert later.chat.link.how == "email"


def test_who_belongs_to_somebody_is_not_welcomed_again() -> None:
    contact = replace(a_visitor(Chat()), client_id="ann")
    assert welcome(contact, "cl_first", after(100)) == Decision(contact)


def test_somebody_without_a_name_goes_by_what_there_is() -> None:
    chat = Chat(name=None)
    assert judged(a_visitor(chat), chat.proves(PHONE)).clients[0].name == chat.contact


SITE = "con_site"


def test_a_sign_in_links_every_device_to_one_client() -> None:
    first, second = Chat(contact="dv_1", connection=SITE), Chat(contact="dv_2", connection=SITE)
    made = judged(a_visitor(first), first.signs_in("customer-17", email=EMAIL))
    (client,) = made.clients
    assert made.chat.registered
    assert client.ids == (f"email:{EMAIL}", f"site:{SITE}:customer-17")
    assert made.chat.link is not None
    assert made.chat.link.how == "sign_in"

    again = judged(a_visitor(second), second.signs_in("customer-17"), client)
    assert by_id(again)[client.id].chat_contact_ids == (made.chat.id, again.chat.id)


def test_who_signs_in_where_another_person_had_is_nobodys_until_a_user_decides() -> None:
    chat = Chat(contact="dv_1", connection=SITE)
    mine = a_client("cl_1", ("site", f"{SITE}:customer-17", "verified"), chats=[chat.writes("hi").chat_contact_id])
    theirs = a_client("cl_2", ("site", f"{SITE}:customer-18", "verified"))
    contact = replace(a_visitor(chat), client_id="cl_1", registered=True)

    unknown = judged(contact, chat.signs_in("customer-99", email="bob@example.com"), mine)
    assert all(client.holdings == mine.holdings for client in unknown.clients)
    assert {evidence.value for evidence in unknown.chat.evidence} == {"bob@example.com", f"{SITE}:customer-99"}

    known = judged(contact, chat.signs_in("customer-18", phone=PHONE), mine, theirs)
    assert all(client.holdings == mine.holdings for client in known.clients)
    assert known.merge is None
    assert known.chat.client_id == "cl_1"
    assert [doubt.other_client_id for doubt in known.doubts] == ["cl_2"]


def test_a_sign_in_with_a_verified_phone_finds_who_wrote_with_it() -> None:
    chat = Chat(contact="dv_1", connection=SITE)
    whatsapp = a_client("cl_1", ("phone", PHONE, "verified"), chats=["cc_wa"])
    linked = judged(a_visitor(chat), chat.signs_in("customer-17", phone=PHONE), whatsapp)
    assert by_id(linked)["cl_1"].chat_contact_ids == ("cc_wa", linked.chat.id)
    assert not linked.doubts

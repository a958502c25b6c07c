"""From events to people: a pure fold, so that shuffled and doubled deliveries end in the same people."""

import itertools
import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.people import ChatContact
from services.identity.domain.recognise import Recognised, recognise
from shared.contracts.chat import Attachment, ChatEvent, Sender
from tests.identity.happenings import Chat, after


def folded(events: Sequence[ChatEvent], known: ChatContact | None = None) -> ChatContact:
    found = recognise(events, {known.id: known} if known else {}, after(1000))
    (contact,) = found.contacts.values()
    return contact


def in_pieces(events: Sequence[ChatEvent], cuts: set[int]) -> ChatContact:
    """Fold in several batches, as a consumer does."""
    known: dict[str, ChatContact] = {}
    start = 0
    for end in [*sorted(cuts), len(events)]:
        known |= recognise(events[start:end], known, after(1000)).contacts
        start = end
    (contact,) = known.values()
    return contact


def person(contact: ChatContact) -> object:
    """Return what is known of somebody, without how often it was written."""
    return (
        contact.name,
        contact.username,
        contact.language,
        contact.first_message,
        contact.last_message,
        (
            contact.blocked,
            contact.created_at,
            contact.is_visitor,
        ),
    )


def test_a_first_message_makes_a_visitor() -> None:
    chat = Chat()
    contact = folded([chat.writes("hi", 5, sender=Sender(name="Ann", username="ann", language="de"))])
    assert (contact.rev, contact.contact_id, contact.name, contact.username) == (1, chat.contact, "Ann", "ann")
    assert contact.is_visitor
    assert contact.first_message == contact.last_message
    assert contact.created_at == after(5)


def test_the_same_event_twice_changes_nothing() -> None:
    chat = Chat()
    message = chat.writes("hi")
    known = folded([message])
    again = recognise([message, message], {known.id: known}, after(9))
    assert again.changed == ()
    assert len(again.without_effect) == 2
    assert again.contacts[known.id] is known


def test_a_batch_raises_a_rev_by_one() -> None:
    chat = Chat()
    assert folded([chat.writes("a", 1, message="1"), chat.writes("b", 2, message="2")]).rev == 1


def test_the_newest_address_stands_in_whatever_order_it_is_told() -> None:
    chat = Chat()
    chat.ref = chat.ref.model_copy(update={"channel": "whatsapp"})
    told = [
        (chat.writes(str(at), at, message=str(at)), address) for at, address in ((1, None), (2, "NO.2"), (3, "NO.3"))
    ]
    events = [event.model_copy(update={"address": address}) for event, address in told]
    for shuffled in itertools.permutations(events):
        assert folded(shuffled).address == "NO.3"
    for shuffled in itertools.permutations([*events, chat.writes("4", 4, message="4")]):
        assert folded(shuffled).address is None  # it is their contact id again


def test_the_newest_name_stands_and_silence_changes_none() -> None:
    chat = Chat()
    late = chat.writes("a", 1, message="1", sender=Sender(name="Old", language="en"))
    contact = folded([chat.writes("b", 2, message="2", sender=Sender(name="New")), late, chat.presses(3, Sender())])
    assert (contact.name, contact.language) == ("New", "en")


def test_first_and_last_message_go_by_the_providers_time_then_by_its_ids() -> None:
    chat = Chat()
    contact = folded(
        [
            chat.writes("tenth", 1, message="10"),
            chat.writes("ninth", 1, message="9"),
            chat.writes("between", 1, message="95"),
        ]
    )
    assert contact.first_message is not None
    assert contact.last_message is not None
    assert (contact.first_message.text, contact.last_message.text) == ("ninth", "between")


@pytest.mark.parametrize(
    ("text", "attachments", "shown"),
    [
        ("x" * 300, (), "x" * 280),
        ("", (Attachment(kind="photo", label="Photo"),), "Photo"),
        ("", (Attachment(kind="photo", label="Photo"), Attachment(kind="voice", label="Voice")), "Photo, Voice"),
        ("look", (Attachment(kind="photo", label="Photo"),), "look"),
    ],
)
def test_a_message_in_short(text: str, attachments: tuple[Attachment, ...], shown: str) -> None:
    contact = folded([Chat().writes(text, attachments=attachments)])
    assert contact.last_message is not None
    assert contact.last_message.text == shown


@pytest.mark.parametrize("sent", [0, None], ids=["told when it was sent", "not told"])
def test_an_edit_changes_the_words_where_they_stand(sent: float | None) -> None:
    chat = Chat()
    contact = folded([chat.writes("helo"), chat.edits("hello", 9, sent=sent)])
    assert contact.last_message is not None
    assert (contact.last_message.text, contact.last_message.at) == ("hello", after(0))


def test_an_edit_that_comes_before_its_message_is_not_undone() -> None:
    chat = Chat()
    contact = folded([chat.edits("hello", 9, sent=0), chat.writes("helo")])
    assert contact.last_message is not None
    assert contact.last_message.text == "hello"


def test_an_edit_of_a_message_in_the_middle_shows_nowhere() -> None:
    chat = Chat()
    messages = [chat.writes(text, at, message=str(at)) for at, text in enumerate("abc")]
    contact = folded([*messages, chat.edits("B", 9, message="1", sent=1)])
    assert contact.first_message is not None
    assert contact.last_message is not None
    assert (contact.first_message.text, contact.last_message.text) == ("a", "c")


@pytest.mark.parametrize("nonsense", ["", "yesterday", "2026-13-45", "99"])
def test_a_time_that_is_none_is_as_if_it_had_not_been_told(nonsense: str) -> None:
    chat = Chat()
    edit = chat.edits("hello", 9).model_copy(update={"sent_at": nonsense})
    contact = folded([chat.writes("helo"), edit])
    assert contact.last_message is not None
    assert contact.last_message.text == "hello"


@pytest.mark.parametrize(
    ("happened", "blocked"),
    [("b1", True), ("b1 u2", False), ("b1 u1", False), ("u1 b1", True), ("b1 u2 d3", True), ("b1 d1 u1", True)],
)
def test_blocked_goes_by_time_then_by_the_providers_order_then_by_what_is_stricter(
    happened: str, *, blocked: bool
) -> None:
    chat = Chat()

    def deactivated(at: float) -> ChatEvent:
        return chat.was_sent(at, reason="deactivated")

    makes: dict[str, Callable[[float], ChatEvent]] = {"b": chat.blocks, "u": chat.unblocks, "d": deactivated}
    events = [makes[word[0]](int(word[1])) for word in happened.split()]
    for shuffled in itertools.permutations(events):
        assert folded(shuffled).blocked is blocked


@pytest.mark.parametrize("reason", [None, "not_permitted", "rejected", "gave_up"])
def test_other_deliveries_say_nothing_of_a_person(reason: str | None) -> None:
    event = Chat().was_sent().model_copy(update={"reason": reason})
    assert recognise([event], {}, after(1)) == Recognised([event], {}, (), (event,))


def test_somebody_who_only_blocks_has_not_written() -> None:
    contact = folded([Chat().blocks()])
    assert contact.blocked
    assert not contact.is_visitor


senders = st.builds(
    Sender,
    name=st.none() | st.sampled_from(["Ann", "Bob", "Zoë"]),
    username=st.none() | st.sampled_from(["ann", "bob"]),
    language=st.none() | st.sampled_from(["en", "pt-br"]),
)
moments = st.integers(0, 6)


@st.composite
def lives(draw: st.DrawFn) -> list[ChatEvent]:
    """Draw what happens in one chat: messages that may be edited later, presses, blocks."""
    chat = Chat(contact="5551")
    events: list[ChatEvent] = []
    for number in range(draw(st.integers(1, 5))):
        sent = draw(moments)
        events.append(chat.writes(f"m{number}", sent, message=str(8 + number), sender=draw(senders)))
        if draw(st.booleans()):
            edit = chat.edits(f"e{number}", sent + draw(st.integers(1, 3)), message=str(8 + number), sent=sent)
            events.append(edit)
    for _ in range(draw(st.integers(0, 4))):
        makes = draw(st.sampled_from([chat.blocks, chat.unblocks, chat.presses, chat.cannot_be_sent]))
        events.append(makes(draw(moments)))
    return events


@given(life=lives(), seed=st.integers(0, 2**32), cuts=st.sets(st.integers(1, 30)))
def test_shuffled_and_doubled_sequences_end_in_the_same_person(
    life: list[ChatEvent], seed: int, cuts: set[int]
) -> None:
    shuffled = [*life, *life]
    random.Random(seed).shuffle(shuffled)
    cuts = {cut for cut in cuts if cut < len(shuffled)}
    assert person(in_pieces(shuffled, cuts)) == person(folded(life))


@given(life=lives())
def test_told_again_from_the_start_nothing_changes(life: list[ChatEvent]) -> None:
    known = folded(life)
    assert recognise(life, {known.id: known}, after(2000)).changed == ()

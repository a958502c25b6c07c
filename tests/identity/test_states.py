"""States that are made without validation are those that validation would make."""

from services.identity.domain.recognise import recognise
from services.identity.store.documents import chat_contact_from, chat_contact_to
from services.identity.store.states import chat_contact_state
from shared.contracts.chat import Sender
from shared.contracts.people import ChatContactStateV1
from tests.identity.happenings import Chat, after


def test_a_state_made_in_short_is_the_same() -> None:
    chat = Chat()
    for events in ([chat.blocks(3)], [chat.writes("hi", sender=Sender(name="Ann", username="ann", language="de"))]):
        (contact,) = recognise(events, {}, after(9)).changed
        made = chat_contact_state(contact)
        json = made.model_dump_json()
        assert ChatContactStateV1.model_validate_json(json) == made
        assert ChatContactStateV1.model_validate_json(json).model_dump_json() == json
        assert set(made.model_dump()) == set(ChatContactStateV1.model_fields)


def test_a_chat_contact_comes_back_as_it_was_stored() -> None:
    chat = Chat()
    (contact,) = recognise(
        [chat.writes("a", 1), chat.blocks(2), chat.gives(email="a@example.com")], {}, after(9)
    ).changed
    assert chat_contact_from(chat_contact_to(contact)) == contact

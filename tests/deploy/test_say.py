"""`kith say`: what is asked of the sandbox."""

import pytest

from deploy.cli import say
from deploy.cli.sandbox import chat_id_of, named


def test_words_are_said() -> None:
    assert say.one_thing({}, "hello") == {"text": "hello"}


def test_a_photo_takes_the_words_as_its_caption() -> None:
    assert say.one_thing({"photo": True}, "look") == {"photo": True, "caption": "look"}
    assert say.one_thing({"photo": True}, None) == {"photo": True}


def test_somebody_elses_card_is_a_contact_of_the_sandbox() -> None:
    card = {"own": False, "phone": "+4791234567", "name": "Bo"}

    assert say.one_thing({"card": card}, None) == {"contact": card}


def test_one_thing_at_a_time() -> None:
    with pytest.raises(SystemExit, match="One thing at a time, not photo and block"):
        say.one_thing({"photo": True, "block": True}, None)


def test_nothing_to_say_is_said() -> None:
    with pytest.raises(SystemExit, match="Say something"):
        say.one_thing({}, None)


def _message(number: int, *buttons: tuple[str, str]) -> dict[str, object]:
    return {"id": number, "from": "bot", "buttons": [{"text": text, "data": data} for text, data in buttons]}


def test_a_button_is_found_by_its_words_or_its_data_the_newest_first() -> None:
    messages = [_message(3, ("An order", "c:1:order")), _message(7, ("An order", "c:2:order"), ("Other", "c:2:other"))]

    assert say.button_of(messages, "An order") == {"message_id": 7, "data": "c:2:order"}
    assert say.button_of(messages, "c:1:order") == {"message_id": 3, "data": "c:1:order"}


def test_a_button_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SystemExit, match="no button 'Refund'; it showed An order"):
        say.button_of([_message(3, ("An order", "c:1:order"))], "Refund")


def test_the_same_name_is_the_same_person() -> None:
    assert chat_id_of("Ada Lovelace") == chat_id_of("Ada Lovelace")
    assert chat_id_of("Ada Lovelace") != chat_id_of("Ada")


def test_names_as_telegram_has_them() -> None:
    assert named("山田 花子", "ja") == {"first_name": "山田", "last_name": "花子", "language_code": "ja"}
    assert named("Plato", None) == {"first_name": "Plato"}

"""`kith say`: what is asked of the sandbox."""

from typing import Any

import pytest

from deploy.cli import say
from deploy.cli.sandbox import chat_id_at, chat_id_of, named, phone_of
from deploy.cli.say_meta import Looks, check, person, request


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


def test_the_same_person_has_an_id_of_each_channels_form() -> None:
    assert chat_id_at("whatsapp", "Ada") == f"NO.13491{chat_id_of('Ada')}"
    assert chat_id_at("messenger", "Ada") == chat_id_at("telegram", "Ada") == str(chat_id_of("Ada"))


@pytest.mark.parametrize(
    ("channel", "done", "looks", "words"),
    [
        ("whatsapp", {"contact": {}}, Looks("Ada"), "WhatsApp tells the number of whoever writes"),
        ("messenger", {"card": {}}, Looks("Ada"), "no contact cards"),
        ("instagram", {"contact": {}}, Looks("Ada"), "no key that shares a number"),
        ("telegram", {}, Looks("Ada", username_only=True), "--username is WhatsApp's alone.*this is Telegram"),
        ("messenger", {}, Looks("Ada", phone="+4791234567"), "--phone is WhatsApp's alone"),
        ("messenger", {}, Looks("Ada", comment=True), "--comment is Instagram's alone"),
        ("instagram", {}, Looks("Ada", language="de"), "--language is Telegram's alone"),
        ("whatsapp", {}, Looks("Ada", username_only=True, phone="+4791234567"), "Either --username"),
    ],
)
def test_what_a_channel_does_not_have_is_one_sentence(
    channel: str, done: dict[str, Any], looks: Looks, words: str
) -> None:
    with pytest.raises(SystemExit, match=words):
        check(channel, done, looks)


def test_whoever_shows_their_number_on_whatsapp_and_who_does_not() -> None:
    shown, hidden = (person("whatsapp", Looks("Ada", username_only=only)) for only in (False, True))

    assert (shown["phone"], shown["shows_phone"], hidden["shows_phone"]) == (phone_of("Ada"), True, False)
    assert shown["username"] == hidden["username"]
    assert person("whatsapp", Looks("Ada", phone="+44 20"))["phone"] == "+44 20"
    assert person("messenger", Looks("Ada")) == {"name": "Ada"}


def test_a_comment_is_words() -> None:
    looks = Looks("Ada", comment=True)

    assert request("instagram", {"text": "How much?"}, looks)["comment"] == {"text": "How much?"}
    with pytest.raises(SystemExit, match="A comment is words"):
        request("instagram", {"photo": True}, looks)


def test_a_card_names_nobody_as_its_owner_at_meta() -> None:
    card = {"own": False, "phone": "+4791234567", "name": "Bo"}

    assert request("whatsapp", {"contact": card}, Looks("Ada"))["contact"] == {"phone": "+4791234567", "name": "Bo"}


def test_names_as_telegram_has_them() -> None:
    assert named("山田 花子", "ja") == {"first_name": "山田", "last_name": "花子", "language_code": "ja"}
    assert named("Plato", None) == {"first_name": "Plato"}

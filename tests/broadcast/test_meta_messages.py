"""A message in the form of each of Meta's channels, and what none of them would ever take."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.broadcast.channels.instagram import message as instagram
from services.broadcast.channels.messenger import message as messenger
from services.broadcast.channels.meta.send import Form
from services.broadcast.channels.whatsapp import message as whatsapp
from shared.contracts.chat import Channel, ChatRef
from shared.contracts.sending import Button, MessageRequestedV1
from tests.broadcast.rows import a_row

FORMS: dict[Channel, Form] = {"whatsapp": whatsapp, "messenger": messenger, "instagram": instagram}
YES_NO = (Button(text="Yes", data="sure:yes"), Button(text="No", data="sure:no"))
LONG = "A label that is a good deal too long for a button"


def _buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(text=f"Choice {n}", data=f"topic:{n}") for n in range(count))


def _message(channel: Channel, **more: Any) -> MessageRequestedV1:
    fields: dict[str, Any] = {
        "id": "o1",
        "time": datetime.now(UTC),
        "workspace_id": "w_1",
        "chat": ChatRef(channel=channel, connection_id="cn_1", contact_id="5551"),
        "text": "hello",
        "origin": "scenario",
        "cause": "cause",
    }
    return MessageRequestedV1(**(fields | more))


def _whatsapp(**more: Any) -> dict[str, Any]:
    common = {"messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": "o1"}
    return common | more


def _said(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def test_whatsapp_is_sent_to_the_phone_where_that_is_all_we_have() -> None:
    assert whatsapp.body(a_row(chat="4791234567")) == _whatsapp(to="4791234567", **_said("hello"))


def test_whatsapp_is_sent_to_the_user_id_where_there_is_one() -> None:
    assert whatsapp.body(a_row(chat="NO.1349")) == _whatsapp(recipient="NO.1349", **_said("hello"))


def test_whatsapp_is_sent_to_what_it_takes_now_where_the_contact_id_is_an_id_of_before() -> None:
    assert whatsapp.body(a_row(chat="4791234567", address="NO.2")) == _whatsapp(recipient="NO.2", **_said("hello"))
    assert whatsapp.body(a_row(chat="NO.1349", address="4799999999")) == _whatsapp(to="4799999999", **_said("hello"))


def test_whatsapp_has_no_key_that_shares_a_phone() -> None:
    row = a_row(chat="NO.1349", ask_contact="Share my phone", remove_keyboard=True)
    assert whatsapp.body(row) == _whatsapp(recipient="NO.1349", **_said("hello"))


def test_up_to_three_short_buttons_are_buttons_on_whatsapp() -> None:
    interactive = whatsapp.body(a_row(buttons=YES_NO))["interactive"]
    assert interactive == {
        "type": "button",
        "body": {"text": "hello"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "sure:yes", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "sure:no", "title": "No"}},
            ]
        },
    }


@pytest.mark.parametrize(
    "more",
    [
        {"buttons": _buttons(4)},
        {"buttons": _buttons(10)},
        {"buttons": (Button(text=LONG, data="a:b"),)},
        {"buttons": YES_NO, "text": "x" * 1025},
    ],
)
def test_what_does_not_fit_buttons_is_a_list_on_whatsapp(more: dict[str, Any]) -> None:
    interactive = whatsapp.body(a_row(**more))["interactive"]
    assert interactive["type"] == "list"
    assert len(interactive["action"]["button"]) <= 20
    (section,) = interactive["action"]["sections"]
    assert [row["id"] for row in section["rows"]] == [button.data for button in more["buttons"]]
    assert all(len(row["title"]) <= 24 for row in section["rows"])


def test_a_long_label_is_whole_below_its_row_on_whatsapp() -> None:
    (section,) = whatsapp.body(a_row(buttons=(Button(text=LONG, data="a:b"),)))["interactive"]["action"]["sections"]
    assert section["rows"] == [{"id": "a:b", "title": "A label that is a good…", "description": LONG}]


def test_messenger_answers_with_quick_replies() -> None:
    assert messenger.body(a_row(buttons=(*YES_NO, Button(text=LONG, data="a:b")), ask_contact="Share")) == {
        "recipient": {"id": "5551"},
        "messaging_type": "RESPONSE",
        "message": {
            "text": "hello",
            "quick_replies": [
                {"content_type": "text", "title": "Yes", "payload": "sure:yes"},
                {"content_type": "text", "title": "No", "payload": "sure:no"},
                {"content_type": "text", "title": "A label that is a g…", "payload": "a:b"},
                {"content_type": "user_phone_number"},
            ],
        },
    }


def test_messenger_says_plain_text() -> None:
    assert messenger.body(a_row())["message"] == {"text": "hello"}


def test_instagram_says_plain_text() -> None:
    assert instagram.body(a_row(ask_contact="Share")) == {"recipient": {"id": "5551"}, "message": {"text": "hello"}}


def test_a_comment_is_answered_to_its_author_alone() -> None:
    found = instagram.body(a_row(answers_comment="178", buttons=YES_NO))
    assert found["recipient"] == {"comment_id": "178"}
    assert [reply["payload"] for reply in found["message"]["quick_replies"]] == ["sure:yes", "sure:no"]


@pytest.mark.parametrize("channel", FORMS)
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"text": " \n"}, "empty"),
        ({"buttons": (Button(text="", data="y"),)}, "button 1 has no text"),
        ({"buttons": (Button(text="a", data="y"), Button(text="b", data="é" * 501))}, "button 2"),
        ({"buttons": (Button(text="a", data=""),)}, "button 1"),
        ({"buttons": _buttons(14)}, "14 buttons"),
        ({"text": "x" * 4097}, "4097"),
    ],
)
def test_what_it_would_never_take_is_said_beforehand(channel: Channel, more: dict[str, Any], says: str) -> None:
    assert says in (FORMS[channel].fault(_message(channel, **more)) or "")


@pytest.mark.parametrize(
    ("channel", "text", "buttons"), [("whatsapp", 4096, 10), ("messenger", 2000, 13), ("instagram", 1000, 13)]
)
def test_the_most_that_it_takes_is_taken(channel: Channel, text: int, buttons: int) -> None:
    form = FORMS[channel]
    assert form.fault(_message(channel, text="x" * text, buttons=_buttons(buttons))) is None
    assert form.fault(_message(channel, text="x" * (text + 1))) is not None
    assert form.fault(_message(channel, buttons=_buttons(buttons + 1))) is not None


def test_instagram_counts_bytes() -> None:
    assert "1002 bytes" in (instagram.fault(_message("instagram", text="é" * 501)) or "")


@pytest.mark.parametrize("channel", [messenger, instagram], ids=["messenger", "instagram"])
def test_an_agents_words_after_the_window_say_that_they_are_a_persons(channel: Form) -> None:
    late, early = channel.body(a_row(human_agent=True)), channel.body(a_row())
    assert (late["messaging_type"], late["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert "tag" not in early

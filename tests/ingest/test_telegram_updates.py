"""Recorded updates in Telegram's documented form, and what each of them says."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.telegram.hook import TelegramHook

RECORDED = Path(__file__).parent / "telegram"
ACCOUNT = Account("ws_1", "con_1", "telegram", {"secret": "s3cret"})
SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ANN = {"name": "Ann Lee", "username": "annlee", "language": "pt-br"}
ANNS_CHAT = {"channel": "telegram", "connection_id": "con_1", "contact_id": "5551"}


def read(body: bytes) -> Sequence[Inbound]:
    return TelegramHook(now=lambda: NOW).parse(ACCOUNT, body).events


def recorded(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


def message(**said: Any) -> dict[str, Any]:
    return {"type": "message.received.v1", "chat": ANNS_CHAT, "sender": ANN, "message_id": "42", "time": SENT_AT} | said


def attached(kind: str, label: str, ref: str | None) -> dict[str, Any]:
    return message(attachments=({"kind": kind, "ref": ref, "label": label},))


def card(phone: str, name: str, *, own: bool) -> dict[str, Any]:
    contact = {"phone": phone, "name": name, "own": own}
    return attached("contact", "Contact card", None) | {"card": contact}


def phone(value: str, strength: str, how: str) -> dict[str, Any]:
    detail = {"kind": "phone", "value": value, "strength": strength}
    return {"type": "details.provided.v1", "details": (detail,), "how": how, "sender": ANN, "time": SENT_AT}


def unknown(kind: str) -> dict[str, Any]:
    return {"type": "update.unknown.v1", "kind": kind, "time": NOW, "connection_id": "con_1"}


SAYS: dict[str, list[dict[str, Any]]] = {
    "text": [message(text="Hello 👋 — is it open?", attachments=(), card=None, reply_to=None)],
    "photo_with_caption": [attached("photo", "Photo", "AgACAgIAAxkBAAIBlarge") | {"text": "My parcel"}],
    "document": [attached("document", "Document: offer.pdf", "BQACAgIAAxkDAAIC") | {"text": ""}],
    "voice": [attached("voice", "Voice message", "AwACAgIAAxkD")],
    "video": [attached("video", "Video: clip.mp4", "BAACAgIAAxkD") | {"text": "Look"}],
    "animation": [attached("video", "Animation: wave.mp4", "CgACAgIAAxkD")],
    "sticker": [attached("sticker", "Sticker: 👍", "CAACAgIAAxkD")],
    "location": [attached("location", "Location: 59.91387, 10.75225", "59.91387, 10.75225")],
    "venue": [attached("location", "Location: 1.50000, -2.25000", "1.50000, -2.25000")],
    "own_card": [card("4791234567", "Ann Lee", own=True), phone("+4791234567", "verified", "own_card")],
    "others_card": [card("+4991234567890", "Bob", own=False), phone("+4991234567890", "claimed", "others_card")],
    "card_without_user_id": [
        card("+442079460958", "Desk", own=False),
        phone("+442079460958", "claimed", "others_card"),
    ],
    "card_that_is_no_phone": [card("12", "Taxi", own=True)],
    "reply": [message(text="that one", reply_to="41")],
    "dice": [attached("other", "A kind of message that is not shown here", None)],
    "edited_text": [
        {
            "type": "message.edited.v1",
            "message_id": "42",
            "text": "Hello, is it open today?",
            "time": datetime(2026, 1, 1, 0, 1, tzinfo=UTC),
            "sent_at": SENT_AT.isoformat(),
            "sender": ANN,
        }
    ],
    "edited_caption": [
        {
            "type": "message.edited.v1",
            "text": "My parcel, broken",
            "attachments": ({"kind": "photo", "ref": "AgACAgIAAxkBAAIBlarge", "label": "Photo"},),
        }
    ],
    "button": [
        {
            "type": "button.pressed.v1",
            "press_id": "4382bfdwdsb323b2d9",
            "data": "topic:order",
            "message_id": "40",
            "chat": ANNS_CHAT,
            "sender": ANN,
            "time": NOW,
        }
    ],
    "button_of_an_old_message": [{"type": "button.pressed.v1", "message_id": "2", "data": "topic:order"}],
    "button_of_a_game": [unknown("callback_query")],
    "blocked": [{"type": "chat.blocked.v1", "chat": ANNS_CHAT, "time": SENT_AT}],
    "unblocked": [{"type": "chat.unblocked.v1", "chat": ANNS_CHAT, "time": SENT_AT}],
    "added_to_a_group": [unknown("my_chat_member")],
    "group_message": [unknown("message")],
    "channel_post": [unknown("channel_post")],
    "poll_answer": [unknown("poll_answer")],
    "from_a_bot": [unknown("message")],
    "business_message": [unknown("business_message")],
    "message_reaction": [unknown("message_reaction")],
    "update_of_next_year": [unknown("holographic_call")],
    "nothing_but_an_id": [unknown("empty")],
    "plain_person": [
        {
            "type": "message.received.v1",
            "text": "/start",
            "sender": {"name": "Ω", "username": None, "language": None},
            "chat": ANNS_CHAT | {"contact_id": "6"},
        }
    ],
}


def test_every_recorded_update_is_in_the_table() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_a_recorded_update_says_what_it_says(name: str) -> None:
    events = [event.model_dump() for event in read(recorded(name))]

    assert [{key: event[key] for key in wanted} for event, wanted in zip(events, SAYS[name], strict=True)] == SAYS[name]
    assert {event["workspace_id"] for event in events} == {"ws_1"}


@pytest.mark.parametrize("name", SAYS)
def test_ids_follow_from_telegrams_own_and_sort_as_they_do(name: str) -> None:
    update_id: int = json.loads(recorded(name))["update_id"]
    ids = [event.id for event in read(recorded(name))]

    assert ids[0] == f"con_1/{update_id:012d}"
    assert len(set(ids)) == len(ids)
    assert ids == [event.id for event in read(recorded(name))]


def test_an_unknown_update_is_kept_as_it_came() -> None:
    (event,) = read(recorded("poll_answer"))
    assert event.model_dump()["raw"] == recorded("poll_answer").decode()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"update_id"', "body"),
        (b"\xff\xfe{}", "body"),
        (b"{}", "update_id"),
        (b'{"update_id": null}', "update_id"),
        (b'{"update_id": -1}', "update_id"),
        (b'{"update_id": ' + b"9" * 5000 + b"}", "body"),
        (b'{"update_id": "first"}', "update_id"),
        (b'{"update_id": 1, "message": "hi"}', "message"),
        (b'{"update_id": 1, "message": {"message_id": 1, "date": 1}}', "message.chat"),
        (
            b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": 7}}}',
            "message.chat.type",
        ),
        (
            b'{"update_id": 1, "message": {"message_id": 1, "date": 1e20, "chat": {"id": 1, "type": "private"}}}',
            "message.date",
        ),
        (
            b'{"update_id": 1, "message": {"message_id": 1, "date": 1, "from": {}, "chat": {"id": 1, "type": "x"}}}',
            "message.from.id",
        ),
        (b'{"update_id": 1, "callback_query": {"from": {"id": 1}}}', "callback_query.id"),
    ],
)
def test_what_is_not_telegrams_is_refused_by_its_field(body: bytes, field: str) -> None:
    with pytest.raises(MalformedError) as refused:
        read(body)
    assert refused.value.field == field
    assert refused.value.message


@pytest.mark.parametrize(
    ("headers", "genuine"),
    [
        ([(b"x-telegram-bot-api-secret-token", b"s3cret")], True),
        ([(b"host", b"x"), (b"x-telegram-bot-api-secret-token", b"s3cret")], True),
        ([(b"x-telegram-bot-api-secret-token", b"s3creT")], False),
        ([(b"x-telegram-bot-api-secret-token", b"")], False),
        ([(b"x-telegram-bot-api-secret-token", b"s3cret\xff")], False),
        ([(b"x-telegram-bot-api-secret-token", b"wrong"), (b"x-telegram-bot-api-secret-token", b"s3cret")], False),
        ([], False),
    ],
)
def test_only_the_secret_we_gave_is_genuine(headers: list[tuple[bytes, bytes]], genuine: bool) -> None:  # noqa: FBT001
    assert TelegramHook().is_genuine(ACCOUNT, headers, b"") is genuine

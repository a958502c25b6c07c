"""Updates as a client library of others' writes them, at our hook: what they say is on the topic.

python-telegram-bot has its own reading of the Bot API's documentation.
"""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    Contact,
    Document,
    Location,
    Message,
    PhotoSize,
    Update,
    User,
    Voice,
)

from services.ingest.settings import IngestSettings
from shared.messaging.publisher import Publisher
from tests.ingest.door import Door, a_publisher

SENT = datetime(2026, 1, 1, tzinfo=UTC)
ANN = User(id=5551, is_bot=False, first_name="Ann", last_name="Lee", username="annlee", language_code="nb")
SHOP = User(id=7, is_bot=True, first_name="Shop")
CHAT = Chat(id=5551, type=Chat.PRIVATE, first_name="Ann", username="annlee")
PHOTO = PhotoSize(file_id="f1", file_unique_id="u1", width=90, height=90)
SENDER = {"name": "Ann Lee", "username": "annlee", "language": "nb"}


def message(number: int = 1, **what: Any) -> Message:
    return Message(message_id=number, date=SENT, chat=CHAT, from_user=ANN, **what)


def member(status: type[ChatMemberBanned | ChatMemberMember], **more: Any) -> ChatMemberUpdated:
    before = ChatMemberMember(user=SHOP)
    return ChatMemberUpdated(
        chat=CHAT, from_user=ANN, date=SENT, old_chat_member=before, new_chat_member=status(user=SHOP, **more)
    )


def press() -> CallbackQuery:
    asked = Message(message_id=9, date=SENT, chat=CHAT, from_user=SHOP, text="Sure?")
    return CallbackQuery(id="77", from_user=ANN, chat_instance="1", message=asked, data="sure:yes")


def said(**what: Any) -> dict[str, Any]:
    return {"type": "message.received.v1", "sender": SENDER, "time": "2026-01-01T00:00:00Z", **what}


def given(strength: str, value: str, how: str) -> dict[str, Any]:
    details = [{"kind": "phone", "value": value, "strength": strength}]
    return {"type": "details.provided.v1", "details": details, "how": how}


def thing(kind: str, label: str, ref: str | None) -> list[dict[str, Any]]:
    return [{"kind": kind, "label": label, "ref": ref}]


MINE, BOBS = "4791234567", "+4991234567890"
CASES: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    ({"message": message(41, text="hé 👋")}, [said(message_id="41", text="hé 👋", attachments=[], card=None)]),
    (
        {"message": message(2, text="that one", reply_to_message=Message(message_id=1, date=SENT, chat=CHAT))},
        [said(text="that one", reply_to="1")],
    ),
    (
        {"message": message(contact=Contact(phone_number=MINE, first_name="Ann", user_id=5551))},
        [said(card={"phone": MINE, "name": "Ann", "own": True}), given("verified", f"+{MINE}", "own_card")],
    ),
    (
        {"message": message(contact=Contact(phone_number=BOBS, first_name="Bob"))},
        [said(card={"phone": BOBS, "name": "Bob", "own": False}), given("claimed", BOBS, "others_card")],
    ),
    (
        {"message": message(photo=[PHOTO], caption="parcel")},
        [said(text="parcel", attachments=thing("photo", "Photo", "f1"))],
    ),
    (
        {"message": message(document=Document(file_id="f2", file_unique_id="u2", file_name="offer.pdf"))},
        [said(attachments=thing("document", "Document: offer.pdf", "f2"))],
    ),
    (
        {"message": message(voice=Voice(file_id="f3", file_unique_id="u3", duration=2))},
        [said(attachments=thing("voice", "Voice message", "f3"))],
    ),
    (
        {"message": message(location=Location(longitude=10.75225, latitude=59.91387))},
        [said(attachments=thing("location", "Location: 59.91387, 10.75225", "59.91387, 10.75225"))],
    ),
    (
        {"edited_message": message(41, text="hello!", edit_date=datetime(2026, 1, 1, 0, 1, tzinfo=UTC))},
        [{"type": "message.edited.v1", "text": "hello!", "message_id": "41", "time": "2026-01-01T00:01:00Z"}],
    ),
    (
        {"callback_query": press()},
        [{"type": "button.pressed.v1", "press_id": "77", "data": "sure:yes", "message_id": "9", "sender": SENDER}],
    ),
    ({"my_chat_member": member(ChatMemberBanned, until_date=SENT)}, [{"type": "chat.blocked.v1"}]),
    ({"my_chat_member": member(ChatMemberMember)}, [{"type": "chat.unblocked.v1"}]),
]


@pytest.fixture(scope="module")
async def publisher(settings: IngestSettings) -> AsyncGenerator[Publisher]:
    async with a_publisher(settings) as found:
        yield found


async def test_what_the_library_writes_is_read_as_it_was_meant(settings: IngestSettings, publisher: Publisher) -> None:
    door = Door(settings, publisher)
    wanted: list[dict[str, Any]] = []
    for number, (what, events) in enumerate(CASES, start=1):
        update = Update(update_id=number, **what)
        assert (await door.gets(update.to_json().encode())).status == 200
        wanted += events
    published = sorted(await door.published(), key=lambda event: event["id"])

    found = [{name: event[name] for name in want} for event, want in zip(published, wanted, strict=True)]
    assert found == wanted
    assert {event["chat"]["contact_id"] for event in published} == {"5551"}
    door.client.close()

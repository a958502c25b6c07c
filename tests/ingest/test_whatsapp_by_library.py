"""WhatsApp's webhooks as a client library of others' reads them: what it understands, we do.

pywa has its own reading of the documentation. It logs what it cannot read, and calls no handler then.
"""

import json
from datetime import timedelta
from typing import Any

import pytest
from pywa.client import WhatsApp
from pywa.types.callback import CallbackButton, CallbackSelection
from pywa.types.message import EditedMessage, Message
from pywa.types.message_status import MessageStatus
from pywa.types.system import PhoneNumberChange
from pywa.types.user import User
from pywa.types.user_preferences import UserMarketingPreferences

from services.ingest.channels.meta.hook import MetaHook, signature
from services.ingest.channels.whatsapp.parse import read_whatsapp
from services.ingest.channels.whatsapp.who import vouched
from shared.contracts.chat import ButtonPressedV1, ChatEvent, MessageEditedV1, MessageReceivedV1
from shared.contracts.sending import ReceiptReceivedV1
from tests.ingest.metas import APP_SECRET
from tests.ingest.test_whatsapp import USER_ID, WHATSAPP

VERIFY_TOKEN = "v3rify"
SENTENCES = (
    "text", "image_with_caption", "video", "audio", "voice", "document", "sticker", "location", "contacts", "reply",
)  # fmt: skip
RECEIPTS = ["status_sent", "status_delivered", "status_read", "status_played", "status_failed_outside_window"]


class Library:
    """Keeps what the library's handlers were given."""

    def __init__(self) -> None:
        self.client = WhatsApp(
            phone_id=WHATSAPP.account.account_id, token="EAAB", app_secret=APP_SECRET, verify_token=VERIFY_TOKEN
        )
        self.found: list[Any] = []
        for on in (
            self.client.on_message,
            self.client.on_edited_message,
            self.client.on_callback_button,
            self.client.on_callback_selection,
            self.client.on_message_status,
            self.client.on_phone_number_change,
            self.client.on_user_marketing_preferences,
        ):
            on(lambda _client, update: self.found.append(update))

    def reads(self, body: bytes) -> Any:
        """Deliver a webhook as a server would; what the library made of it."""
        assert self.client.webhook_update_validator(body, signature(APP_SECRET, body).decode()) is None
        assert self.client.webhook_update_handler(body) == ("ok", 200)
        (found,) = self.found
        return found


@pytest.fixture
def library() -> Library:
    return Library()


def ours(name: str) -> ChatEvent:
    event = WHATSAPP.read(WHATSAPP.body(name))[0]
    assert isinstance(event, ChatEvent)
    return event


def same_person(user: User, event: ChatEvent) -> None:
    assert (user.bsuid or user.wa_id) == event.chat.contact_id


@pytest.mark.parametrize("name", SENTENCES)
def test_a_message_is_the_same_to_both(library: Library, name: str) -> None:
    event, theirs = ours(name), library.reads(WHATSAPP.body(name))
    assert isinstance(event, MessageReceivedV1)
    assert isinstance(theirs, Message)
    same_person(theirs.from_user, event)
    assert (theirs.id, theirs.timestamp) == (event.message_id, event.time)
    assert (theirs.text or theirs.caption or "") == event.text
    assert (theirs.from_user.name, theirs.from_user.username) == (event.sender.name, event.sender.username)
    media = [attachment.ref for attachment in event.attachments if theirs.has_media]
    assert media == ([theirs.media.id] if theirs.media else [])
    assert (theirs.reply_to_message.id if theirs.reply_to_message else None) == event.reply_to
    card = theirs.contacts[0].phones[0].wa_id if theirs.contacts else None
    assert card == (event.card.phone if event.card else None)


def test_an_edit_is_the_same_to_both(library: Library) -> None:
    event, theirs = ours("edited"), library.reads(WHATSAPP.body("edited"))
    assert isinstance(event, MessageEditedV1)
    assert isinstance(theirs, EditedMessage)
    same_person(theirs.from_user, event)
    assert (theirs.original_message_id, theirs.message.text) == (event.message_id, event.text)


@pytest.mark.parametrize(("name", "kind"), [("button_reply", CallbackButton), ("list_reply", CallbackSelection)])
def test_a_press_is_the_same_to_both(library: Library, name: str, kind: type[Any]) -> None:
    event, theirs = ours(name), library.reads(WHATSAPP.body(name))
    assert isinstance(event, ButtonPressedV1)
    assert isinstance(theirs, kind)
    same_person(theirs.from_user, event)
    assert (theirs.id, theirs.data) == (event.press_id, event.data)
    assert theirs.reply_to_message.id == event.message_id


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_the_same_to_both(library: Library, name: str) -> None:
    update = json.loads(WHATSAPP.body(name))
    update["entry"][0]["changes"][0]["value"]["contacts"] = [
        {"user_id": USER_ID}
    ]  # where it shows, the library wants it
    event, theirs = ours(name), library.reads(json.dumps(update).encode())
    assert isinstance(event, ReceiptReceivedV1)
    assert isinstance(theirs, MessageStatus)
    assert theirs.timestamp - event.time == timedelta()
    assert (theirs.id,) == event.provider_message_ids
    assert (str(theirs.tracker) if theirs.tracker else None) == event.ledger_id
    assert {"played": "read"}.get(theirs.status.value, theirs.status.value) == event.status
    if theirs.error is not None:
        assert type(theirs.error).__name__ == "ReEngagementMessage"
        assert event.reason == "outside_window"


def test_a_new_number_is_the_same_to_both(library: Library) -> None:
    theirs = library.reads(WHATSAPP.body("number_changed"))
    assert isinstance(theirs, PhoneNumberChange)
    assert theirs.new_wa_id is not None
    event = ours("number_changed").model_dump()
    assert event["details"][0]["value"] == vouched(theirs.new_wa_id)
    assert event["chat"]["contact_id"] == theirs.old_wa_id


@pytest.mark.parametrize(("name", "allowed"), [("marketing_stopped", False), ("marketing_resumed", True)])
def test_what_a_person_wants_of_marketing_is_the_same_to_both(library: Library, name: str, *, allowed: bool) -> None:
    theirs = library.reads(WHATSAPP.body(name))
    assert isinstance(theirs, UserMarketingPreferences)
    assert bool(theirs) is allowed
    assert (ours(name).type == "marketing.resumed.v1") is allowed


def test_a_signature_is_right_or_wrong_to_both(library: Library) -> None:
    body = WHATSAPP.body("text")
    right, wrong = signature(APP_SECRET, body), signature(APP_SECRET + "x", body)
    hook = MetaHook(read_whatsapp)
    for signed, genuine in ((right, True), (wrong, False), (right.upper(), False)):
        assert hook.is_genuine(WHATSAPP.account, [(b"x-hub-signature-256", signed)], body) is genuine
        assert (library.client.webhook_update_validator(body, signed.decode()) is None) is genuine


@pytest.mark.parametrize("token", [VERIFY_TOKEN, "wrong"])
def test_an_address_proves_itself_to_both(library: Library, token: str) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    challenge = MetaHook(read_whatsapp).challenge(WHATSAPP.account, asked)
    answer, status = library.client.webhook_challenge_handler(vt=token, ch="1158201444")
    assert (challenge == answer) is (status == 200)

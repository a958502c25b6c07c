"""Recorded updates in WhatsApp's documented form, and what each of them says."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from services.ingest.channels.contract import MalformedError
from services.ingest.channels.whatsapp.parse import read_whatsapp
from services.ingest.domain.refusals import refusal_of
from tests.ingest.metas import NOW, SENT_AT, Recorded, anything, mutated

WHATSAPP = Recorded("whatsapp", "106540352242922", read_whatsapp)
ANN = {"name": "Ann Lee", "username": "annlee", "language": None}
USER_ID = "NO.13491208655302741918"
PHONE = "4791234567"


def chat(contact_id: str = USER_ID) -> dict[str, Any]:
    return {"channel": "whatsapp", "connection_id": "con_1", "contact_id": contact_id}


def message(**said: Any) -> dict[str, Any]:
    return {
        "type": "message.received.v1",
        "id": "con_1/wamid.1",
        "chat": chat(),
        "sender": ANN,
        "message_id": "wamid.1",
        "time": SENT_AT,
    } | said


def details(value: str, strength: str, how: str, ending: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "details.provided.v1",
        "id": f"con_1/wamid.1{ending}",
        "details": ({"kind": "phone", "value": value, "strength": strength},),
        "how": how,
        "chat": chat(),
        "time": SENT_AT,
    } | more


VOUCHED = details("+4791234567", "verified", "vouched", "/vouched")


def attached(kind: str, label: str, ref: str | None, **more: Any) -> list[dict[str, Any]]:
    return [message(attachments=({"kind": kind, "ref": ref, "label": label},), **more), VOUCHED]


def pressed(data: str) -> list[dict[str, Any]]:
    press = {"type": "button.pressed.v1", "id": "con_1/wamid.1", "press_id": "wamid.1", "data": data, "sender": ANN}
    return [press | {"message_id": "wamid.out", "chat": chat(), "time": SENT_AT}, VOUCHED]


def receipt(status: str, told: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "type": "receipt.received.v1",
        "id": f"con_1/wamid.out/{told or status}",
        "time": SENT_AT,
        "chat": chat(),
        "status": status,
        "provider_message_ids": ("wamid.out",),
        "ledger_id": None,
        "reason": None,
    } | more


def unknown(kind: str) -> dict[str, Any]:
    return {"type": "update.unknown.v1", "kind": kind, "time": NOW, "connection_id": "con_1", "channel": "whatsapp"}


def bob(*, own: bool = False) -> dict[str, Any]:
    return {"card": {"phone": "4991234567890", "name": "Bob", "own": own}}


SAYS: dict[str, list[dict[str, Any]]] = {
    "text": [message(text="Hello 👋 — is it open?", attachments=(), card=None, reply_to=None, referral=None), VOUCHED],
    "text_phone_alone": [
        message(chat=chat(PHONE), sender=ANN | {"username": None}, text="hi"),
        VOUCHED | {"chat": chat(PHONE)},
    ],
    "text_username_alone": [message(text="hi")],
    "text_user_id_in_contacts_alone": [message(text="hi")],
    "text_of_nobody": [unknown("messages_text")],
    "text_number_of_a_new_range": [
        message(chat=chat("15550001111"), sender={"name": None, "username": None, "language": None}),
        details("+15550001111", "verified", "vouched", "/vouched", chat=chat("15550001111")),
    ],
    "image_with_caption": attached("photo", "Photo", "2754859441498128", text="My parcel"),
    "video": attached("video", "Video", "77", text=""),
    "audio": attached("audio", "Audio", "78"),
    "voice": attached("voice", "Voice message", "79"),
    "document": attached("document", "Document: offer.pdf", "80", text="see"),
    "sticker": attached("sticker", "Sticker", "81"),
    "location": attached("location", "Location: 59.91387, 10.75225", "59.91387, 10.75225"),
    "contacts": [
        attached("contact", "Contact card", None)[0] | bob(),
        details("+4991234567890", "claimed", "others_card", "/card"),
        VOUCHED,
    ],
    "contacts_own_number": [
        message(card={"phone": PHONE, "name": "Ann", "own": False}),
        VOUCHED,
    ],
    "contacts_without_phone": attached("contact", "2 contact cards", None, card=None),
    "button_reply": pressed("topic:order"),
    "list_reply": pressed("topic:other"),
    "form_reply": attached("other", "Form: flow", None, text="Sent"),
    "template_button_ours": pressed("topic:order"),
    "template_button_of_others": [message(text="Stop promotions", reply_to="wamid.out"), VOUCHED],
    "edited": [message(type="message.edited.v1", message_id="wamid.0", text="Hello!")],
    "edited_to_what_we_do_not_know": [unknown("messages_edit")],
    "reaction": [unknown("messages_reaction")],
    "unsupported": attached("other", "A kind of message that is not shown here", None),
    "order": attached("other", "Order", None),
    "type_of_next_year": [unknown("messages_hologram")],
    "text_without_its_text": [unknown("messages_text")],
    "group_message": [unknown("messages_text")],
    "reply": [message(text="that one", reply_to="wamid.41"), VOUCHED],
    "from_an_advertisement": [message(referral="ad 120"), VOUCHED],
    "number_changed": [details("+4799999999", "verified", "vouched", "", chat=chat(PHONE))],
    "user_id_changed": [],
    "status_sent": [receipt("sent", ledger_id="con_1/m1/out/00")],
    "status_delivered": [receipt("delivered")],
    "status_read": [receipt("read")],
    "status_played": [receipt("read", "played")],
    "status_failed_outside_window": [
        receipt(
            "failed",
            ledger_id="out-1",
            reason="outside_window",
            detail="131047: Message failed to send because more than 24 hours have passed",
        )
    ],
    "status_failed_opted_out": [
        receipt("failed", reason="opted_out"),
        {"type": "marketing.stopped.v1", "id": "con_1/wamid.out/failed/stopped", "chat": chat(), "time": SENT_AT},
    ],
    "status_failed_undeliverable": [receipt("failed", reason="undeliverable", detail="131026: Message undeliverable")],
    "status_failed_without_errors": [receipt("failed", reason="undeliverable", detail=None, chat=chat(PHONE))],
    "status_of_next_year": [unknown("statuses")],
    "status_of_a_group": [unknown("statuses")],
    "marketing_stopped": [
        {"type": "marketing.stopped.v1", "id": f"con_1/{USER_ID}/stop/1767225600", "chat": chat(), "time": SENT_AT}
    ],
    "marketing_resumed": [
        {"type": "marketing.resumed.v1", "id": f"con_1/{USER_ID}/resume/1767225600", "chat": chat(), "time": SENT_AT}
    ],
    "preference_of_next_year": [unknown("user_preferences")],
    "of_another_number": [],
    "template_status": [unknown("message_template_status_update")],
    "errors": [unknown("errors")],
    "several_with_unreadable_ones": [
        unknown("entry"),
        message(text="1"),
        VOUCHED,
        unknown("messages_text"),
        message(id="con_1/wamid.3", text="3", message_id="wamid.3"),
        VOUCHED | {"id": "con_1/wamid.3/vouched"},
        unknown("statuses"),
        receipt("read", chat=chat(PHONE)),
        message(id="con_1/wamid.4", text="4", message_id="wamid.4"),
        VOUCHED | {"id": "con_1/wamid.4/vouched"},
        unknown("change"),
    ],
}


def test_every_recorded_update_is_in_the_table() -> None:
    assert WHATSAPP.names() == set(SAYS)


@pytest.mark.parametrize("name", SAYS)
def test_a_recorded_update_says_what_it_says(name: str) -> None:
    WHATSAPP.says(name, SAYS[name])


def test_the_chat_contact_stays_the_same_one_when_the_phone_shows() -> None:
    (before,) = WHATSAPP.read(WHATSAPP.body("text_username_alone"))
    after, vouched = WHATSAPP.read(WHATSAPP.body("text"))
    assert before.key() == after.key() == vouched.key()


@pytest.mark.parametrize(
    ("wa_id", "phone"),
    [
        ("551187654321", "+5511987654321"),  # Brazil: a mobile whose id lacks the ninth digit
        ("5511987654321", "+5511987654321"),
        ("551133334444", "+551133334444"),  # a landline has none
        ("5215512345678", "+525512345678"),  # Mexico: a mobile's id has a 1 that nobody dials any more
        ("525512345678", "+525512345678"),
        ("5491112345678", "+5491112345678"),  # Argentina's 9 is dialled
        ("550000000000", "+550000000000"),
    ],
)
def test_a_number_is_the_one_that_is_dialled_and_the_chat_keeps_whatsapps_own(wa_id: str, phone: str) -> None:
    update = WHATSAPP.body("text_phone_alone").replace(PHONE.encode(), wa_id.encode())
    said, vouched = WHATSAPP.read(update)
    assert said.model_dump()["chat"] == vouched.model_dump()["chat"] == chat(wa_id)
    assert vouched.model_dump()["details"] == ({"kind": "phone", "value": phone, "strength": "verified"},)


def test_an_unknown_item_is_kept_as_it_came() -> None:
    (event,) = WHATSAPP.read(WHATSAPP.body("reaction"))
    item = json.loads(WHATSAPP.body("reaction"))["entry"][0]["changes"][0]["value"]["messages"][0]
    assert json.loads(event.model_dump()["raw"]) == item


def test_a_stop_is_a_refusal_of_marketing_alone_and_a_resume_ends_it() -> None:
    (stopped,) = WHATSAPP.read(WHATSAPP.body("marketing_stopped"))
    fact = refusal_of(stopped)
    assert fact is not None
    assert (fact.fact, fact.proactive, fact.reactive, fact.agent) == ("marketing", False, True, True)
    (resumed,) = WHATSAPP.read(WHATSAPP.body("marketing_resumed"))
    again = refusal_of(resumed)
    assert again is not None
    assert again.proactive


def test_the_clock_is_whatsapps() -> None:
    update = json.loads(WHATSAPP.body("text"))
    update["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = "1767225661"
    assert WHATSAPP.read(json.dumps(update).encode())[0].time == datetime(2026, 1, 1, 0, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"\xff\xfe{}", "body"),
        (b"{}", "object"),
        (b'{"object": "page", "entry": []}', "object"),
        (b'{"object": "whatsapp_business_account"}', "entry"),
        (b'{"object": "whatsapp_business_account", "entry": {}}', "entry"),
    ],
)
def test_what_is_not_metas_is_refused_by_its_field(body: bytes, field: str) -> None:
    with pytest.raises(MalformedError) as refused:
        WHATSAPP.read(body)
    assert refused.value.field == field


@settings(max_examples=300)
@given(mutated(lambda: [WHATSAPP.body(name) for name in SAYS]))
def test_a_mutated_update(body: bytes) -> None:
    WHATSAPP.check(body)


@settings(max_examples=150)
@given(anything)
def test_random_bytes_and_random_json(body: bytes) -> None:
    WHATSAPP.check(body)

"""What direct messages say, the same on Messenger as on Instagram."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.chat import Channel
from tests.ingest.metas import NOW, SENT_AT

NOBODY = {"name": None, "username": None, "language": None}


def chat(channel: Channel) -> dict[str, Any]:
    return {"channel": channel, "connection_id": "con_1", "contact_id": "7788"}


def message(channel: Channel, **said: Any) -> dict[str, Any]:
    return {
        "type": "message.received.v1",
        "id": "con_1/m_1",
        "chat": chat(channel),
        "sender": NOBODY,
        "message_id": "m_1",
        "time": SENT_AT,
    } | said


def attached(channel: Channel, kind: str, label: str, ref: str | None, **more: Any) -> list[dict[str, Any]]:
    return [message(channel, attachments=({"kind": kind, "ref": ref, "label": label},), **more)]


def own(channel: Channel, kind: str, value: str) -> dict[str, Any]:
    return {
        "type": "details.provided.v1",
        "id": "con_1/m_1/own",
        "chat": chat(channel),
        "details": ({"kind": kind, "value": value, "strength": "claimed"},),
        "how": "own_card",
    }


def unknown(kind: str) -> dict[str, Any]:
    return {"type": "update.unknown.v1", "kind": kind, "time": NOW, "connection_id": "con_1"}


def receipt(channel: Channel, status: str, ending: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "receipt.received.v1",
        "id": f"con_1/7788/{status}/{ending}",
        "chat": chat(channel),
        "time": SENT_AT,
        "status": status,
        "provider_message_ids": (),
        "until": None,
        "ledger_id": None,
        "reason": None,
    } | more


def until(millis: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=millis)


def direct(channel: Channel) -> dict[str, list[dict[str, Any]]]:
    """Say what both channels' recorded updates say."""
    press = {"type": "button.pressed.v1", "id": "con_1/m_1", "press_id": "m_1", "data": "topic:order"}
    press |= {"chat": chat(channel), "time": SENT_AT}
    photos = tuple({"kind": "photo", "ref": f"https://cdn.example/{n}", "label": "Photo"} for n in (1, 2))
    return {
        "text": [message(channel, text="Hello 👋", attachments=(), reply_to=None, referral=None, comment=None)],
        "quick_reply_ours": [press | {"message_id": "m_out"}],
        "quick_reply_of_others": [message(channel, text="Call us", card=None)],
        "quick_reply_own_phone": [
            message(channel, text="+4791234567", card={"phone": "+4791234567", "name": None, "own": False}),
            own(channel, "phone", "+4791234567"),
        ],
        "quick_reply_own_email": [
            message(channel, text="Ann@Example.com", card=None),
            own(channel, "email", "ann@example.com"),
        ],
        "postback_ours": [press | {"message_id": None}],
        "postback_get_started": [message(channel, text="Get started", referral="SHORTLINK summer")],
        "reply": [message(channel, text="that one", reply_to="m_41")],
        "image": [message(channel, text="", attachments=photos)],
        "from_an_advertisement": [message(channel, referral="ADS 120")],
        "edited": [
            {
                "type": "message.edited.v1",
                "id": "con_1/m_1/edit/2",
                "message_id": "m_1",
                "text": "Hello!",
                "chat": chat(channel),
            }
        ],
        "echo": [],
        "deleted": [unknown("message")],
        "unsupported": attached(channel, "other", "A kind of message that is not shown here", None),
        "reaction": [unknown("reaction")],
        "optin": [unknown("optin")],
        "referral_alone": [unknown("referral")],
        "of_another_account": [],
        "to_another_account": [],
        "standby": [unknown("entry")],
        "several_with_unreadable_ones": [
            unknown("entry"),
            message(channel, text="1"),
            unknown("message"),
            unknown("messaging"),
            message(channel, id="con_1/m_2", message_id="m_2", text="2"),
            message(channel, id="con_1/m_3", message_id="m_3", text="3"),
        ],
    }

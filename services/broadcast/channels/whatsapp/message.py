"""From a message of ours to what WhatsApp's `messages` takes (Cloud API)."""

from typing import Any

from services.broadcast.channels.meta.texts import are_within, cut, fault_of
from services.broadcast.domain.delivery import Delivery
from shared.contracts.sending import MessageRequestedV1

MOST_CHARACTERS = 4096
MOST_REPLY_BUTTONS, REPLY_TITLE, REPLY_BODY = 3, 20, 1024
MOST_ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
MOST_DATA_BYTES = 200
"""Of a row; a reply button takes 256."""
MOST_CALLBACK = 512
LIST_KEY = "Menu"
"""What opens a list: a word that is read in all of our languages."""


def fault(message: MessageRequestedV1) -> str | None:
    """Say why WhatsApp would refuse a message however often it is sent, or None."""
    if len(message.text) > MOST_CHARACTERS:
        return f"the text has {len(message.text)} characters; WhatsApp takes at most {MOST_CHARACTERS}: shorten it"
    return fault_of(message, "WhatsApp", MOST_ROWS, MOST_DATA_BYTES)


def body(row: Delivery) -> dict[str, Any]:
    """Return the JSON of a request. WhatsApp has no key that shares a phone: it vouches for the number already."""
    found: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", **_to(row)}
    if len(row.id) <= MOST_CALLBACK:
        found["biz_opaque_callback_data"] = row.id  # comes back with each receipt
    if row.buttons:
        return found | {"type": "interactive", "interactive": _interactive(row)}
    return found | {"type": "text", "text": {"body": row.text, "preview_url": False}}


def _to(row: Delivery) -> dict[str, str]:
    """Name the person as WhatsApp knows them now: by phone, just as it gave it, only where that is all we have."""
    whom = row.address or row.chat.contact_id
    return {"to": whom} if whom.isdecimal() else {"recipient": whom}


def _interactive(row: Delivery) -> dict[str, Any]:
    fits = len(row.buttons) <= MOST_REPLY_BUTTONS and len(row.text) <= REPLY_BODY
    text = {"body": {"text": row.text}}
    if fits and are_within(row.buttons, REPLY_TITLE):
        buttons = [{"type": "reply", "reply": {"id": b.data, "title": b.text}} for b in row.buttons]
        return {"type": "button", **text, "action": {"buttons": buttons}}
    rows: list[dict[str, str]] = []
    for button in row.buttons:
        whole = {"id": button.data, "title": cut(button.text, ROW_TITLE)}
        long = len(button.text) > ROW_TITLE
        rows.append(whole | {"description": cut(button.text, ROW_DESCRIPTION)} if long else whole)
    return {"type": "list", **text, "action": {"button": LIST_KEY, "sections": [{"rows": rows}]}}

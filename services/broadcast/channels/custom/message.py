"""From a message of ours to what is posted to an adapter, and its signature."""

import hashlib
import hmac
import json

from services.broadcast.domain.delivery import Delivery
from shared.contracts.sending import MessageRequestedV1

MOST_TEXT_BYTES = 64 * 1024


def fault(message: MessageRequestedV1) -> str | None:
    """Say why a message is none to deliver, or None. What a channel cannot carry its adapter says itself."""
    if not message.text.strip():
        return "the text is empty"
    size = len(message.text.encode())
    if size > MOST_TEXT_BYTES:
        return f"the text has {size} bytes; adapters are given at most {MOST_TEXT_BYTES}: shorten it"
    return None


def body_of(row: Delivery) -> bytes:
    """Return the JSON of a delivery. Fields may be added; none is left out."""
    return json.dumps(
        {
            "id": row.id,
            "connection_id": row.connection_id,
            "contact_id": row.chat.contact_id,
            "text": row.text,
            "buttons": [{"text": button.text, "data": button.data} for button in row.buttons],
            "ask_contact": row.ask_contact,
            "acknowledges": row.acknowledges,
            "origin": row.origin,
        },
        ensure_ascii=False,
    ).encode()


def headers_of(row: Delivery, body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """Return what names a delivery and proves that it is ours. `timestamp` is seconds since 1970."""
    signed = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Kith-Delivery": row.id,
        "X-Kith-Timestamp": str(timestamp),
        "X-Kith-Signature": f"v1={signed}",
    }

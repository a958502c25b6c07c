"""From a message of ours to what Messenger's Send API takes."""

from typing import Any

from services.broadcast.channels.meta.texts import cut, fault_of
from services.broadcast.domain.delivery import Delivery
from shared.contracts.sending import MessageRequestedV1

MOST_CHARACTERS = 2000
MOST_REPLIES, REPLY_TITLE = 13, 20
MOST_DATA_BYTES = 1000


def fault(message: MessageRequestedV1) -> str | None:
    """Say why Messenger would refuse a message however often it is sent, or None."""
    if len(message.text) > MOST_CHARACTERS:
        return f"the text has {len(message.text)} characters; Messenger takes at most {MOST_CHARACTERS}: shorten it"
    return fault_of(message, "Messenger", MOST_REPLIES, MOST_DATA_BYTES)


def body(row: Delivery) -> dict[str, Any]:
    """Return the JSON of a request."""
    replies: list[dict[str, str]] = [
        {"content_type": "text", "title": cut(b.text, REPLY_TITLE), "payload": b.data} for b in row.buttons
    ]
    if row.ask_contact and len(replies) < MOST_REPLIES:
        replies.append({"content_type": "user_phone_number"})
    said = {"text": row.text} | ({"quick_replies": replies} if replies else {})
    recipient = {"comment_id": row.answers_comment} if row.answers_comment else {"id": row.chat.contact_id}
    if row.human_agent:
        return {"recipient": recipient, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": said}
    return {"recipient": recipient, "messaging_type": "RESPONSE", "message": said}

"""From a message of ours to what Instagram's `messages` takes."""

from typing import Any

from services.broadcast.channels.meta.texts import cut, fault_of
from services.broadcast.domain.delivery import Delivery
from shared.contracts.sending import MessageRequestedV1

MOST_BYTES = 1000
"""Of a text."""
MOST_REPLIES, REPLY_TITLE = 13, 20
MOST_DATA_BYTES = 1000


def fault(message: MessageRequestedV1) -> str | None:
    """Say why Instagram would refuse a message however often it is sent, or None."""
    size = len(message.text.encode())
    if size > MOST_BYTES:
        return f"the text has {size} bytes; Instagram takes at most {MOST_BYTES}: shorten it"
    return fault_of(message, "Instagram", MOST_REPLIES, MOST_DATA_BYTES)


def body(row: Delivery) -> dict[str, Any]:
    """Return the JSON of a request: to the person, or once in private to who wrote a comment."""
    replies = [{"content_type": "text", "title": cut(b.text, REPLY_TITLE), "payload": b.data} for b in row.buttons]
    said = {"text": row.text} | ({"quick_replies": replies} if replies else {})
    recipient = {"comment_id": row.answers_comment} if row.answers_comment else {"id": row.chat.contact_id}
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if row.human_agent else {}
    return {"recipient": recipient, "message": said, **tagged}

"""`POST /{page_id}/messages` and `POST /{ig_id}/messages` (Send API)."""

from typing import Any

from deploy.sandbox.meta import updates
from deploy.sandbox.meta.calls import Call, Result
from deploy.sandbox.meta.chats import WINDOW, Chat
from deploy.sandbox.meta.errors import missing, of_code, wrong
from deploy.sandbox.meta.receipts import Receipts
from deploy.sandbox.meta.updates import Updates, new_mid

MOST_TEXT, MOST_BYTES = 2000, 1000
"""Messenger counts characters, Instagram bytes."""
MOST_REPLIES, MOST_PAYLOAD, SHOWN_TITLE = 13, 1000, 20
COMMENT_SECONDS = 7 * 24 * 3600.0
"""How long a comment can be answered, once; and how long a human agent may write after a person's last message."""
OUTSIDE = {"messenger": 2018278, "instagram": 2534022}


def send(call: Call, receipts: Receipts, told: Updates) -> Result:
    """Write to a person, or once in private to who commented. What is wrong shows at once."""
    recipient = call.inside("recipient")
    action = call.text("sender_action")
    if action:
        chat = _person(call, recipient)
        return Result({"recipient_id": chat.chat_id}, chat_id=chat.chat_id)
    body, media = _content(call)
    chat, comment_id = _whom(call, recipient)
    if call.limited:
        account = call.account
        refused = call.state.limits.take(account.channel, account.account_id, chat.chat_id, call.now, media=media)
        if refused is not None:
            raise refused
    if chat.blocked:
        raise of_code(551, 1545041)
    if comment_id is None:
        _check_window(call, chat)
    else:
        call.state.chats.answered(comment_id)
        body["answers_comment"] = comment_id
    mid = new_mid(call.account.channel)
    message = call.state.chats.add(chat, mid, body, call.now, "accepted")
    field = "message_echoes" if call.account.channel == "messenger" else "messages"
    told.put(call.account, field, updates.echo(call.account, chat, call.now, {"mid": mid, "text": body["text"]}))
    receipts.of_new(call.account, chat, message, None)
    return Result({"recipient_id": chat.chat_id, "message_id": mid}, delivered=True, chat_id=chat.chat_id)


def _check_window(call: Call, chat: Chat) -> None:
    by_human = call.text("messaging_type") == "MESSAGE_TAG" and call.text("tag") == "HUMAN_AGENT"
    if not chat.is_open(call.now, COMMENT_SECONDS if by_human else WINDOW):
        raise of_code(10, OUTSIDE[call.account.channel])


def _whom(call: Call, recipient: dict[str, Any]) -> tuple[Chat, str | None]:
    comment_id = recipient.get("comment_id")
    if comment_id is None:
        return _person(call, recipient), None
    found = call.state.chats.comment(call.account.account_id, str(comment_id))
    if found is None:
        raise of_code(100, 2018292)
    chat_id, at, answered = found
    if answered:
        raise of_code(10900)
    if call.now - at > COMMENT_SECONDS:
        raise of_code(10902)
    chat = call.state.chats.get(call.account.account_id, chat_id)
    assert chat is not None  # noqa: S101  who comments has a chat
    return chat, str(comment_id)


def _person(call: Call, recipient: dict[str, Any]) -> Chat:
    if not recipient.get("id"):
        raise missing("recipient")
    chat = call.state.chats.get(call.account.account_id, str(recipient["id"]))
    if chat is None:
        raise of_code(100, 2018001)
    return chat


def _content(call: Call) -> tuple[dict[str, Any], bool]:
    """Read what is shown of a message; and whether it is media."""
    message = call.inside("message")
    if not message:
        raise missing("message")
    attachment = message.get("attachment")
    if isinstance(attachment, dict):
        return _attached(attachment)
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise missing("message[text]")
    if call.account.channel == "messenger" and len(text) > MOST_TEXT:
        raise wrong(f"Length of param message[text] must be less than or equal to {MOST_TEXT}")
    if call.account.channel == "instagram" and len(text.encode()) > MOST_BYTES:
        raise wrong(f"Length of param message[text] must be less than or equal to {MOST_BYTES} bytes")
    body: dict[str, Any] = {"kind": "text", "text": text}
    replies = message.get("quick_replies") or []
    if len(replies) > MOST_REPLIES:
        raise wrong(f"param message[quick_replies] has too many elements; at most {MOST_REPLIES}")
    if replies:
        body |= _quick(call, replies)
    return body, False


def _quick(call: Call, replies: list[dict[str, Any]]) -> dict[str, Any]:
    buttons: list[dict[str, str]] = []
    asks_phone = False
    for reply in replies:
        if reply.get("content_type") == "user_phone_number" and call.account.channel == "messenger":
            asks_phone = True
            continue
        title, payload = str(reply.get("title", "")), str(reply.get("payload", ""))
        if reply.get("content_type") != "text" or not title or not payload:
            raise wrong("param message[quick_replies] needs content_type, title and payload in each element")
        if len(payload) > MOST_PAYLOAD:
            raise wrong(f"Length of a quick reply's payload must be less than or equal to {MOST_PAYLOAD}")
        buttons.append({"text": title[:SHOWN_TITLE], "data": payload})
    return {"buttons": buttons, "form": "quick", "asks_phone": asks_phone}


def _attached(attachment: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    payload = attachment.get("payload") or {}
    if attachment.get("type") != "template":
        shown = {"image": "photo", "audio": "voice"}.get(str(attachment.get("type")), "document")
        return {"kind": shown, "text": ""}, True
    if payload.get("template_type") != "button" or not payload.get("text"):
        raise wrong("The sandbox shows templates of template_type button alone")
    buttons = [
        {"text": str(button.get("title", "")), "data": str(button.get("payload", ""))}
        for button in payload.get("buttons") or []
        if button.get("type") == "postback"
    ]
    return {"kind": "text", "text": str(payload["text"]), "buttons": buttons, "form": "postback"}, False

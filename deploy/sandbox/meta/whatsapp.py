"""`POST /{phone_number_id}/messages` (Cloud API)."""

from typing import Any

from deploy.sandbox.meta.calls import Call, Result
from deploy.sandbox.meta.chats import Chat
from deploy.sandbox.meta.errors import GraphError, invalid, missing, of_code
from deploy.sandbox.meta.receipts import Receipts
from deploy.sandbox.meta.updates import new_mid

MOST_TEXT, MOST_BODY, MOST_CALLBACK = 4096, 1024, 512
MOST_BUTTONS, MOST_TITLE, MOST_ID = 3, 20, 256
MOST_ROWS, MOST_ROW_TITLE, MOST_ROW_DESCRIPTION, MOST_ROW_ID, MOST_KEY = 10, 24, 72, 200, 20
TEMPLATES = {("hello_world", "en_US"): "utility", ("offer", "en_US"): "marketing"}
"""Approved ones, by name and language: what may be said outside the window."""


def send(call: Call, receipts: Receipts) -> Result:
    """Take one message, or note that one was read. Most of what is wrong with a recipient shows later, by a status."""
    if call.text("messaging_product") != "whatsapp":
        raise missing("messaging_product")
    if call.text("status"):
        return _mark_read(call)
    body, category = _content(call)
    given = call.text("biz_opaque_callback_data")
    if len(given) > MOST_CALLBACK:
        raise invalid(f"Param biz_opaque_callback_data must be at most {MOST_CALLBACK} characters long.")
    named, chat, key = _recipient(call)
    if call.limited:
        refused = call.state.limits.take("whatsapp", call.account.account_id, key, call.now)
        if refused is not None:
            raise refused
    mid = new_mid("whatsapp")
    answer = {"messaging_product": "whatsapp", "contacts": [named], "messages": [{"id": mid}]}
    if chat is None:
        _fail_for_nobody(call, receipts, key, mid, given)
        return Result(answer, chat_id=key)
    failed = call.fails_later or _why_not(call, chat, category)
    noted = {**body, "callback": given} if given else body
    if failed is not None:
        noted["error"] = f"{failed.code}: {failed.details or failed.message}"
    message = call.state.chats.add(chat, mid, noted, call.now, "accepted")
    receipts.of_new(call.account, chat, message, failed)
    return Result(answer, delivered=failed is None, chat_id=chat.chat_id)


def _why_not(call: Call, chat: Chat, category: str | None) -> GraphError | None:
    if chat.blocked:
        return of_code(131026)
    if category == "marketing" and chat.marketing_stopped:
        return of_code(131050)
    if category is None and not chat.is_open(call.now):
        return of_code(131047)
    return None


def _recipient(call: Call) -> tuple[dict[str, str], Chat | None, str]:
    """Find whom it is for: the answer's `contacts`, the chat, and what names them to the limits."""
    to, user_id = call.text("to"), call.text("recipient")
    if not to and not user_id:
        raise missing("to")
    if to:  # the phone counts where both are given
        phone = "".join(one for one in to if one.isdecimal())
        if not phone:
            raise invalid("Param to is not a phone number.")
        chat = call.state.chats.of_phone(call.account.account_id, phone)
        return {"input": to, "wa_id": phone}, chat, chat.chat_id if chat else phone
    chat = call.state.chats.get(call.account.account_id, user_id)
    gone = chat is None or chat.moved_to is not None or chat.user_id is None
    return {"input": user_id, "user_id": user_id}, None if gone else chat, user_id


def _fail_for_nobody(call: Call, receipts: Receipts, key: str, mid: str, callback: str) -> None:
    """Let a message to a number without WhatsApp fail; no chat is made of it."""
    phone = {"phone": key, "shows_phone": True} if key.isdecimal() else {}
    nobody = Chat(
        account_id=call.account.account_id, chat_id=key, person={"name": key, **phone}, blocked=False,
        marketing_stopped=False, wrote_at=None, moved_to=None, changed_at=call.now,
    )  # fmt: skip
    receipts.of_nobody(call.account, nobody, mid, callback, call.fails_later or of_code(131026))


def _mark_read(call: Call) -> Result:
    message = call.state.chats.of_mid(call.account.account_id, call.text("message_id"))
    if call.text("status") != "read" or message is None or message.by_business:
        raise invalid("Param message_id is no message that was received.")
    return Result({"success": True})


def _content(call: Call) -> tuple[dict[str, Any], str | None]:
    """Read what is shown of a message; the category, where it is a template."""
    kind = call.text("type") or "text"
    if kind == "text":
        text = call.inside("text").get("body")
        if not isinstance(text, str) or not text.strip():
            raise missing("text['body']")
        if len(text) > MOST_TEXT:
            raise invalid(f"Param text['body'] must be at most {MOST_TEXT} characters long.")
        return {"kind": "text", "text": text}, None
    if kind == "interactive":
        return _interactive(call.inside("interactive")), None
    if kind == "template":
        template = call.inside("template")
        name = str(template.get("name", ""))
        language = template.get("language")
        code = str(language.get("code", "")) if isinstance(language, dict) else ""
        category = TEMPLATES.get((name, code))
        if category is None:
            raise of_code(132001, details=f"template name ({name}) does not exist in {code or 'no language'}")
        return {"kind": "text", "text": f"Template “{name}”"}, category
    if kind in {"image", "video", "audio", "document", "sticker"}:
        media = call.inside(kind)
        if not media.get("id") and not media.get("link"):
            raise missing(f"{kind}['link']")
        shown = {"image": "photo", "audio": "voice"}.get(kind, "document")
        return {"kind": shown, "text": str(media.get("caption", ""))}, None
    raise invalid(f"Param type must be one that the sandbox knows: {kind} is none.")


def _interactive(found: dict[str, Any]) -> dict[str, Any]:
    text = (found.get("body") or {}).get("text")
    if not isinstance(text, str) or not text:
        raise missing("interactive['body']['text']")
    action = found.get("action") or {}
    if found.get("type") == "button":
        _within(text, MOST_BODY, "interactive['body']['text']")
        replies = [button.get("reply") or {} for button in action.get("buttons") or []]
        buttons = _choices(replies, MOST_BUTTONS, MOST_TITLE, MOST_ID, "interactive['action']['buttons']")
        return {"kind": "text", "text": text, "buttons": buttons, "form": "reply"}
    if found.get("type") == "list":
        _within(text, MOST_TEXT, "interactive['body']['text']")
        key = action.get("button")
        if not isinstance(key, str) or not key:
            raise missing("interactive['action']['button']")
        _within(key, MOST_KEY, "interactive['action']['button']")
        rows = [row for section in action.get("sections") or [] for row in section.get("rows") or []]
        for row in rows:
            _within(str(row.get("description", "")), MOST_ROW_DESCRIPTION, "description of a row")
        buttons = _choices(rows, MOST_ROWS, MOST_ROW_TITLE, MOST_ROW_ID, "interactive['action']['sections']")
        return {"kind": "text", "text": text, "buttons": buttons, "form": "list", "key": key}
    raise invalid("Param interactive['type'] must be one of {BUTTON, LIST}.")


def _choices(items: list[dict[str, Any]], most: int, title: int, id_: int, where: str) -> list[dict[str, str]]:
    if not 0 < len(items) <= most:
        raise invalid(f"Param {where} must have 1 to {most} items.")
    found = [
        {"text": str(item.get("title", "")), "data": str(item.get("id", ""))}
        | ({"description": str(item["description"])} if item.get("description") else {})
        for item in items
    ]
    for one in found:
        if not one["text"] or not one["data"]:
            raise invalid(f"Each of {where} needs an id and a title.")
        _within(one["text"], title, f"title in {where}")
        _within(one["data"], id_, f"id in {where}")
    if len({one["data"] for one in found}) < len(found):
        raise invalid(f"Each of {where} needs an id of its own.")
    return found


def _within(text: str, most: int, where: str) -> None:
    if len(text) > most:
        raise invalid(f"Param {where} must be at most {most} characters long.")

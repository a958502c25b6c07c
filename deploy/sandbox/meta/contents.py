"""What a person's things look like in Meta's updates, and how the sandbox shows them. Plain values in and out."""

import hashlib
import secrets
from typing import Any

from deploy.sandbox.meta.chats import Message
from deploy.sandbox.meta.forms import Contact, Referral, Say

JSON = dict[str, Any]
PLACE = (59.911491, 10.733632)
"""Oslo's town hall."""


def shown(say: Say) -> JSON:
    """Make what the sandbox shows of something written, shared or sent."""
    if say.text is not None:
        return {"kind": "text", "text": say.text}
    if say.contact is not None:
        return {"kind": "contact", "text": "", "contact": {"phone": say.contact.phone, "name": say.contact.name}}
    return {"kind": say.action, "text": say.caption or ""}


def on_whatsapp(say: Say, answered: Message | None, display_phone: str) -> JSON:
    """Make a WhatsApp message's content: its type, and what is of that type."""
    context = {"context": {"from": display_phone, "id": answered.mid}} if answered else {}
    if say.text is not None:
        led = {"referral": _advertisement(say.referral)} if say.referral else {}
        return {"type": "text", "text": {"body": say.text}, **context, **led}
    if say.contact is not None:
        return {"type": "contacts", "contacts": [_card(say.contact)]}
    if say.location:
        return {"type": "location", "location": {"latitude": PLACE[0], "longitude": PLACE[1], "name": "Rådhuset"}}
    caption = {"caption": say.caption} if say.caption else {}
    if say.photo:
        return {"type": "image", "image": {**caption, **_media("image/jpeg")}}
    if say.document:
        return {"type": "document", "document": {**caption, "filename": "letter.pdf", **_media("application/pdf")}}
    return {"type": "audio", "audio": {**_media("audio/ogg; codecs=opus"), "voice": True}}


def pressed_on_whatsapp(message: Message, button: JSON, display_phone: str) -> JSON:
    """Make what comes of a press: of a reply button, or of a line of a list."""
    kind = "list_reply" if message.body.get("form") == "list" else "button_reply"
    chosen = {"id": button["data"], "title": button["text"]}
    if kind == "list_reply" and button.get("description"):
        chosen["description"] = button["description"]
    context = {"from": display_phone, "id": message.mid}
    return {"type": "interactive", "interactive": {"type": kind, kind: chosen}, "context": context}


def edited_on_whatsapp(message: Message, text: str) -> JSON:
    """Make what is told of an edit: the whole message as it reads now, without its id and its time."""
    kind = {"photo": "image", "document": "document"}.get(message.body["kind"])
    if kind is None:
        new: JSON = {"type": "text", "text": {"body": text}}
    else:
        mime_type = "image/jpeg" if kind == "image" else "application/pdf"
        new = {"type": kind, kind: {"caption": text, **_media(mime_type)}}
    return {"type": "edit", "edit": {"original_message_id": message.mid, "message": new}}


def direct(say: Say, mid: str, answered: Message | None) -> JSON:
    """Make a message to a page or an Instagram account."""
    if say.text is not None:
        message: JSON = {"mid": mid, "text": say.text}
        if answered is not None:
            message["reply_to"] = {"mid": answered.mid}
        if say.referral is not None:
            message["referral"] = referral(say.referral)
        return {"message": message}
    if say.contact is not None:
        phone = f"+{say.contact.phone}"
        return {"message": {"mid": mid, "text": phone, "quick_reply": {"payload": phone}}}
    caption = {"text": say.caption} if say.caption else {}
    return {"message": {"mid": mid, **caption, "attachments": [_attachment(say)]}}


def pressed_direct(message: Message, button: JSON, mid: str) -> tuple[str, JSON]:
    """Make what comes of a press, and the field that it comes in: a quick reply is a message, a button stays."""
    if message.body.get("form") == "postback":
        return "messaging_postbacks", {"postback": {"mid": mid, "title": button["text"], "payload": button["data"]}}
    reply = {"quick_reply": {"payload": button["data"]}, "reply_to": {"mid": message.mid}}
    return "messages", {"message": {"mid": mid, "text": button["text"], **reply}}


def referral(led: Referral) -> JSON:
    """Write what led a person to a page."""
    if led.source == "link":
        return {"ref": led.id, "source": "SHORTLINK", "type": "OPEN_THREAD"}
    return {"source": "ADS", "type": "OPEN_THREAD", "ad_id": led.id, "ref": "sandbox"}


def _advertisement(led: Referral) -> JSON:
    return {
        "source_url": "https://fb.me/sandbox" if led.source != "link" else f"https://wa.me/{led.id}",
        "source_id": led.id,
        "source_type": led.source,
        "headline": "Chairs",
        "body": "Made in the sandbox",
        "media_type": "image",
        "ctwa_clid": secrets.token_urlsafe(24),
    }


def _card(contact: Contact) -> JSON:
    first, _, last = contact.name.partition(" ")
    name = {"formatted_name": contact.name, "first_name": first} | ({"last_name": last} if last else {})
    phones = [{"phone": f"+{contact.phone}", "wa_id": contact.phone, "type": "CELL"}]
    return {"name": name, "phones": phones}


def _media(mime_type: str) -> JSON:
    number = secrets.randbelow(10**16)
    return {"mime_type": mime_type, "sha256": hashlib.sha256(str(number).encode()).hexdigest(), "id": str(number)}


def _attachment(say: Say) -> JSON:
    if say.location:
        coordinates = {"lat": PLACE[0], "long": PLACE[1]}
        return {"type": "location", "payload": {"coordinates": coordinates}}
    kind = "image" if say.photo else "file" if say.document else "audio"
    return {"type": kind, "payload": {"url": f"https://lookaside.example/{secrets.token_hex(12)}"}}

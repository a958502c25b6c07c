"""What came with a direct message, in words; and what led the person here."""

from services.ingest.channels.meta.updates import Attached, Message, Referral
from shared.contracts.chat import Attachment, AttachmentKind

_KINDS: dict[str, tuple[AttachmentKind, str]] = {
    "image": ("photo", "Photo"),
    "video": ("video", "Video"),
    "audio": ("audio", "Audio"),
    "file": ("document", "Document"),
    "story_mention": ("other", "Story mention"),
    "share": ("other", "Shared post"),
    "ig_post": ("other", "Shared post"),
    "reel": ("video", "Reel"),
    "ig_reel": ("video", "Reel"),
    "fallback": ("other", "Link"),
    "template": ("other", "Card"),
}
NOT_SHOWN = "A kind of message that is not shown here"


def attachments_of(message: Message) -> tuple[Attachment, ...]:
    """Label what came with a message, in its order."""
    found = tuple(_attachment(one) for one in message.attachments or ())
    if message.reply_to is not None and message.reply_to.story is not None:
        found = (*found, Attachment(kind="other", ref=message.reply_to.story.id, label="Reply to a story"))
    if message.is_unsupported and not found:
        return (Attachment(kind="other", label=NOT_SHOWN),)
    return found


def referral_of(referral: Referral | None) -> str | None:
    """Name what led the person here: the kind of source, and the advertisement's id or the link's own word."""
    if referral is None:
        return None
    return " ".join(part for part in (referral.source or referral.type, referral.ad_id or referral.ref) if part) or None


def _attachment(one: Attached) -> Attachment:
    payload = one.payload
    if payload is not None and payload.sticker_id is not None:
        return Attachment(kind="sticker", ref=payload.url, label="Sticker")
    if one.type == "location" and payload is not None and payload.coordinates is not None:
        place = f"{payload.coordinates.lat:.5f}, {payload.coordinates.long:.5f}"
        return Attachment(kind="location", ref=place, label=f"Location: {place}")
    kind, label = _KINDS.get(one.type, ("other", NOT_SHOWN))
    title = payload.title if payload is not None else None
    return Attachment(kind=kind, ref=payload.url if payload else None, label=f"{label}: {title}" if title else label)

"""What a WhatsApp message holds: its text, what came with it, and a shared card."""

from dataclasses import dataclass

from services.ingest.channels.whatsapp.updates import Card, FormAnswer, Location, Message, Referral
from shared.contracts.chat import Attachment, AttachmentKind, ContactCard

_MEDIA: dict[str, tuple[AttachmentKind, str]] = {
    "image": ("photo", "Photo"),
    "video": ("video", "Video"),
    "audio": ("audio", "Audio"),
    "voice": ("voice", "Voice message"),
    "document": ("document", "Document"),
    "sticker": ("sticker", "Sticker"),
}
NOT_SHOWN = "A kind of message that is not shown here"


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown of a message."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    card: ContactCard | None = None


def content_of(message: Message) -> Content | None:
    """Read a message's content by its type; None where it is no message that somebody wrote."""
    match message.type:
        case "text":
            found = Content(message.text.body) if message.text else None
        case "location":
            found = _location(message.location) if message.location else None
        case "contacts":
            found = _cards(message.contacts) if message.contacts else None
        case "button":
            found = Content(message.button.text) if message.button else None
        case "interactive":
            found = _form(message.interactive.nfm_reply if message.interactive else None)
        case "unsupported":
            found = Content(attachments=(Attachment(kind="other", label=NOT_SHOWN),))
        case "order":
            found = Content(attachments=(Attachment(kind="other", label="Order"),))
        case kind:
            found = _media(message, kind) if kind in _MEDIA else None
    return found


def referral_of(referral: Referral | None) -> str | None:
    """Name what led the person here: the kind of source, and its id or else its address."""
    if referral is None:
        return None
    where = referral.source_id or referral.source_url
    return " ".join(part for part in (referral.source_type, where) if part) or None


def _media(message: Message, kind: str) -> Content | None:
    media = getattr(message, kind)
    if media is None:
        return None
    attachment, label = _MEDIA["voice" if media.voice else kind]
    label = f"{label}: {media.filename}" if media.filename else label
    return Content(media.caption or "", (Attachment(kind=attachment, ref=media.id, label=label),))


def _location(location: Location) -> Content:
    place = f"{location.latitude:.5f}, {location.longitude:.5f}"
    return Content(attachments=(Attachment(kind="location", ref=place, label=f"Location: {place}"),))


def _form(answer: FormAnswer | None) -> Content | None:
    if answer is None:
        return None
    label = f"Form: {answer.name}" if answer.name else "Form"
    return Content(answer.body, (Attachment(kind="other", label=label),))


def _cards(cards: list[Card]) -> Content:
    label = "Contact card" if len(cards) == 1 else f"{len(cards)} contact cards"
    return Content(attachments=(Attachment(kind="contact", label=label),), card=_card(cards[0]))


def _card(card: Card) -> ContactCard | None:
    """Return a card's first phone. WhatsApp does not say whose card it is: it is never taken for the sender's own."""
    phones = (one.wa_id or one.phone for one in card.phones or ())
    phone = next((phone for phone in phones if phone), None)
    name = card.name.formatted_name if card.name is not None else None
    return ContactCard(phone=phone, name=name, own=False) if phone else None

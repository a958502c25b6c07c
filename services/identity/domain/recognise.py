"""From what happened in chats to who wrote there: a fold per chat contact, without a clock or a database.

Events may come twice and out of order, the outcome is the same: every field is the newest, the oldest or the
strictest of what was ever said (docs/decisions/0020).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.identity.domain.millis import to_millis
from services.identity.domain.people import ChatContact, Mark, Told
from shared.contracts.chat import (
    Attachment,
    ButtonPressedV1,
    ChatBlockedV1,
    ChatEvent,
    ChatUnblockedV1,
    DetailsProvidedV1,
    MessageEditedV1,
    MessageReceivedV1,
    Sender,
    SignedInV1,
)
from shared.contracts.sending import DeliveryUpdatedV1

MARK_CHARACTERS = 280
NAME_CHARACTERS = 256
"""No channel's names are longer; one that is would fill a transaction."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a batch came to."""

    events: Sequence[ChatEvent]
    contacts: Mapping[str, ChatContact]
    """Everybody the batch is about, as they are now."""
    changed: tuple[ChatContact, ...]
    """Those that it changed or made, each with its rev raised by one."""
    without_effect: tuple[ChatEvent, ...]
    """Events that changed nothing: they came before, or newer ones did."""


def recognise(events: Sequence[ChatEvent], known: Mapping[str, ChatContact], now: datetime) -> Recognised:
    """Decide who each sender is. `known` holds every chat contact there is of those that the events are about."""
    found: dict[str, ChatContact] = {}
    without_effect: list[ChatEvent] = []
    for event in events:
        id_ = event.chat_contact_id
        stored = known.get(id_)
        before = found.get(id_) or stored
        after = fold(before, event, rev=stored.rev + 1 if stored else 1, changed_at=now)
        if after is before:
            without_effect.append(event)
        if after is not None:
            found[id_] = after
    changed = tuple(contact for id_, contact in found.items() if contact is not known.get(id_))
    return Recognised(events, found, changed, tuple(without_effect))


def fold(contact: ChatContact | None, event: ChatEvent, **and_then: Any) -> ChatContact | None:  # noqa: ANN401
    """Take one event in. The same object comes back where it says nothing new; where it does, so is `and_then`."""
    if isinstance(event, DeliveryUpdatedV1) and event.reason not in {"blocked", "deactivated"}:
        return contact
    if contact is None:
        newcomer = _newcomer(event)
        return newcomer.with_news({**_news(newcomer, event), **and_then})
    news = _news(contact, event)
    return contact.with_news({**news, **and_then}) if news else contact


def _newcomer(event: ChatEvent) -> ChatContact:
    return ChatContact(
        id=event.chat_contact_id,
        workspace_id=event.workspace_id,
        channel=event.chat.channel,
        connection_id=event.chat.connection_id,
        contact_id=event.chat.contact_id,
        created_at=event.time,
        changed_at=event.time,
    )


def _news(contact: ChatContact, event: ChatEvent) -> dict[str, Any]:
    """Return the fields that an event changes."""
    news: dict[str, Any] = {}
    match event:
        case MessageReceivedV1():
            news = _sender_news(contact, event.sender, event)
            words = _words(event.text, event.attachments)
            news |= _mark_news(contact, Mark(event.message_id, event.time, words, to_millis(event.time), event.id))
        case MessageEditedV1():
            news = _sender_news(contact, event.sender, event)
            news |= _edit_news(contact, event)
        case ButtonPressedV1() | DetailsProvidedV1() | SignedInV1():
            news = _sender_news(contact, event.sender, event)
        case ChatBlockedV1():
            news = _block_news(contact, blocked=True, at=event.time, by=event.id)
        case ChatUnblockedV1():
            news = _block_news(contact, blocked=False, at=event.time, by=event.id)
        case DeliveryUpdatedV1():
            news = _block_news(contact, blocked=True, at=event.time, by="")
        case _:
            return news
    if event.time < contact.created_at:
        news["created_at"] = event.time
    return news


def _sender_news(contact: ChatContact, sender: Sender, event: ChatEvent) -> dict[str, Any]:
    news: dict[str, Any] = {}
    at = to_millis(event.time)
    for field, value, before in (
        ("told_name", sender.name, contact.told_name),
        ("told_username", sender.username, contact.told_username),
        ("told_language", sender.language, contact.told_language),
    ):
        if value and (before is None or before.gives_way_to(at, event.id)):
            news[field] = Told(value[:NAME_CHARACTERS], at, event.id)
    if event.chat.channel == "whatsapp":  # the one channel that knows people by more than one id
        told = contact.told_address
        if told is None or told.gives_way_to(at, event.id):
            news["told_address"] = Told(event.address or contact.contact_id, at, event.id)
    return news


def _block_news(contact: ChatContact, *, blocked: bool, at: datetime, by: str) -> dict[str, Any]:
    """Of two at the same moment the provider's own order counts; a block without one (`by` empty) outlasts both."""
    if contact.blocked_at is not None:
        if at < contact.blocked_at:
            return {}
        if at == contact.blocked_at and (not contact.blocked_by or "" < by <= contact.blocked_by):
            return {}
    return {"blocked": blocked, "blocked_at": at, "blocked_by": by}


def _edit_news(contact: ChatContact, event: MessageEditedV1) -> dict[str, Any]:
    """Take in all that an edit says of its message.

    Where the provider leaves out when the message was sent, it must be known already.
    """
    sent = _moment(event.sent_at)
    if sent is None:
        marks = (contact.first_message, contact.last_message)
        sent = next((mark.at for mark in marks if mark and mark.id == event.message_id), None)
    if sent is None:
        return {}
    words = _words(event.text, event.attachments)
    return _mark_news(contact, Mark(event.message_id, sent, words, to_millis(event.time), event.id))


def _mark_news(contact: ChatContact, mark: Mark) -> dict[str, Any]:
    news: dict[str, Any] = {}
    first, last = contact.first_message, contact.last_message
    if first is None or (first.id != mark.id and mark.place < first.place) or _says_more(first, mark):
        news["first_message"] = mark
    if last is None or (last.id != mark.id and mark.place > last.place) or _says_more(last, mark):
        news["last_message"] = mark
    return news


def _says_more(before: Mark, mark: Mark) -> bool:
    return before.id == mark.id and (mark.told_at, mark.told_by) > (before.told_at, before.told_by)


def _words(text: str, attachments: tuple[Attachment, ...]) -> str:
    return (text or ", ".join(attachment.label for attachment in attachments))[:MARK_CHARACTERS]


def _moment(text: str | None) -> datetime | None:
    """Read an ISO 8601 time that came through the contract as text; None where it is none."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if found is None:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)

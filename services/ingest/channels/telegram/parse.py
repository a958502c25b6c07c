"""From Telegram's update to what happened. Pure: the clock is only asked for what Telegram does not date."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from pydantic import ValidationError

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.telegram.updates import (
    CallbackQuery,
    ChatMemberUpdated,
    Contact,
    Message,
    Update,
    User,
)
from services.ingest.domain.given import read_card_phone
from shared.contracts import chat

PRIVATE = "private"
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LABELS: tuple[tuple[str, chat.AttachmentKind, str], ...] = (
    ("animation", "video", "Animation"),
    ("video", "video", "Video"),
    ("video_note", "video", "Video message"),
    ("voice", "voice", "Voice message"),
    ("audio", "audio", "Audio"),
    ("document", "document", "Document"),
    ("sticker", "sticker", "Sticker"),
)


def parse_update(account: Account, body: bytes, now: Callable[[], datetime]) -> Sequence[Inbound]:
    """Read one update. What Telegram sends that Kith does not read yet is kept as unknown."""
    try:
        update = Update.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        raise MalformedError(".".join(str(part) for part in first["loc"]) or "body", first["msg"]) from error
    happened = _Happened(account, update.update_id, now)
    if update.message is not None:
        return happened.message(update.message) or happened.unknown("message", body)
    if update.edited_message is not None:
        return happened.edit(update.edited_message) or happened.unknown("edited_message", body)
    if update.callback_query is not None:
        return happened.press(update.callback_query) or happened.unknown("callback_query", body)
    if update.my_chat_member is not None:
        return happened.member(update.my_chat_member) or happened.unknown("my_chat_member", body)
    return happened.unknown(_kind(body), body)


def _kind(body: bytes) -> str:
    """Name an update that we do not know, by its one field beside the id, as Telegram names its fields."""
    names = sorted(name for name, value in json.loads(body).items() if name != "update_id" and value is not None)
    if not names:
        return "empty"
    return names[0] if _FIELD.fullmatch(names[0]) else "other"


class _Happened:
    """Makes the events of one update. Ids keep Telegram's order, so that a tie in a second is settled by it."""

    def __init__(self, account: Account, update_id: int, now: Callable[[], datetime]) -> None:
        self._account = account
        self._id = f"{account.connection_id}/{update_id:012d}"
        self._now = now

    def message(self, message: Message) -> Sequence[Inbound]:
        if not _from_a_person(message):
            return ()
        sender = _sender(message.sender)
        card = _card(message.contact, message.sender)
        where = self._where(message.chat.id)
        time = _time(message.date)
        events: list[Inbound] = [
            chat.MessageReceivedV1(
                id=self._id,
                time=time,
                workspace_id=self._account.workspace_id,
                chat=where,
                sender=sender,
                message_id=str(message.message_id),
                text=message.text or message.caption or "",
                attachments=_attachments(message),
                card=card,
                reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
            )
        ]
        phone = read_card_phone(card.phone) if card is not None else None
        if card is not None and phone is not None:
            events.append(
                chat.DetailsProvidedV1(
                    id=f"{self._id}/card",
                    time=time,
                    workspace_id=self._account.workspace_id,
                    chat=where,
                    details=(chat.Detail(kind="phone", value=phone, strength="verified" if card.own else "claimed"),),
                    how="own_card" if card.own else "others_card",
                    sender=sender,
                )
            )
        return events

    def edit(self, message: Message) -> Sequence[Inbound]:
        if not _from_a_person(message):
            return ()
        return (
            chat.MessageEditedV1(
                id=self._id,
                time=_time(message.edit_date or message.date),
                workspace_id=self._account.workspace_id,
                chat=self._where(message.chat.id),
                sender=_sender(message.sender),
                message_id=str(message.message_id),
                text=message.text or message.caption or "",
                attachments=_attachments(message),
                sent_at=_time(message.date).isoformat(),
            ),
        )

    def press(self, query: CallbackQuery) -> Sequence[Inbound]:
        if query.data is None or query.message is None or query.message.chat.type != PRIVATE:
            return ()
        return (
            chat.ButtonPressedV1(
                id=self._id,
                time=self._now(),  # Telegram does not date a press
                workspace_id=self._account.workspace_id,
                chat=self._where(query.message.chat.id),
                sender=_sender(query.sender),
                press_id=query.id,
                data=query.data,
                message_id=str(query.message.message_id),
            ),
        )

    def member(self, change: ChatMemberUpdated) -> Sequence[Inbound]:
        if change.chat.type != PRIVATE:
            return ()
        made = {"kicked": chat.ChatBlockedV1, "member": chat.ChatUnblockedV1}.get(change.new_chat_member.status)
        if made is None:
            return ()
        return (
            made(
                id=self._id,
                time=_time(change.date),
                workspace_id=self._account.workspace_id,
                chat=self._where(change.chat.id),
            ),
        )

    def unknown(self, kind: str, body: bytes) -> Sequence[Inbound]:
        return (
            chat.UpdateUnknownV1(
                id=self._id,
                time=self._now(),
                workspace_id=self._account.workspace_id,
                channel=self._account.channel,
                connection_id=self._account.connection_id,
                kind=kind,
                raw=body.decode(errors="replace"),
            ),
        )

    def _where(self, chat_id: int) -> chat.ChatRef:
        return chat.ChatRef(channel="telegram", connection_id=self._account.connection_id, contact_id=str(chat_id))


def _from_a_person(message: Message) -> bool:
    return message.chat.type == PRIVATE and message.sender is not None and not message.sender.is_bot


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _sender(user: User | None) -> chat.Sender:
    if user is None:
        return chat.Sender()
    name = f"{user.first_name} {user.last_name or ''}".strip()
    language = user.language_code.lower() if user.language_code else None
    return chat.Sender(name=name or None, username=user.username, language=language)


def _card(contact: Contact | None, sender: User | None) -> chat.ContactCard | None:
    if contact is None:
        return None
    name = f"{contact.first_name} {contact.last_name or ''}".strip()
    own = sender is not None and contact.user_id == sender.id
    return chat.ContactCard(phone=contact.phone_number, name=name or None, own=own)


def _attachments(message: Message) -> tuple[chat.Attachment, ...]:
    if message.text is not None:
        return ()
    if message.photo:
        return (chat.Attachment(kind="photo", ref=message.photo[-1].file_id, label="Photo"),)
    for name, kind, label in _LABELS:
        file = getattr(message, name)
        if file is not None:
            detail = file.file_name or file.emoji
            return (chat.Attachment(kind=kind, ref=file.file_id, label=f"{label}: {detail}" if detail else label),)
    if message.location is not None:
        place = f"{message.location.latitude:.5f}, {message.location.longitude:.5f}"
        return (chat.Attachment(kind="location", ref=place, label=f"Location: {place}"),)
    if message.contact is not None:
        return (chat.Attachment(kind="contact", label="Contact card"),)
    return (chat.Attachment(kind="other", label="A kind of message that is not shown here"),)

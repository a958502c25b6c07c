"""From WhatsApp's updates to what happened. Pure. What cannot be read is kept as unknown, beside all that can."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.ingest.channels.contract import Account
from services.ingest.channels.meta.buttons import is_ours
from services.ingest.channels.meta.envelope import Read, Reader, at_seconds, entries, objects
from services.ingest.channels.whatsapp.content import Content, content_of, referral_of
from services.ingest.channels.whatsapp.receipts import add_receipt
from services.ingest.channels.whatsapp.updates import Choice, Contact, Message, Metadata, Preference, Status
from services.ingest.channels.whatsapp.who import Person, digits, person, vouched
from services.ingest.domain.given import read_card_phone
from services.ingest.domain.known_by import KnownBy
from shared.contracts import chat

OBJECT = "whatsapp_business_account"
_CHANGED = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})
_PREFERENCES = {"stop": chat.MarketingStoppedV1, "resume": chat.MarketingResumedV1}


def read_whatsapp(account: Account, body: bytes, now: Callable[[], datetime]) -> Read:
    """Read one webhook. Raises `MalformedError` where the envelope is not Meta's."""
    reading = _Reading(Reader(account, "whatsapp", now))
    for entry in entries(body, OBJECT):
        if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
            reading.reader.unknown("entry", entry)
            continue
        for change in entry["changes"]:
            reading.change(change)
    return reading.reader.read


class _Reading:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._workspace = reader.account.workspace_id

    def change(self, change: Any) -> None:  # noqa: ANN401 - whatever Meta sent
        value = change.get("value") if isinstance(change, dict) else None
        field = str(change.get("field")) if isinstance(change, dict) else "change"
        if not isinstance(value, dict) or field not in {"messages", "user_preferences"}:
            self.reader.unknown(field, change)
            return
        try:
            number = Metadata.model_validate(value.get("metadata")).phone_number_id
        except ValidationError:
            self.reader.unknown(field, change)
            return
        if number != self.reader.account.account_id:
            self.reader.read.foreign += 1
            return
        contacts = _contacts(value)
        for name in ("messages", "statuses", "user_preferences", "errors"):
            for item in objects(value, name):
                if not self._take(name, item, contacts):
                    type_ = item.get("type") if isinstance(item, dict) else None
                    self.reader.unknown(f"{name}_{type_}" if isinstance(type_, str) else name, item)

    def _take(self, name: str, item: Any, contacts: Sequence[Contact]) -> bool:  # noqa: ANN401 - whatever Meta sent
        """Take one item of a list; False where it is nothing that we know, or cannot be read."""
        try:
            match name:
                case "messages":
                    return self._message(Message.model_validate(item), contacts)
                case "statuses":
                    return add_receipt(self.reader, Status.model_validate(item))
                case "user_preferences":
                    return self._preference(Preference.model_validate(item), contacts)
                case _:
                    return False
        except ValidationError:
            return False

    def _message(self, message: Message, contacts: Sequence[Contact]) -> bool:
        who = person(message.from_user_id, message.phone, contacts)
        if who is None or message.group_id is not None:
            return False
        if message.type == "system":
            return self._system(message)
        if message.type == "edit":
            return self._edited(message, who)
        choice = _choice(message)
        content = content_of(message)
        if choice is None and content is None:
            return False
        self.reader.read.tells_of(who.contact_id, who.known_by(message.timestamp))
        id_ = self.reader.id(message.id)
        if choice is not None:
            self._press(id_, message, who, choice)
        elif content is not None:
            self._said(id_, message, who, content)
        if who.phone is not None:
            detail = chat.Detail(kind="phone", value=who.phone, strength="verified")
            self._provided(f"{id_}/vouched", message, who, detail, "vouched")
        return True

    def _said(self, id_: str, message: Message, who: Person, content: Content) -> None:
        self.reader.add(
            chat.MessageReceivedV1(
                id=id_,
                time=at_seconds(message.timestamp),
                workspace_id=self._workspace,
                chat=self.reader.chat(who.contact_id),
                sender=who.sender,
                message_id=message.id,
                text=content.text,
                attachments=content.attachments,
                card=content.card,
                reply_to=message.context.id if message.context is not None else None,
                referral=referral_of(message.referral),
            )
        )
        phone = read_card_phone(content.card.phone) if content.card is not None else None
        if phone is not None and phone != who.phone:
            detail = chat.Detail(kind="phone", value=phone, strength="claimed")
            self._provided(f"{id_}/card", message, who, detail, "others_card")

    def _edited(self, message: Message, who: Person) -> bool:
        if message.edit is None:
            return False
        whole = {**message.edit.message, "id": message.edit.original_message_id, "timestamp": message.timestamp}
        content = content_of(Message.model_validate(whole))
        if content is None:
            return False
        self.reader.read.tells_of(who.contact_id, who.known_by(message.timestamp))
        self.reader.add(
            chat.MessageEditedV1(
                id=self.reader.id(message.id),
                time=at_seconds(message.timestamp),
                workspace_id=self._workspace,
                chat=self.reader.chat(who.contact_id),
                sender=who.sender,
                message_id=message.edit.original_message_id,
                text=content.text,
                attachments=content.attachments,
            )
        )
        return True

    def _press(self, id_: str, message: Message, who: Person, data: str) -> None:
        self.reader.add(
            chat.ButtonPressedV1(
                id=id_,
                time=at_seconds(message.timestamp),
                workspace_id=self._workspace,
                chat=self.reader.chat(who.contact_id),
                sender=who.sender,
                press_id=message.id,
                data=data,
                message_id=message.context.id if message.context is not None else None,
            )
        )

    def _provided(self, id_: str, message: Message, who: Person, detail: chat.Detail, how: str) -> None:
        self.reader.add(
            chat.DetailsProvidedV1.model_validate(
                {
                    "id": id_,
                    "time": at_seconds(message.timestamp),
                    "workspace_id": self._workspace,
                    "chat": self.reader.chat(who.contact_id),
                    "details": (detail,),
                    "how": how,
                    "sender": who.sender,
                }
            )
        )

    def _system(self, message: Message) -> bool:
        """Take a new number of somebody's, or a new user id: their chat stays theirs (docs/decisions/0064)."""
        system = message.system
        if system is None or system.type not in _CHANGED:
            return False
        new = digits(system.wa_id or system.new_wa_id)
        was_phone = digits(message.phone)
        was_user_id = system.previous_user_id
        if was_user_id is None and message.from_user_id != system.user_id:
            was_user_id = message.from_user_id
        who = person(was_user_id, was_phone if was_phone != new else None)
        if who is None or not (new or system.user_id):
            return False
        by = who.known_by(message.timestamp)
        changed = KnownBy(by.at, system.user_id, new or None, by.user_id, by.phone)
        self.reader.read.tells_of(who.contact_id, changed)
        phone = vouched(new)
        if phone is not None:
            detail = chat.Detail(kind="phone", value=phone, strength="verified")
            self._provided(self.reader.id(message.id), message, who, detail, "vouched")
        return True

    def _preference(self, preference: Preference, contacts: Sequence[Contact]) -> bool:
        who = person(preference.user_id, preference.wa_id, contacts)
        made = _PREFERENCES.get(preference.value)
        if who is None or made is None or preference.category != "marketing_messages":
            return False
        self.reader.read.tells_of(who.contact_id, who.known_by(preference.timestamp, wrote=False))
        self.reader.add(
            made(
                id=self.reader.id(who.contact_id, preference.value, str(preference.timestamp)),
                time=at_seconds(preference.timestamp),
                workspace_id=self._workspace,
                chat=self.reader.chat(who.contact_id),
            )
        )
        return True


def _contacts(value: dict[str, Any]) -> list[Contact]:
    """Read what is told of people; who cannot be read is nobody, and their messages stay."""
    found: list[Contact] = []
    for item in objects(value, "contacts"):
        try:
            found.append(Contact.model_validate(item))
        except ValidationError:
            continue
    return found


def _choice(message: Message) -> str | None:
    """Return what is behind the button or the line that was chosen, where it is ours."""
    if message.interactive is not None:
        chosen: Choice | None = message.interactive.button_reply or message.interactive.list_reply
        return chosen.id if chosen is not None else None
    if message.button is not None and is_ours(message.button.payload):
        return message.button.payload
    return None

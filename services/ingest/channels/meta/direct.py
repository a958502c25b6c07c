"""From one item of `messaging` to what happened: direct messages to a page or to an Instagram account. Pure."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.ingest.channels.meta.attached import attachments_of, referral_of
from services.ingest.channels.meta.buttons import is_ours
from services.ingest.channels.meta.envelope import Reader, at_millis
from services.ingest.channels.meta.own import own_detail
from services.ingest.channels.meta.updates import Delivery, Edit, Message, Messaging, Postback, Seen
from shared.contracts import chat
from shared.contracts.sending import ReceiptReceivedV1

_PARTIES = frozenset({"sender", "recipient", "timestamp"})


def take_messaging(reader: Reader, item: Any) -> None:  # noqa: ANN401 - whatever Meta sent
    """Add what one item says. What cannot be read, or is nothing that we know, is kept as unknown."""
    try:
        known = _Item(reader, Messaging.model_validate(item)).take()
    except ValidationError:
        known = False
    if not known:
        names = sorted(str(name) for name in item if name not in _PARTIES) if isinstance(item, dict) else []
        reader.unknown(names[0] if names else "messaging", item)


class _Item:
    def __init__(self, reader: Reader, item: Messaging) -> None:
        self._reader = reader
        self._item = item
        self._time = at_millis(item.timestamp)
        self._workspace = reader.account.workspace_id
        self._where = reader.chat(item.sender.id)

    def take(self) -> bool:
        """Add what it says; False where we do not know it."""
        if self._is_nobodys():
            return True
        match self._item:
            case Messaging(message=Message() as message):
                known = self._message(message)
            case Messaging(postback=Postback() as postback):
                known = self._postback(postback)
            case Messaging(message_edit=Edit() as edit):
                known = self._edit(edit)
            case Messaging(seen=Seen() as seen) | Messaging(messaging_seen=Seen() as seen):
                known = self._seen(seen)
            case Messaging(delivery=Delivery() as delivery):
                known = self._delivered(delivery)
            case _:
                known = False
        return known

    def _is_nobodys(self) -> bool:
        """Tell, and count, what we or others said in the account's name, and what is of another account."""
        item, ours = self._item, self._reader.account.account_id
        if item.sender.id == ours or (item.message is not None and item.message.is_echo):
            self._reader.read.echoes += 1
            return True
        if item.recipient.id != ours:
            self._reader.read.foreign += 1
            return True
        return False

    def _message(self, message: Message) -> bool:
        reply = message.quick_reply.payload if message.quick_reply is not None else None
        answered = message.reply_to.mid if message.reply_to is not None else None
        if reply is not None and is_ours(reply):
            self._pressed(self._reader.id(message.mid), message.mid, reply, answered)
            return True
        attachments = attachments_of(message)
        if message.is_deleted or (message.text is None and not attachments):
            return False
        own = own_detail(reply, message.text)
        self._said(message.mid, message.text or "", attachments, answered, referral_of(message.referral), own)
        if own is not None:
            self._reader.add(
                chat.DetailsProvidedV1(
                    id=f"{self._reader.id(message.mid)}/own",
                    time=self._time,
                    workspace_id=self._workspace,
                    chat=self._where,
                    details=(own,),
                    how="own_card",
                )
            )
        return True

    def _postback(self, postback: Postback) -> bool:
        """Take a press of a button that stays: ours, or one of the page's own, which counts as its words."""
        mid = postback.mid or f"postback/{self._item.sender.id}/{self._item.timestamp}"
        if postback.payload is not None and is_ours(postback.payload):
            self._pressed(self._reader.id(mid), mid, postback.payload, None)
            return True
        text = postback.title or postback.payload
        if not text:
            return False
        self._said(mid, text, (), None, referral_of(postback.referral))
        return True

    def _said(
        self,
        mid: str,
        text: str,
        attachments: tuple[chat.Attachment, ...],
        reply_to: str | None,
        referral: str | None,
        own: chat.Detail | None = None,
    ) -> None:
        self._reader.add(
            chat.MessageReceivedV1(
                id=self._reader.id(mid),
                time=self._time,
                workspace_id=self._workspace,
                chat=self._where,
                sender=chat.Sender(),
                message_id=mid,
                text=text,
                attachments=attachments,
                card=chat.ContactCard(phone=own.value, own=False) if own and own.kind == "phone" else None,
                reply_to=reply_to,
                referral=referral,
            )
        )

    def _pressed(self, id_: str, press_id: str, data: str, message_id: str | None) -> None:
        self._reader.add(
            chat.ButtonPressedV1(
                id=id_,
                time=self._time,
                workspace_id=self._workspace,
                chat=self._where,
                sender=chat.Sender(),
                press_id=press_id,
                data=data,
                message_id=message_id,
            )
        )

    def _edit(self, edit: Edit) -> bool:
        self._reader.add(
            chat.MessageEditedV1(
                id=self._reader.id(edit.mid, "edit", str(edit.num_edit)),
                time=self._time,
                workspace_id=self._workspace,
                chat=self._where,
                sender=chat.Sender(),
                message_id=edit.mid,
                text=edit.text,
            )
        )
        return True

    def _seen(self, seen: Seen) -> bool:
        until = at_millis(seen.watermark) if seen.watermark is not None else None
        return self._receipt("read", (seen.mid,) if seen.mid else (), until)

    def _delivered(self, delivery: Delivery) -> bool:
        until = at_millis(delivery.watermark) if delivery.watermark is not None else None
        return self._receipt("delivered", tuple(delivery.mids or ()), until)

    def _receipt(self, status: str, mids: tuple[str, ...], until: datetime | None) -> bool:
        """Add a receipt; messages that are named count more than a moment. Its id is made of either."""
        if not mids and until is None:
            return False
        millis = int((until or self._time).timestamp() * 1000)
        self._reader.add(
            ReceiptReceivedV1.model_validate(
                {
                    "id": self._reader.id(self._item.sender.id, status, mids[0] if mids else str(millis)),
                    "time": self._time,
                    "workspace_id": self._workspace,
                    "chat": self._where,
                    "status": status,
                    "provider_message_ids": mids,
                    "until": None if mids else until,
                }
            )
        )
        return True

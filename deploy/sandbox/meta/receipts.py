"""What people's apps tell of the account's messages: sent, delivered, read, failed."""

from collections.abc import Sequence

from deploy.sandbox.meta import updates
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.chats import Chat, Message
from deploy.sandbox.meta.errors import GraphError
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.updates import JSON, Updates

AFTER = {"sent": 0.0, "delivered": 0.05, "read": 0.5}
"""Seconds from a message to each receipt."""
_PRICING = {"billable": False, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"}
FIELD = {"sent": "messages", "delivered": "message_deliveries", "read": "message_reads"}


class Receipts:
    """Makes them, by themselves or when a person reads."""

    def __init__(self, state: State, updates_: Updates) -> None:
        self._state = state
        self._updates = updates_

    def of_new(self, account: Account, chat: Chat, message: Message, failed: GraphError | None) -> None:
        """Tell what becomes of a message that was just taken."""
        if failed is not None:
            self._whatsapp(account, chat, [message], "failed", {"errors": [failed.in_status()]}, 0.0)
            self._state.chats.set_status(message.n, "failed")
            return
        for which in ("sent", "delivered", "read"):
            if which not in account.receipts:
                continue
            if account.channel == "whatsapp":
                self._whatsapp(account, chat, [message], which, {"pricing": _PRICING}, AFTER[which])
            else:
                self._direct(account, chat, [message], which, AFTER[which])
            self._state.chats.set_status(message.n, which)

    def of_nobody(self, account: Account, chat: Chat, mid: str, callback: str, failed: GraphError) -> None:
        """Tell that a message to somebody whom WhatsApp does not know failed."""
        message = Message(0, mid, by_business=True, body={"callback": callback}, at=0.0, status=None)
        self._whatsapp(account, chat, [message], "failed", {"errors": [failed.in_status()]}, 0.0)

    def read(self, account: Account, chat: Chat, unread: Sequence[Message]) -> int | None:
        """Let the person read what they have not read; the update's number."""
        for message in unread:
            self._state.chats.set_status(message.n, "read")
        if account.channel == "whatsapp":
            return self._whatsapp(account, chat, unread, "read", {"pricing": _PRICING}, 0.0)
        return self._direct(account, chat, unread, "read", 0.0)

    def _whatsapp(
        self, account: Account, chat: Chat, messages: Sequence[Message], which: str, more: JSON, after: float
    ) -> int | None:
        now = self._state.ambient.clock() + after
        found: list[JSON] = []
        for message in messages:
            given = message.body.get("callback")
            noted = {"biz_opaque_callback_data": given} if given else {}
            found.append(updates.status(chat, message.mid, which, now, {**noted, **more}))
        inside: JSON = (
            {"statuses": found} if which == "failed" else {"contacts": [updates.about(chat)], "statuses": found}
        )
        entry = updates.of_number(account, "messages", inside)
        return self._put(account, "messages", entry, after)

    def _direct(
        self, account: Account, chat: Chat, messages: Sequence[Message], which: str, after: float
    ) -> int | None:
        now = self._state.ambient.clock() + after
        mids = [message.mid for message in messages]
        watermark = int(now * 1000)
        if account.channel == "instagram":
            content, field = {"read": {"mid": mids[-1]}}, "messaging_seen"
        elif which == "delivered":
            content, field = {"delivery": {"mids": mids, "watermark": watermark}}, FIELD[which]
        else:
            content, field = {"read": {"watermark": watermark}}, FIELD[which]
        return self._put(account, field, updates.direct(account, chat, now, content), after)

    def _put(self, account: Account, field: str, entry: JSON, after: float) -> int | None:
        if after:
            self._updates.put_later(account, field, entry, after)
            return None
        return self._updates.put(account, field, entry)

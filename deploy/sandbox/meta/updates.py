"""Meta's updates on their way: which of them an account wants, and their envelope."""

import secrets
from typing import Any

from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.chats import Chat
from deploy.sandbox.meta.schema import Channel
from deploy.sandbox.meta.state import State
from deploy.sandbox.saying import Dispatch, Travel

JSON = dict[str, Any]
OBJECTS: dict[Channel, str] = {
    "whatsapp": "whatsapp_business_account",
    "messenger": "page",
    "instagram": "instagram",
}
AT_ONCE = Travel()


class Updates:
    """Puts updates into accounts' queues. Without a webhook, or unasked for, there are none, as with Meta."""

    def __init__(self, state: State, dispatch: Dispatch) -> None:
        self._state = state
        self._dispatch = dispatch

    def put(self, account: Account, field: str, entry: JSON, travel: Travel = AT_ONCE) -> int | None:
        """Queue an update; its number, or None where nobody gets it."""
        if not account.webhook_url or field not in account.fields:
            return None
        update_id = self._state.accounts.next_update_id(account.account_id)
        body: JSON = {"object": OBJECTS[account.channel], "entry": [entry]}
        self._dispatch.queue(account.account_id, update_id, body, travel)
        return update_id

    def put_later(self, account: Account, field: str, entry: JSON, seconds: float) -> None:
        """Queue an update that happens in a moment."""
        update_id = self.put(account, field, entry)
        if update_id is not None and seconds:
            due = self._state.ambient.clock() + seconds
            for delivery in self._state.deliveries.of_update(account.account_id, update_id):
                self._state.deliveries.put_off(delivery, due)


def new_mid(channel: Channel) -> str:
    """Make a message's id of the channel's form."""
    if channel == "whatsapp":
        return f"wamid.HBgL{secrets.token_hex(20).upper()}"
    return ("m_" if channel == "messenger" else "aWdf") + secrets.token_urlsafe(36)


def of_number(account: Account, field: str, inside: JSON) -> JSON:
    """Make an entry of a WhatsApp number."""
    metadata = {
        "display_phone_number": "".join(one for one in account.username if one.isdecimal()),
        "phone_number_id": account.account_id,
    }
    value = {"messaging_product": "whatsapp", "metadata": metadata, **inside}
    return {"id": account.business_id, "changes": [{"value": value, "field": field}]}


def about(chat: Chat) -> JSON:
    """Write who somebody on WhatsApp is, as `contacts` has it: the phone only where it shows."""
    profile = {"name": chat.person["name"]}
    if chat.person.get("username"):
        profile["username"] = chat.person["username"]
    found: JSON = {"profile": profile}
    if chat.shown_phone:
        found["wa_id"] = chat.shown_phone
    if chat.user_id:
        found["user_id"] = chat.user_id
    return found


def on_whatsapp(account: Account, chat: Chat, mid: str, now: float, content: JSON) -> JSON:
    """Make a message that a person wrote on WhatsApp; `content` has its type."""
    sender: JSON = {}
    if chat.shown_phone:
        sender["from"] = chat.shown_phone
    if chat.user_id:
        sender["from_user_id"] = chat.user_id
    message = {**sender, "id": mid, "timestamp": str(int(now)), **content}
    return of_number(account, "messages", {"contacts": [about(chat)], "messages": [message]})


def status(chat: Chat, mid: str, which: str, now: float, more: JSON) -> JSON:
    """Make one of `statuses`."""
    found: JSON = {"id": mid, "status": which, "timestamp": str(int(now))}
    if chat.shown_phone:
        found["recipient_id"] = chat.shown_phone
    if chat.user_id:
        found["recipient_user_id"] = chat.user_id
    return {**found, **more}


def direct(account: Account, chat: Chat, now: float, content: JSON) -> JSON:
    """Make an entry with one direct message, or what else happens between a person and a page."""
    millis = int(now * 1000)
    parties = {"sender": {"id": chat.chat_id}, "recipient": {"id": account.account_id}}
    return {"id": account.account_id, "time": millis, "messaging": [{**parties, "timestamp": millis, **content}]}


def echo(account: Account, chat: Chat, now: float, message: JSON) -> JSON:
    """Make what an account's own message looks like to its app."""
    millis = int(now * 1000)
    parties = {"sender": {"id": account.account_id}, "recipient": {"id": chat.chat_id}}
    said = {"is_echo": True, "app_id": account.app_id, **message}
    return {
        "id": account.account_id,
        "time": millis,
        "messaging": [{**parties, "timestamp": millis, "message": said}],
    }


def comment(account: Account, now: float, field: str, value: JSON, *, bare: bool) -> JSON:
    """Make an entry with a comment; `bare` is the form without `changes`."""
    entry: JSON = {"id": account.account_id, "time": int(now)}
    return (
        {**entry, "field": field, "value": value} if bare else {**entry, "changes": [{"field": field, "value": value}]}
    )

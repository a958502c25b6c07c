"""What the sandbox shows of Meta's chats, in words of its own; the same shape as Telegram's, so one page shows both."""

from typing import Any, Literal

from pydantic import BaseModel

from deploy.sandbox.ledger import moment
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.chats import Chat, Message
from deploy.sandbox.meta.schema import Channel


class AccountView(BaseModel):
    """An account as it is listed: without what is secret."""

    account_id: str
    channel: Channel
    name: str
    username: str
    business_id: str
    app_id: str
    webhook_url: str
    fields: list[str]
    receipts: list[str]
    pending_update_count: int
    last_error_at: str | None
    last_error: str | None
    limits: bool
    requests: int
    """How many are kept."""
    violations: int
    """Of those, how many came before a Retry-After was over."""


class AccountSecrets(AccountView):
    """With what the developer console shows to the app's owner."""

    app_secret: str
    token: str
    verify_token: str


class ButtonView(BaseModel):
    """A button of a message."""

    text: str
    data: str | None
    url: str | None = None
    request_contact: bool = False


class ContactView(BaseModel):
    """A card that was sent, of which nobody tells whose it is."""

    phone: str
    name: str
    own: bool


class MessageView(BaseModel):
    """A message as both sides see it."""

    id: int
    mid: str
    sender: Literal["bot", "person"]
    text: str
    at: str
    kind: str
    buttons: list[ButtonView]
    rows: list[list[ButtonView]]
    """The same buttons, one in each row."""
    request_contact: bool
    """Whether it asks for the phone number (Messenger)."""
    contact: ContactView | None
    reply_to: int | None
    edited: bool
    status: str | None
    """Of the account's messages: accepted, sent, delivered, read or failed."""
    error: str | None
    """Why it failed."""
    reaction: str | None
    answers_comment: str | None
    """The comment that it answers in private."""

    def listed(self) -> dict[str, Any]:
        """As JSON, where `sender` is called `from` (a word that Python keeps for itself)."""
        held = self.model_dump()
        held["from"] = held.pop("sender")
        return held


class ChatView(BaseModel):
    """A chat as it is listed."""

    chat_id: str
    person: dict[str, Any]
    blocked: bool
    marketing_stopped: bool
    window_open: bool
    """Whether anything may be written to them."""
    moved_to: str | None
    keyboard: list[list[ButtonView]]
    """Always empty: Meta's channels have no keyboard that stays."""
    changed_at: str


def account_view(account: Account, pending: int, requests: int, violations: int) -> AccountView:
    """One account."""
    return AccountView(**_of(account, pending, requests, violations))


def account_secrets(account: Account, pending: int, requests: int, violations: int) -> AccountSecrets:
    """One account, with its secrets."""
    return AccountSecrets(
        **_of(account, pending, requests, violations),
        app_secret=account.app_secret, token=account.token, verify_token=account.verify_token,
    )  # fmt: skip


def _of(account: Account, pending: int, requests: int, violations: int) -> dict[str, Any]:
    held = {name: getattr(account, name) for name in AccountView.model_fields if hasattr(account, name)}
    return {
        **held,
        "pending_update_count": pending,
        "requests": requests,
        "violations": violations,
        "last_error_at": None if account.last_error_at is None else moment(account.last_error_at),
    }


def chat_view(chat: Chat, now: float) -> ChatView:
    """One chat."""
    return ChatView(
        chat_id=chat.chat_id, person=chat.person, blocked=chat.blocked, marketing_stopped=chat.marketing_stopped,
        window_open=chat.is_open(now), moved_to=chat.moved_to, keyboard=[], changed_at=moment(chat.changed_at),
    )  # fmt: skip


def message_view(message: Message) -> MessageView:
    """One message."""
    body = message.body
    buttons = [ButtonView(text=one["text"], data=one["data"]) for one in body.get("buttons", [])]
    card = body.get("contact")
    return MessageView(
        id=message.n, mid=message.mid, sender="bot" if message.by_business else "person", text=body["text"],
        at=moment(message.at), kind=body["kind"], buttons=buttons, rows=[[button] for button in buttons],
        request_contact=bool(body.get("asks_phone")),
        contact=ContactView(phone=f"+{card['phone']}", name=card["name"], own=False) if card else None,
        reply_to=body.get("reply_to"), edited=bool(body.get("edits")), status=message.status, error=body.get("error"),
        reaction=body.get("reaction"), answers_comment=body.get("answers_comment"),
    )  # fmt: skip

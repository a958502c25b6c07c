"""What the sandbox shows of chats, in words of its own rather than Telegram's."""

from typing import Any, Literal

from pydantic import BaseModel

from deploy.sandbox.ledger import moment
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.chats import Chat

_KINDS = ("text", "contact", "photo", "document", "voice", "location")


class BotView(BaseModel):
    """A bot as it is listed."""

    bot_id: int
    name: str
    username: str
    webhook_url: str
    allowed_updates: list[str]
    pending_update_count: int
    last_error_at: str | None
    last_error: str | None
    limits: bool
    requests: int
    """How many are kept."""
    violations: int
    """Of those, how many came before a retry_after was over."""


class ButtonView(BaseModel):
    """A button below a message, or in the keyboard."""

    text: str
    data: str | None = None
    url: str | None = None
    request_contact: bool = False


class ContactView(BaseModel):
    """A card that was sent."""

    phone: str
    name: str
    own: bool


class MessageView(BaseModel):
    """A message as the person sees it."""

    id: int
    sender: Literal["bot", "person"]
    text: str
    """The words or the caption; empty for a voice, a place, a bare photo."""
    at: str
    kind: str
    buttons: list[ButtonView]
    rows: list[list[ButtonView]]
    """The same buttons, as they stand."""
    request_contact: bool
    """Whether the keyboard that came with it asks for the phone number."""
    contact: ContactView | None
    reply_to: int | None
    edited: bool

    def listed(self) -> dict[str, Any]:
        """As JSON, where `sender` is called `from` (a word that Python keeps for itself)."""
        held = self.model_dump()
        held["from"] = held.pop("sender")
        return held


class ChatView(BaseModel):
    """A chat as it is listed."""

    chat_id: int
    person: dict[str, str]
    blocked: bool
    keyboard: list[list[ButtonView]]
    notice: dict[str, Any] | None
    changed_at: str


def bot_view(bot: Bot, pending: int, requests: int, violations: int) -> BotView:
    """One bot."""
    return BotView(
        bot_id=bot.bot_id, name=bot.name, username=bot.username, webhook_url=bot.webhook_url,
        allowed_updates=bot.allowed, pending_update_count=pending, limits=bot.limits, requests=requests,
        last_error_at=None if bot.last_error_at is None else moment(bot.last_error_at), last_error=bot.last_error,
        violations=violations,
    )  # fmt: skip


def chat_view(chat: Chat) -> ChatView:
    """One chat."""
    return ChatView(
        chat_id=chat.chat_id, person=chat.person, blocked=chat.blocked,
        keyboard=_buttons(chat.keyboard["keyboard"]) if chat.keyboard else [],
        notice=chat.notice, changed_at=moment(chat.changed_at),
    )  # fmt: skip


def message_view(message: dict[str, Any], chat: Chat) -> MessageView:
    """One message of Telegram's form."""
    rows = _buttons(message.get("reply_markup", {}).get("inline_keyboard", []))
    card: dict[str, Any] | None = message.get("contact")
    keyboard = chat.keyboard if chat.keyboard and chat.keyboard["message_id"] == message["message_id"] else None
    asked = _buttons(keyboard["keyboard"]) if keyboard else []
    return MessageView(
        id=message["message_id"], sender="bot" if message["from"]["is_bot"] else "person",
        text=message.get("text", message.get("caption", "")), at=moment(message["at"]),
        kind=next((kind for kind in _KINDS if kind in message), "other"),
        buttons=[button for row in rows for button in row], rows=rows,
        request_contact=any(button.request_contact for row in asked for button in row),
        contact=None if card is None else _card(card, message["from"]["id"]),
        reply_to=message.get("reply_to_message", {}).get("message_id"), edited="edit_date" in message,
    )  # fmt: skip


def _buttons(rows: list[list[dict[str, Any]]]) -> list[list[ButtonView]]:
    return [
        [
            ButtonView(
                text=button["text"], data=button.get("callback_data"), url=button.get("url"),
                request_contact=bool(button.get("request_contact")),
            )
            for button in row
        ]
        for row in rows
    ]  # fmt: skip


def _card(card: dict[str, Any], sender: int) -> ContactView:
    name = " ".join(part for part in (card["first_name"], card.get("last_name")) if part)
    return ContactView(phone=card["phone_number"], name=name, own=card.get("user_id") == sender)

"""What people on WhatsApp do besides writing: stop marketing, change their number or their user id."""

import secrets

from deploy.sandbox.meta import updates
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.chats import Chat
from deploy.sandbox.meta.done import Done
from deploy.sandbox.meta.forms import Say
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.updates import JSON, new_mid
from deploy.sandbox.problems import ProblemError


def prefer(state: State, account: Account, chat: Chat, *, stops: bool) -> Done:
    """Stop the account's marketing, or resume it."""
    state.chats.set_marketing(chat, stopped=stops)
    word = "stop" if stops else "resume"
    said: JSON = {
        "detail": f"User requested to {word} marketing messages",
        "category": "marketing_messages",
        "value": word,
        "timestamp": int(state.ambient.clock()),
    }
    if chat.shown_phone:
        said["wa_id"] = chat.shown_phone
    if chat.user_id:
        said["user_id"] = chat.user_id
    inside = {"contacts": [updates.about(chat)], "user_preferences": [said]}
    return Done("user_preferences", updates.of_number(account, "user_preferences", inside))


def change(state: State, account: Account, chat: Chat, say: Say) -> Done:
    """Take a new number, which makes a new user id, or a new user id alone: the person writes under that one."""
    if chat.user_id is None:
        raise ProblemError(409, "This person is known by their number alone; give them a user id as chat id.")
    now, name, person = state.ambient.clock(), chat.person["name"], chat.person
    user_id = say.new_user_id or new_user_id(chat.user_id)
    ids = {"user_id": user_id, "previous_user_id": chat.chat_id}
    if say.new_number is not None:
        body = f"{name} changed from {chat.shown_phone or 'no number'} to {say.new_number}"
        system = {"body": body, "wa_id": say.new_number, **ids, "type": "user_changed_number"}
        person = {**person, "phone": say.new_number, "shows_phone": True}
    else:
        system = {"body": f"{name} changed", **ids, "type": "user_changed_user_id"}
    new = state.chats.meet(account.account_id, user_id, person, now)
    if chat.wrote_at is not None:
        state.chats.wrote(new, chat.wrote_at)
    if chat.marketing_stopped:
        state.chats.set_marketing(new, stopped=True)
    state.chats.move(chat, user_id)
    content = {"type": "system", "system": system}
    told = updates.on_whatsapp(account, chat, new_mid("whatsapp"), now, content)
    return Done("messages", told, moved_to=user_id)


def new_user_id(before: str) -> str:
    """Make a user id of the same country."""
    return f"{before[:3]}{10**15 + secrets.randbelow(9 * 10**15)}"

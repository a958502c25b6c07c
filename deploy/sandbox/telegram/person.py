"""The person's side: one thing done in a chat becomes one update on its way to the bot."""

from secrets import randbelow, token_hex
from typing import Any

from deploy.sandbox.problems import ProblemError
from deploy.sandbox.saying import Dispatch, SaidBase
from deploy.sandbox.telegram import updates
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.chats import Chat
from deploy.sandbox.telegram.forms import Say
from deploy.sandbox.telegram.schema import BotId, ChatId
from deploy.sandbox.telegram.state import State


class Said(SaidBase):
    """What became of it."""

    message_id: int | None = None
    """The message that it wrote or changed."""


class PersonSays:
    """Use case: write, press, edit, share, block."""

    def __init__(self, state: State, dispatch: Dispatch) -> None:
        self._state = state
        self._dispatch = dispatch

    async def __call__(self, bot_id: BotId, chat_id: ChatId, say: Say) -> Said:
        """Do it, and wait until its update was taken or the patience asked for is over."""
        bot = self._state.bots.get(bot_id)
        if bot is None:
            raise ProblemError(404, "No such bot yet. A bot appears here once its token was used, e.g. with getMe.")
        self._dispatch.check_room(bot_id, say)
        with self._state.database.transaction():
            update, message_id = self._act(bot, chat_id, say)
            wanted = not bot.allowed or next(iter(update)) in bot.allowed
            update_id = self._queue(bot, update, say) if wanted else None
        self._state.live.changed("bots", f"chats/{bot_id}", f"chat/{bot_id}/{chat_id}")
        if update_id is None:
            return Said(outcome="not_wanted", message_id=message_id)
        became = await self._dispatch.outcome(bot_id, update_id, say.wait, has_webhook=bool(bot.webhook_url))
        return Said(**became.model_dump(), message_id=message_id)

    def _act(self, bot: Bot, chat_id: ChatId, say: Say) -> tuple[dict[str, Any], int | None]:
        now = self._state.ambient.clock()
        person = None if say.person is None else say.person.model_dump(exclude_none=True)
        chat = self._state.chats.meet(bot.bot_id, chat_id, person, now)
        if say.block or say.unblock:
            return self._membership(bot, chat, now, blocked=bool(say.block)), None
        if chat.blocked:
            raise ProblemError(409, 'This person has blocked the bot; send {"unblock": true} first, as in the app.')
        if say.edit is not None:
            message = self._own_message(chat, say.edit.message_id)
            held = "text" if "text" in message else "caption"
            parts = updates.text(say.edit.text)
            changed = {**message, held: say.edit.text, "edit_date": int(now)}
            changed.pop("entities", None)
            changed |= {"entities": parts["entities"]} if held == "text" and "entities" in parts else {}
            self._state.chats.change(bot.bot_id, chat_id, changed)
            return {"edited_message": changed}, message["message_id"]
        if say.press is not None:
            return self._pressed(chat, say.press.message_id, say.press.data, now), say.press.message_id
        message = self._state.chats.add(chat, chat.sender(), self._body(chat, say), now)
        if chat.keyboard and chat.keyboard.get("one_time_keyboard") and say.action in {"text", "contact"}:
            self._state.chats.set_keyboard(chat, None)
        return {"message": message}, message["message_id"]

    def _body(self, chat: Chat, say: Say) -> dict[str, Any]:
        if say.text is not None:
            return updates.text(say.text)
        if say.contact is not None:
            card = say.contact
            if not card.own:
                return updates.contact(card.phone, card.name or "", None, card.user_id)
            own = updates.contact(card.phone, chat.person["first_name"], chat.person.get("last_name"), chat.chat_id)
            return {**self._asked_by(chat), **own}
        seed = token_hex(8)
        if say.photo:
            return updates.photo(seed, say.caption)
        if say.document:
            return updates.document(seed, say.caption)
        return updates.voice(seed) if say.voice else updates.location()

    def _asked_by(self, chat: Chat) -> dict[str, Any]:
        """Answer the message that showed the keyboard, as a card sent by its button does."""
        if not chat.keyboard:
            return {}
        asked = self._state.chats.message(chat.bot_id, chat.chat_id, chat.keyboard["message_id"])
        return {"reply_to_message": asked} if asked else {}

    def _own_message(self, chat: Chat, message_id: int | None) -> dict[str, Any]:
        if message_id is not None:
            known = self._state.chats.message(chat.bot_id, chat.chat_id, message_id)
            candidates = [known] if known else []
        else:
            candidates = list(reversed(self._state.chats.messages(chat.bot_id, chat.chat_id, 0, 100)))
        for message in candidates:
            if not message["from"]["is_bot"] and ("text" in message or "caption" in message):
                message.pop("at", None)
                return message
        raise ProblemError(404, "There is no such message of this person with words that could be edited.")

    def _pressed(self, chat: Chat, message_id: int, data: str, now: float) -> dict[str, Any]:
        message = self._state.chats.message(chat.bot_id, chat.chat_id, message_id)
        if message is None or data not in updates.button_data(message):
            raise ProblemError(404, "There is no such button; GET …/messages lists those of each message.")
        query = str((chat.chat_id % 2**31 << 32) + randbelow(2**32))
        self._state.database.run(
            "INSERT OR REPLACE INTO presses VALUES (?, ?, ?, ?)", query, chat.bot_id, chat.chat_id, now
        )
        self._state.database.run("DELETE FROM presses WHERE at < ?", now - 3600)
        return updates.press(query, chat.sender(), message, data)

    def _membership(self, bot: Bot, chat: Chat, now: float, *, blocked: bool) -> dict[str, Any]:
        if chat.blocked == blocked:
            raise ProblemError(409, "The bot is blocked already." if blocked else "The bot is not blocked.")
        self._state.chats.set_blocked(chat, blocked=blocked)
        return updates.member(chat.sender(), chat.chat(), bot.user(), int(now), blocked=blocked)

    def _queue(self, bot: Bot, update: dict[str, Any], say: Say) -> int:
        update_id = self._state.bots.next_update_id(bot.bot_id)
        self._dispatch.queue(bot.bot_id, update_id, {"update_id": update_id, **update}, say)
        return update_id

"""The person's side: one thing done becomes one update on its way to the account's webhook."""

import zlib
from collections.abc import Callable
from secrets import randbelow
from typing import Any, Literal

from deploy.sandbox.meta import contents, updates, whatsapp_people
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.chats import Chat
from deploy.sandbox.meta.done import Done
from deploy.sandbox.meta.forms import NAMES, POSSIBLE, USER_ID, Say
from deploy.sandbox.meta.receipts import Receipts
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.updates import JSON, Updates, new_mid
from deploy.sandbox.problems import ProblemError
from deploy.sandbox.saying import Dispatch, SaidBase

EDIT_SECONDS = 15 * 60.0
"""For so long a message on WhatsApp can be edited."""


class Said(SaidBase):
    """What became of it."""

    message_id: int | None = None
    """The message that it wrote or changed."""
    mid: str | None = None
    """That message's id at Meta, or the comment's."""
    moved_to: str | None = None
    """The chat id that the person has from now on: a new number on WhatsApp makes a new user id."""


def _untold(account: Account, done: Done) -> Literal["untold", "no_webhook", "not_wanted"]:
    """Say why there is no update."""
    if done.entry is None and not done.reads:
        return "untold"
    return "not_wanted" if account.webhook_url else "no_webhook"


class PersonSays:
    """Use case: write, press, comment, react, read, stop, block."""

    def __init__(self, state: State, dispatch: Dispatch, updates_: Updates) -> None:
        self._state = state
        self._dispatch = dispatch
        self._updates = updates_
        self._receipts = Receipts(state, updates_)

    async def __call__(self, account: Account, chat_id: str, say: Say) -> Said:
        """Do it, and wait until its update was taken or the patience asked for is over."""
        self._check(account, chat_id, say)
        with self._state.database.transaction():
            chat = self._meet(account, chat_id, say)
            done = self._act(account, chat, say)
            if done.entry is not None:
                done.update_id = self._updates.put(account, done.field, done.entry, say)
        self._state.live.changed("bots", f"chats/{account.account_id}", f"chat/{account.account_id}/{chat_id}")
        said = Said(
            outcome=_untold(account, done),
            message_id=done.message.n if done.message else None,
            mid=done.message.mid if done.message else None,
            moved_to=done.moved_to,
        )
        if done.update_id is None:
            return said
        became = await self._dispatch.outcome(account.account_id, done.update_id, say.wait, has_webhook=True)
        return said.model_copy(update=became.model_dump())

    def _check(self, account: Account, chat_id: str, say: Say) -> None:
        if say.action not in POSSIBLE[account.channel]:
            raise ProblemError(422, f"{NAMES[account.channel]} has no {say.action.replace('_', ' ')}.")
        digits = chat_id.isdecimal() and len(chat_id) <= 20  # noqa: PLR2004  Meta's are shorter
        if account.channel == "whatsapp" and not (USER_ID.fullmatch(chat_id) or digits):
            raise ProblemError(
                422, "A chat id on WhatsApp is a user id such as NO.1349120865530274, or a phone's digits."
            )
        if account.channel != "whatsapp" and not digits:
            raise ProblemError(422, f"A chat id on {NAMES[account.channel]} is a number of at most 20 digits.")
        self._dispatch.check_room(account.account_id, say)

    def _meet(self, account: Account, chat_id: str, say: Say) -> Chat:
        known = self._state.chats.get(account.account_id, chat_id)
        if known is not None and known.moved_to:
            raise ProblemError(409, f"This person has another user id now: {known.moved_to}.")
        if known is not None and known.blocked and not say.unblock:
            raise ProblemError(409, 'This person has blocked the account; send {"unblock": true} first.')
        person = dict(known.person) if known else {"name": f"Person {chat_id}"}
        if say.person is not None:
            given = say.person.model_dump(exclude_none=True)
            if "phone" in given:
                given.setdefault("shows_phone", True)
            person = {**({"phone": person["phone"]} if "phone" in person else {}), **given}
        if account.channel == "whatsapp":
            self._check_whatsapp(chat_id, person)
        return self._state.chats.meet(account.account_id, chat_id, person, self._state.ambient.clock())

    @staticmethod
    def _check_whatsapp(chat_id: str, person: dict[str, Any]) -> None:
        if chat_id.isdecimal():
            person |= {"phone": chat_id, "shows_phone": True}
        elif not person.get("shows_phone") and not person.get("username"):
            person["username"] = f"person{zlib.crc32(chat_id.encode()) % 10**6}"

    def _act(self, account: Account, chat: Chat, say: Say) -> Done:
        acts: dict[str, Callable[[Account, Chat, Say], Done]] = {
            "press": self._press,
            "comment": self._comment,
            "edit": self._edit,
            "reaction": self._react,
            "read": self._read,
            "stop": self._prefer,
            "resume": self._prefer,
            "new_number": self._change,
            "new_user_id": self._change,
            "block": self._block,
            "unblock": self._block,
            "postback": self._arrive,
            "referral": self._arrive,
        }
        return acts.get(say.action, self._write)(account, chat, say)

    def _write(self, account: Account, chat: Chat, say: Say) -> Done:
        now, mid = self._now(), new_mid(account.channel)
        answered = self._state.chats.message(chat, say.reply_to) if say.reply_to is not None else None
        if say.reply_to is not None and answered is None:
            raise ProblemError(404, "There is no such message to answer.")
        body = {**contents.shown(say), **({"reply_to": answered.n} if answered else {})}
        message = self._state.chats.add(chat, mid, body, now)
        self._state.chats.wrote(chat, now)
        if account.channel == "whatsapp":
            content = contents.on_whatsapp(say, answered, account.username)
            return Done("messages", updates.on_whatsapp(account, chat, mid, now, content), message)
        entry = updates.direct(account, chat, now, contents.direct(say, mid, answered))
        return Done("messages", entry, message)

    def _press(self, account: Account, chat: Chat, say: Say) -> Done:
        assert say.press is not None  # noqa: S101  the action says so
        shown = self._state.chats.message(chat, say.press.message_id)
        buttons = shown.body.get("buttons", []) if shown is not None and shown.by_business else []
        button = next((one for one in buttons if one["data"] == say.press.data), None)
        if shown is None or button is None:
            raise ProblemError(404, "There is no such button; GET …/messages lists those of each message.")
        now, mid = self._now(), new_mid(account.channel)
        body = {"kind": "text", "text": button["text"], "reply_to": shown.n}
        message = self._state.chats.add(chat, mid, body, now)
        self._state.chats.wrote(chat, now)
        if account.channel == "whatsapp":
            content = contents.pressed_on_whatsapp(shown, button, account.username)
            return Done("messages", updates.on_whatsapp(account, chat, mid, now, content), message)
        field, content = contents.pressed_direct(shown, button, mid)
        return Done(field, updates.direct(account, chat, now, content), message)

    def _arrive(self, account: Account, chat: Chat, say: Say) -> Done:
        """Press a button that stays, or come by a link or an advertisement."""
        now = self._now()
        self._state.chats.wrote(chat, now)
        if say.postback is not None:
            mid = new_mid(account.channel)
            message = self._state.chats.add(chat, mid, {"kind": "text", "text": say.postback.title}, now)
            content = {"postback": {"mid": mid, **say.postback.model_dump()}}
            return Done("messaging_postbacks", updates.direct(account, chat, now, content), message)
        assert say.referral is not None  # noqa: S101  the action says so
        field = "messaging_referrals" if account.channel == "messenger" else "messaging_referral"
        return Done(field, updates.direct(account, chat, now, {"referral": contents.referral(say.referral)}))

    def _comment(self, account: Account, chat: Chat, say: Say) -> Done:
        given = say.comment
        assert given is not None  # noqa: S101  the action says so
        now = self._now()
        comment_id = f"179{randbelow(10**14):014}"
        username = chat.person.get("username") or f"person{chat.chat_id[-6:]}"
        kind = "LIVE" if given.live else "FEED"
        value: JSON = {
            "id": comment_id,
            "from": {"id": chat.chat_id, "username": username},
            "text": given.text,
            "media": {"id": given.media_id, "media_product_type": kind},
        }
        if given.parent_id:
            value["parent_id"] = given.parent_id
        message = self._state.chats.add(chat, comment_id, {"kind": "comment", "text": given.text}, now)
        self._state.chats.add_comment(chat, comment_id, now)
        field = "live_comments" if given.live else "comments"
        return Done(field, updates.comment(account, now, field, value, bare=given.form == "entry"), message)

    def _edit(self, account: Account, chat: Chat, say: Say) -> Done:
        given = say.edit
        assert given is not None  # noqa: S101  the action says so
        own = [one for one in self._state.chats.messages(chat, 0, 200) if not one.by_business and one.body["text"]]
        message = next((one for one in reversed(own) if given.message_id in {None, one.n}), None)
        if message is None or message.body["kind"] == "comment":
            raise ProblemError(404, "There is no such message of this person with words that could be edited.")
        now, times = self._now(), message.body.get("edits", 0) + 1
        if account.channel == "whatsapp" and now - message.at > EDIT_SECONDS:
            raise ProblemError(409, "WhatsApp lets a message be edited for 15 minutes.")
        self._state.chats.change(message.n, {**message.body, "text": given.text, "edits": times})
        if account.channel == "whatsapp":
            told = contents.edited_on_whatsapp(message, given.text)
            return Done("messages", updates.on_whatsapp(account, chat, new_mid("whatsapp"), now, told), message)
        content = {"message_edit": {"mid": message.mid, "text": given.text, "num_edit": times}}
        field = "message_edits" if account.channel == "messenger" else "message_edit"
        return Done(field, updates.direct(account, chat, now, content), message)

    def _react(self, account: Account, chat: Chat, say: Say) -> Done:
        given = say.reaction
        assert given is not None  # noqa: S101  the action says so
        theirs = [one for one in self._state.chats.messages(chat, 0, 200) if one.by_business]
        message = next((one for one in reversed(theirs) if given.message_id in {None, one.n}), None)
        if message is None:
            raise ProblemError(404, "There is no such message of the account's to react to.")
        self._state.chats.change(message.n, {**message.body, "reaction": given.emoji})
        now = self._now()
        self._state.chats.wrote(chat, now)
        if account.channel == "whatsapp":
            content = {"type": "reaction", "reaction": {"message_id": message.mid, "emoji": given.emoji}}
            mid = new_mid("whatsapp")
            return Done("messages", updates.on_whatsapp(account, chat, mid, now, content))
        content = {"reaction": {"mid": message.mid, "action": "react", "reaction": "other", "emoji": given.emoji}}
        return Done("message_reactions", updates.direct(account, chat, now, content))

    def _read(self, account: Account, chat: Chat, _: Say) -> Done:
        unread = self._state.chats.unread(chat)
        if not unread:
            raise ProblemError(409, "Everything is read already. PATCH the account's `receipts` to read by hand.")
        done = Done(reads=True)
        done.update_id = self._receipts.read(account, chat, unread)
        return done

    def _prefer(self, account: Account, chat: Chat, say: Say) -> Done:
        return whatsapp_people.prefer(self._state, account, chat, stops=bool(say.stop))

    def _change(self, account: Account, chat: Chat, say: Say) -> Done:
        return whatsapp_people.change(self._state, account, chat, say)

    def _block(self, _: Account, chat: Chat, say: Say) -> Done:
        """Meta tells nobody of it: messages to them fail from now on."""
        blocks = bool(say.block)
        if chat.blocked == blocks:
            raise ProblemError(409, "The account is blocked already." if blocks else "The account is not blocked.")
        self._state.chats.set_blocked(chat, blocked=blocks)
        return Done()

    def _now(self) -> float:
        return self._state.ambient.clock()

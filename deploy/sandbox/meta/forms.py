"""What the sandbox's own API takes of Meta's side."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from deploy.sandbox.meta.schema import Channel
from deploy.sandbox.saying import Form, Travel

ShortText = Annotated[str, Field(min_length=1, max_length=64)]
USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"[1-9]\d{4,14}")


def digits_of(phone: str) -> str:
    """Read a phone number as WhatsApp writes it: digits alone, the country first. Raises ValueError."""
    bare = re.sub(r"[\s()./-]", "", phone).removeprefix("+")
    if not _PHONE.fullmatch(bare):
        raise ValueError("give a phone number of 5 to 15 digits with its country, such as +4791234567")
    return bare


class NewAccount(Form):
    """An account at Meta, with an app that is set up for it."""

    channel: Channel
    name: ShortText
    username: Annotated[str, Field(max_length=64)] = ""
    """Of an Instagram account; of a WhatsApp number how it is shown, such as +1 555-078-3881."""


class AccountChange(Form):
    """What is to change; what is left out stays."""

    receipts: list[Literal["sent", "delivered", "read"]] | None = None
    """Those that people's apps send by themselves."""


class WebhookSetting(Form):
    """What is typed into the app's webhook page."""

    url: str
    verify_token: str
    fields: list[str] | None = None
    """Left out, all but message_echoes."""


class TimePassed(Form):
    """Let time pass in one chat."""

    hours: float = Field(gt=0, le=24 * 60)


class Person(Form):
    """Who writes. On Messenger nothing of it shows; on Instagram the username shows with comments."""

    name: ShortText
    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9._]{1,64}$")] | None = None
    phone: str | None = None
    """On WhatsApp. Without one, or with shows_phone false, they show their username only."""
    shows_phone: bool | None = None

    @field_validator("phone")
    @classmethod
    def _digits(cls, phone: str | None) -> str | None:
        return None if phone is None else digits_of(phone)

    @model_validator(mode="after")
    def _shown(self) -> Self:
        if self.shows_phone and self.phone is None:
            raise ValueError("a number that shows has to be given as `phone`")
        return self


class Contact(Form):
    """On WhatsApp a card, of which nobody tells whose it is; on Messenger the own number, by the key asking for it."""

    phone: str
    name: ShortText = "Somebody Else"

    @field_validator("phone")
    @classmethod
    def _digits(cls, phone: str) -> str:
        return digits_of(phone)


class Press(Form):
    """A press of a button of one of the account's messages."""

    message_id: int
    data: str


class Postback(Form):
    """A button that stays: in the menu, or below an advertisement."""

    title: str = Field(min_length=1, max_length=255)
    payload: str = Field(min_length=1, max_length=1000)


class Edit(Form):
    """New words for a message the person wrote; without an id their last one."""

    message_id: int | None = None
    text: str = Field(min_length=1, max_length=4096)


class Comment(Form):
    """A comment under one of the account's posts."""

    text: str = Field(min_length=1, max_length=2200)
    media_id: str = Field("17900000000000001", pattern=r"^\d{1,20}$")
    parent_id: str | None = Field(None, pattern=r"^\d{1,20}$")
    """The comment that it answers."""
    live: bool = False
    """Whether it is under a live broadcast."""
    form: Literal["changes", "entry"] = "changes"
    """Meta writes comments in two forms: in `changes`, or directly in the entry."""


class Reaction(Form):
    """A reaction to one of the account's messages; without an id its last one."""

    emoji: str = Field(min_length=1, max_length=16)
    message_id: int | None = None


class Referral(Form):
    """What led the person here. With a text it comes with that message."""

    source: Literal["ad", "post", "link"] = "ad"
    id: str = Field("120200000000001", max_length=200)
    """Of the advertisement or the post; of a link the word in it."""


class Say(Travel):
    """One thing that a person does, and how its update travels."""

    text: str | None = Field(None, min_length=1, max_length=4096)
    press: Press | None = None
    postback: Postback | None = None
    photo: Literal[True] | None = None
    document: Literal[True] | None = None
    voice: Literal[True] | None = None
    location: Literal[True] | None = None
    contact: Contact | None = None
    comment: Comment | None = None
    reaction: Reaction | None = None
    edit: Edit | None = None
    read: Literal[True] | None = None
    stop: Literal[True] | None = None
    """No more marketing of this number, please."""
    resume: Literal[True] | None = None
    new_number: str | None = None
    new_user_id: str | None = Field(None, pattern=USER_ID.pattern)
    block: Literal[True] | None = None
    unblock: Literal[True] | None = None
    referral: Referral | None = None

    caption: str | None = Field(None, min_length=1, max_length=1024)
    """Of a photo or a document."""
    reply_to: int | None = None
    """The message that a text answers."""
    person: Person | None = None
    """Who the person is; left out, they stay who they were."""

    @field_validator("new_number")
    @classmethod
    def _digits(cls, phone: str | None) -> str | None:
        return None if phone is None else digits_of(phone)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        done = [name for name in ACTIONS if getattr(self, name) is not None]
        alone = self.referral is not None and not done
        if len(done) != 1 and not alone:
            raise ValueError(f"say one thing at a time: exactly one of {', '.join((*ACTIONS, 'referral'))}")
        if self.caption is not None and not {"photo", "document"}.intersection(done):
            raise ValueError("only a photo or a document has a caption")
        if done != ["text"] and (self.reply_to is not None or (self.referral is not None and done)):
            raise ValueError("only a text has reply_to, or a referral beside it")
        return self

    @property
    def action(self) -> str:
        """The one thing it does."""
        return next((name for name in ACTIONS if getattr(self, name) is not None), "referral")


ACTIONS = (
    "text", "press", "postback", "photo", "document", "voice", "location", "contact", "comment", "reaction", "edit",
    "read", "stop", "resume", "new_number", "new_user_id", "block", "unblock",
)  # fmt: skip
_EVERYWHERE = frozenset({"text", "press", "photo", "voice", "reaction", "edit", "read", "block", "unblock"})
POSSIBLE: dict[Channel, frozenset[str]] = {
    "whatsapp": _EVERYWHERE | {"document", "location", "contact", "stop", "resume", "new_number", "new_user_id"},
    "messenger": _EVERYWHERE | {"document", "location", "contact", "postback", "referral"},
    "instagram": _EVERYWHERE | {"postback", "referral", "comment"},
}
NAMES: dict[Channel, str] = {"whatsapp": "WhatsApp", "messenger": "Messenger", "instagram": "Instagram"}

"""What the sandbox's own API takes from whoever plays the person."""

import re
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from deploy.sandbox.saying import Form, Travel
from deploy.sandbox.telegram.sending import MOST_CHARACTERS

ShortText = Annotated[str, Field(min_length=1, max_length=64)]
_PHONE = re.compile(r"\+?\d{5,15}")


class Person(Form):
    """Who writes, as Telegram names them."""

    first_name: ShortText
    last_name: ShortText | None = None
    username: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,32}$")] | None = None
    language_code: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None


class Contact(Form):
    """A contact card: the person's own, or somebody else's."""

    own: bool
    phone: str
    name: str | None = Field(None, min_length=1, max_length=64)
    """Whose card it is; of an own card the person's name is taken."""
    user_id: int | None = None
    """Of somebody else's card: their Telegram id, where they have one."""

    @field_validator("phone")
    @classmethod
    def _digits(cls, phone: str) -> str:
        bare = re.sub(r"[\s()./-]", "", phone)
        if not _PHONE.fullmatch(bare):
            raise ValueError("give a phone number of 5 to 15 digits, such as +4791234567")
        return bare

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.own and self.name is None:
            raise ValueError("somebody else's card needs their `name`")
        if self.own and self.user_id is not None:
            raise ValueError("an own card carries the person's own id; leave `user_id` out")
        return self


class Edit(Form):
    """New words for a message the person wrote; without an id their last one."""

    message_id: int | None = None
    text: str = Field(min_length=1, max_length=MOST_CHARACTERS)


class Press(Form):
    """A press of a button below one of the bot's messages."""

    message_id: int
    data: str


class Say(Travel):
    """One thing that a person does in their chat with a bot, and how its update travels."""

    text: str | None = Field(None, min_length=1, max_length=MOST_CHARACTERS)
    contact: Contact | None = None
    photo: Literal[True] | None = None
    document: Literal[True] | None = None
    voice: Literal[True] | None = None
    location: Literal[True] | None = None
    edit: Edit | None = None
    press: Press | None = None
    block: Literal[True] | None = None
    unblock: Literal[True] | None = None

    caption: str | None = Field(None, min_length=1, max_length=1024)
    """Of a photo or a document."""
    person: Person | None = None
    """Who the person is; left out, they stay who they were."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        done = [name for name in ACTIONS if getattr(self, name) is not None]
        if len(done) != 1:
            raise ValueError(f"say one thing at a time: exactly one of {', '.join(ACTIONS)}")
        if self.caption is not None and done[0] not in {"photo", "document"}:
            raise ValueError("only a photo or a document has a caption")
        return self

    @property
    def action(self) -> str:
        """The one thing it does."""
        return next(name for name in ACTIONS if getattr(self, name) is not None)


ACTIONS = ("text", "contact", "photo", "document", "voice", "location", "edit", "press", "block", "unblock")

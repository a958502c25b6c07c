"""Telegram's updates, as far as Kith reads them (Bot API 10, `Update`). Unknown fields are passed over."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


Seconds = Annotated[int, Field(ge=0, le=4_102_444_800)]
"""Unix time; the upper bound is the year 2100, so that nonsense is refused where it stands."""


class User(_Lenient):
    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class Chat(_Lenient):
    id: int
    type: str


class File(_Lenient):
    file_id: str
    file_name: str | None = None
    emoji: str | None = None
    """Of a sticker."""


class Contact(_Lenient):
    phone_number: str
    first_name: str = ""
    last_name: str | None = None
    user_id: int | None = None


class Location(_Lenient):
    latitude: float
    longitude: float


class Replied(_Lenient):
    message_id: int


class Message(_Lenient):
    message_id: int
    chat: Chat
    date: Seconds
    sender: User | None = Field(default=None, alias="from")
    edit_date: Seconds | None = None
    text: str | None = None
    caption: str | None = None
    photo: list[File] | None = None
    """Sizes of one picture, the largest last."""
    video: File | None = None
    animation: File | None = None
    video_note: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: File | None = None
    sticker: File | None = None
    location: Location | None = None
    contact: Contact | None = None
    reply_to_message: Replied | None = None


class PressedUnder(_Lenient):
    """The message under which a button was pressed: Telegram may leave out all but these."""

    message_id: int
    chat: Chat
    date: int = 0


class CallbackQuery(_Lenient):
    id: str
    sender: User = Field(alias="from")
    message: PressedUnder | None = None
    data: str | None = None


class Member(_Lenient):
    status: str


class ChatMemberUpdated(_Lenient):
    chat: Chat
    sender: User = Field(alias="from")
    date: Seconds
    old_chat_member: Member
    new_chat_member: Member


class Update(_Lenient):
    update_id: int = Field(ge=0)
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None

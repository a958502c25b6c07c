"""What updates of Meta's channels are made of, and `messaging` as Messenger and Instagram share it.

Unknown fields are passed over.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True)


Id = Annotated[str, Field(min_length=1, max_length=1024)]
Seconds = Annotated[int, Field(ge=0, le=4_102_444_800)]
"""Unix time; the upper bound is the year 2100, so that nonsense is refused where it stands."""
Millis = Annotated[int, Field(ge=0, le=4_102_444_800_000)]


class Party(Lenient):
    id: Id


class QuickReply(Lenient):
    payload: str | None = None


class Coordinates(Lenient):
    lat: float
    long: float


class Payload(Lenient):
    url: str | None = None
    title: str | None = None
    sticker_id: str | None = None
    coordinates: Coordinates | None = None


class Attached(Lenient):
    type: str
    payload: Payload | None = None


class Story(Lenient):
    id: str | None = None


class ReplyTo(Lenient):
    mid: str | None = None
    story: Story | None = None


class Referral(Lenient):
    source: str | None = None
    type: str | None = None
    ad_id: str | None = None
    ref: str | None = None


class Message(Lenient):
    mid: Id
    text: str | None = None
    quick_reply: QuickReply | None = None
    attachments: list[Attached] | None = None
    reply_to: ReplyTo | None = None
    referral: Referral | None = None
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False


class Postback(Lenient):
    mid: str | None = None
    title: str | None = None
    payload: str | None = None
    referral: Referral | None = None


class Edit(Lenient):
    mid: Id
    text: str = ""
    num_edit: int = 1


class Delivery(Lenient):
    mids: list[Id] | None = None
    watermark: Millis | None = None


class Seen(Lenient):
    """Messenger tells until when, Instagram which message."""

    watermark: Millis | None = None
    mid: str | None = None


class Messaging(Lenient):
    sender: Party
    recipient: Party
    timestamp: Millis
    message: Message | None = None
    postback: Postback | None = None
    message_edit: Edit | None = None
    delivery: Delivery | None = None
    seen: Seen | None = Field(default=None, alias="read")
    messaging_seen: Seen | None = None

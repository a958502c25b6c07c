"""WhatsApp's updates (Cloud API), as far as Kith reads them. The phone is optional: people may show a username only."""

from typing import Any

from pydantic import Field

from services.ingest.channels.meta.updates import Id, Lenient, Seconds


class Profile(Lenient):
    name: str | None = None
    username: str | None = None


class Contact(Lenient):
    wa_id: str | None = None
    user_id: str | None = None
    profile: Profile | None = None


class Text(Lenient):
    body: str


class Media(Lenient):
    id: Id
    caption: str | None = None
    filename: str | None = None
    voice: bool = False


class Location(Lenient):
    latitude: float
    longitude: float


class CardName(Lenient):
    formatted_name: str | None = None


class CardPhone(Lenient):
    phone: str | None = None
    wa_id: str | None = None


class Card(Lenient):
    name: CardName | None = None
    phones: list[CardPhone] | None = None


class Button(Lenient):
    """Of a template: `payload` is what we put there, if anything."""

    text: str = ""
    payload: str | None = None


class Choice(Lenient):
    id: Id
    title: str = ""


class FormAnswer(Lenient):
    body: str = ""
    name: str | None = None


class Interactive(Lenient):
    button_reply: Choice | None = None
    list_reply: Choice | None = None
    nfm_reply: FormAnswer | None = None


class Context(Lenient):
    id: str | None = None


class Referral(Lenient):
    source_type: str | None = None
    source_id: str | None = None
    source_url: str | None = None


class System(Lenient):
    """A new number makes a new user id, too; the one of before is told beside it."""

    type: str = ""
    user_id: str | None = None
    previous_user_id: str | None = None
    wa_id: str | None = None
    """The new number's."""
    new_wa_id: str | None = None
    """The same, as older versions name it."""


class Edited(Lenient):
    """A text or a caption that was changed; `message` is as the first one, without its id and its time."""

    original_message_id: Id
    message: dict[str, Any]


class Message(Lenient):
    id: Id
    timestamp: Seconds
    type: str
    phone: str | None = Field(default=None, alias="from")
    from_user_id: str | None = None
    group_id: str | None = None
    text: Text | None = None
    image: Media | None = None
    video: Media | None = None
    audio: Media | None = None
    voice: Media | None = None
    document: Media | None = None
    sticker: Media | None = None
    location: Location | None = None
    contacts: list[Card] | None = None
    button: Button | None = None
    interactive: Interactive | None = None
    system: System | None = None
    edit: Edited | None = None
    context: Context | None = None
    referral: Referral | None = None


class ErrorData(Lenient):
    details: str | None = None


class StatusError(Lenient):
    code: int
    title: str | None = None
    message: str | None = None
    error_data: ErrorData | None = None


class Status(Lenient):
    id: Id
    status: str
    timestamp: Seconds
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    recipient_type: str | None = None
    errors: list[StatusError] | None = None
    biz_opaque_callback_data: str | None = None


class Preference(Lenient):
    wa_id: str | None = None
    user_id: str | None = None
    category: str
    value: str
    timestamp: Seconds


class Metadata(Lenient):
    phone_number_id: Id

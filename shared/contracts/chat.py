"""What happens in a chat: `conversation.v1`, in the order in which the provider told it."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Event, Part
from shared.contracts.ids import chat_contact_id

Channel = Literal["telegram", "whatsapp", "messenger", "instagram", "widget", "custom"]
Strength = Literal["verified", "stated", "claimed"]
"""How well a value is known to be the person's own, strongest first (docs/decisions/0004)."""


class ChatRef(Part, frozen=True):
    """One person as one connection sees them."""

    channel: Channel
    connection_id: str
    contact_id: str
    """The person's id on that channel, as text; it never changes."""


class Sender(Part, frozen=True):
    """What the channel tells of the person; None where it did not say."""

    name: str | None = None
    username: str | None = None
    language: str | None = None
    """An IETF tag as the channel gives it, such as `de` or `pt-br`."""


AttachmentKind = Literal["photo", "video", "voice", "audio", "document", "sticker", "location", "contact", "other"]


class Attachment(Part, frozen=True):
    """A thing that came with a message. The bytes stay with the provider, under `ref`."""

    kind: AttachmentKind
    ref: str | None = None
    label: str
    """What stands in its place, in words: `Photo`, `Document: offer.pdf`."""


class ContactCard(Part, frozen=True):
    """A contact card that the person shared."""

    phone: str
    """As the channel gave it, digits with or without a plus."""
    name: str | None = None
    own: bool
    """True only where the channel vouches that the card is the sender's own."""


class Comment(Part, frozen=True):
    """Where a person wrote in public, under something of ours; an answer goes to them alone."""

    id: str
    """The provider's id of the comment."""
    media_id: str | None = None
    parent_id: str | None = None
    """The comment that this one answers."""


class ChatEvent(Event, frozen=True):
    """Something in one chat. The key never changes, whoever the person turns out to be."""

    source: ClassVar[str] = "ingest"
    chat: ChatRef
    address: str | None = None
    """What the channel takes now to write to this person; None where that is their contact id, which never changes."""

    def key(self) -> str:
        return f"{self.workspace_id}/{self.chat.connection_id}/{self.chat.contact_id}"

    @property
    def chat_contact_id(self) -> str:
        """The opaque id of the chat contact that this is about."""
        return chat_contact_id(self.workspace_id, self.chat.connection_id, self.chat.contact_id)


class MessageReceivedV1(ChatEvent, frozen=True):
    """A person wrote to one of our connections."""

    type: Literal["message.received.v1"] = "message.received.v1"
    sender: Sender
    message_id: str
    """The provider's id of the message, unique in its chat."""
    text: str = ""
    """What they wrote, as the provider gave it; empty for media without a caption."""
    attachments: tuple[Attachment, ...] = ()
    card: ContactCard | None = None
    reply_to: str | None = None
    """The provider's id of the message that this one answers."""
    comment: Comment | None = None
    """Set where this was no message to us but a comment in public."""
    referral: str | None = None
    """What led them here, as the provider names it: an advertisement, a link."""


class MessageEditedV1(ChatEvent, frozen=True):
    """A person changed what they wrote. `time` is that of the change."""

    type: Literal["message.edited.v1"] = "message.edited.v1"
    sender: Sender
    message_id: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    sent_at: str | None = None
    """When the message was first sent, ISO 8601, where the provider says."""


class ButtonPressedV1(ChatEvent, frozen=True):
    """A person pressed a button under one of our messages."""

    type: Literal["button.pressed.v1"] = "button.pressed.v1"
    sender: Sender
    press_id: str
    """The provider's id of the press; it wants an acknowledgement by this id."""
    data: str
    """What we put behind the button."""
    message_id: str | None = None


class Detail(Part, frozen=True):
    """One phone or email that a person gave."""

    kind: Literal["phone", "email"]
    value: str
    """E.164 with its plus; an email in lower case."""
    strength: Strength


class DetailsProvidedV1(ChatEvent, frozen=True):
    """A person gave a phone or an email: this is what makes a chat contact registered."""

    type: Literal["details.provided.v1"] = "details.provided.v1"
    details: tuple[Detail, ...] = Field(min_length=1)
    how: Literal["own_card", "others_card", "typed", "vouched", "sign_in", "form"]
    sender: Sender = Sender()


class SignedInV1(ChatEvent, frozen=True):
    """A person signed in to their profile at the business, which vouches for who they are."""

    type: Literal["signed-in.v1"] = "signed-in.v1"
    external_id: str
    """The business's own id of the person, unique within the connection that says so."""
    details: tuple[Detail, ...] = ()
    """What the business says besides; all of it verified."""
    sender: Sender = Sender()


class FormLeftV1(ChatEvent, frozen=True):
    """A person left a contact form. What it says travels sealed on `contact-form.v1`, under the same id."""

    type: Literal["form.left.v1"] = "form.left.v1"
    form_id: str
    """The id of the `contact-form.received.v1`."""
    queue_id: str
    sender: Sender = Sender()


class MarketingStoppedV1(ChatEvent, frozen=True):
    """The person wants no marketing here: nothing proactive may be sent until they say otherwise."""

    type: Literal["marketing.stopped.v1"] = "marketing.stopped.v1"


class MarketingResumedV1(ChatEvent, frozen=True):
    """The person takes marketing here again."""

    type: Literal["marketing.resumed.v1"] = "marketing.resumed.v1"


class ChatBlockedV1(ChatEvent, frozen=True):
    """The person blocked our connection: nothing may be sent until they unblock it."""

    type: Literal["chat.blocked.v1"] = "chat.blocked.v1"


class ChatUnblockedV1(ChatEvent, frozen=True):
    """The person lets our connection write again."""

    type: Literal["chat.unblocked.v1"] = "chat.unblocked.v1"


class UpdateUnknownV1(Event, frozen=True):
    """Something the provider sent that we do not know yet: kept as it came and counted, never an error."""

    source: ClassVar[str] = "ingest"
    type: Literal["update.unknown.v1"] = "update.unknown.v1"
    channel: Channel
    connection_id: str
    kind: str
    """The provider's name for it, such as `poll_answer`."""
    raw: str
    """The update's JSON."""

    def key(self) -> str:
        return f"{self.workspace_id}/{self.connection_id}"

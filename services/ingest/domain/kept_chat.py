"""What a conversation is: how far its dialog has come, what was said last, and who speaks. Plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.ingest.domain.form_dialog import FormDialog
from services.ingest.domain.outputs import Output
from services.ingest.domain.scenario_turn import Progress
from shared.contracts.chat import (
    ButtonPressedV1,
    ChatEvent,
    ChatRef,
    Detail,
    FormLeftV1,
    MessageEditedV1,
    MessageReceivedV1,
)


@dataclass(frozen=True)
class StepTaken:
    """One of the last steps in the scenario."""

    at: datetime
    step: str
    kind: str
    text: str


@dataclass(frozen=True)
class StoredMessage:
    """One message of a conversation, either way."""

    id: str
    at: datetime
    direction: str
    kind: str
    text: str
    cause: str
    """The id of the event that made it."""
    clock: tuple[datetime, str]
    """When and by which event its text was last set: an older edit does not undo a newer one."""
    edited_at: datetime | None = None
    status: str | None = None
    original: bool = True
    """False while only an edit of it has come."""
    provider_message_id: str | None = None
    reason: str | None = None
    """Why a message could not be delivered."""
    by: str | None = None
    """The user whose own words it is; None for a person's and a scenario's."""
    human_agent: bool = False
    """Whether it was sent after the channel's ordinary window."""


@dataclass(frozen=True)
class Hold:
    """A user who speaks in the scenario's place. It lapses, so that nobody writes into silence for ever."""

    user_id: str
    until: datetime


@dataclass(frozen=True)
class Conversation:
    """One chat. `outputs` are those of the inputs that were handled last: a redelivered input repeats them."""

    id: str
    workspace_id: str
    chat: ChatRef
    progress: Progress = field(default_factory=Progress)
    language: str | None = None
    has_phone: bool = False
    has_email: bool = False
    steps: tuple[StepTaken, ...] = ()
    outputs: Mapping[str, tuple[Output, ...]] = field(default_factory=dict[str, tuple[Output, ...]])
    form: FormDialog | None = None
    """The contact form that they are in the midst of."""
    told_closed: str | None = None
    """The closed time in which they were told that nobody is there."""
    rev: int = 0
    address: str | None = None
    """Where the person is reached, where that is not the chat's own id."""
    hold: Hold | None = None

    def held_at(self, now: datetime) -> Hold | None:
        """Return the hold of whoever has taken over from the scenario, unless it has lapsed."""
        return self.hold if self.hold is not None and now < self.hold.until else None


def message_key(chat_contact_id: str, message_id: str) -> str:
    """Return the id under which a provider's message is stored."""
    return f"{chat_contact_id}/{message_id}"


def press_key(event: ButtonPressedV1) -> str:
    """Return the id under which a press is stored."""
    return f"{event.chat_contact_id}/press/{event.id}"


def form_key(event: FormLeftV1) -> str:
    """Return the id under which it is kept that a form was left."""
    return f"{event.chat_contact_id}/form/{event.id}"


def keys_touched(events: Sequence[ChatEvent]) -> list[str]:
    """Return the ids of all messages that a batch may touch."""
    found: list[str] = []
    for event in events:
        match event:
            case MessageReceivedV1() | MessageEditedV1():
                found.append(message_key(event.chat_contact_id, event.message_id))
            case ButtonPressedV1():
                found.append(press_key(event))
            case FormLeftV1():
                found.append(form_key(event))
            case _:
                continue
    return found


def with_details(conversation: Conversation, details: Sequence[Detail]) -> Conversation:
    """Remember that a phone or an email was given, so that nobody is asked twice."""
    kinds = {detail.kind for detail in details}
    return replace(
        conversation,
        has_phone=conversation.has_phone or "phone" in kinds,
        has_email=conversation.has_email or "email" in kinds,
    )

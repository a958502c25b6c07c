"""What a conversation is, and how a batch of its events changes it. Pure: the whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.ingest.domain.contact_form import Answers
from services.ingest.domain.form_dialog import FormDialog
from services.ingest.domain.form_left import FormEvents, Left, form_events
from services.ingest.domain.front_desk import FrontDesk, Stand, react
from services.ingest.domain.outputs import Output, outputs_of
from services.ingest.domain.scenario import Form, Scenario
from services.ingest.domain.scenario_run import Input, Known, Progress
from shared.contracts.chat import (
    ButtonPressedV1,
    Channel,
    ChatEvent,
    ChatRef,
    Detail,
    DetailsProvidedV1,
    FormLeftV1,
    MessageEditedV1,
    MessageReceivedV1,
    SignedInV1,
)
from shared.contracts.sending import MessageRequestedV1

KEPT_STEPS = 20
SHOW_FORMS: frozenset[Channel] = frozenset({"widget"})
"""Channels that show a contact form as a whole."""
NOTE_CHARACTERS = 200
ANSWER = "form-answer"
"""The kind of a message that answered a form's question."""
ANSWERED = "Answered: "
FORM_LABEL = "Contact form"
"""What stands in a form's place in the conversation."""


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


@dataclass
class Changes:
    """What a batch does to one conversation."""

    conversation: Conversation
    messages: dict[str, StoredMessage] = field(default_factory=dict[str, StoredMessage])
    outputs: list[Output] = field(default_factory=list[Output])
    repeated: int = 0
    """Inputs that had come before."""


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


def follow(
    conversation: Conversation,
    events: Sequence[ChatEvent],
    stored: Mapping[str, StoredMessage],
    scenario: Scenario | None,
    desk: FrontDesk | None = None,
) -> Changes:
    """Take in a batch of one chat's events, in order. `scenario` and `desk` are None where none may speak."""
    changes = Changes(replace(conversation, outputs={}))
    repeated = {event.id: conversation.outputs[event.id] for event in events if event.id in conversation.outputs}
    known = dict(stored)
    for event in events:
        match event:
            case MessageReceivedV1():
                _received(changes, known, event, scenario, desk, conversation)
            case ButtonPressedV1():
                _pressed(changes, known, event, scenario, desk, conversation)
            case MessageEditedV1():
                _edited(changes, known, event)
            case FormLeftV1():
                _left(changes, known, event, scenario, desk, conversation)
            case DetailsProvidedV1() | SignedInV1():
                changes.conversation = with_details(changes.conversation, event.details)
            case _:
                continue
    # what this batch repeats may still be unpublished: it must outlive what the batch adds
    outputs = {**repeated, **changes.conversation.outputs} if changes.conversation.outputs else conversation.outputs
    changes.conversation = replace(changes.conversation, outputs=outputs)
    return changes


def with_details(conversation: Conversation, details: Sequence[Detail]) -> Conversation:
    """Remember that a phone or an email was given, so that nobody is asked twice."""
    kinds = {detail.kind for detail in details}
    return replace(
        conversation,
        has_phone=conversation.has_phone or "phone" in kinds,
        has_email=conversation.has_email or "email" in kinds,
    )


def _received(
    changes: Changes,
    known: dict[str, StoredMessage],
    event: MessageReceivedV1,
    scenario: Scenario | None,
    desk: FrontDesk | None,
    before: Conversation,
) -> None:
    key = message_key(event.chat_contact_id, event.message_id)
    there = known.get(key)
    if there is not None and there.original:
        _repeat(changes, event.id, before)
        return
    label = event.attachments[0].label if event.attachments else ""
    message = StoredMessage(
        id=key,
        at=event.time,
        direction="in",
        kind=event.attachments[0].kind if event.attachments else "text",
        text=" · ".join(part for part in (label, event.text) if part),
        cause=event.id,
        clock=(event.time, event.id),
    )
    if there is not None:  # its edit came first
        message = replace(message, text=there.text, edited_at=there.edited_at, clock=there.clock)
    known[key] = changes.messages[key] = message
    changes.conversation = _speaks(changes.conversation, event)
    given = Input(text=event.text, card=event.card)
    asked = _turn(changes, known, event, given, scenario, desk, acknowledges=None)
    _hide(changes, known, key, asked)


def _pressed(
    changes: Changes,
    known: dict[str, StoredMessage],
    event: ButtonPressedV1,
    scenario: Scenario | None,
    desk: FrontDesk | None,
    before: Conversation,
) -> None:
    key = press_key(event)
    if key in known:
        _repeat(changes, event.id, before)
        return
    label = _button_label(scenario, event.data)
    known[key] = changes.messages[key] = StoredMessage(
        id=key,
        at=event.time,
        direction="in",
        kind="button",
        text=label,
        cause=event.id,
        clock=(event.time, event.id),
    )
    changes.conversation = _speaks(changes.conversation, event)
    given = Input(pressed=event.data, text=label)
    asked = _turn(changes, known, event, given, scenario, desk, acknowledges=event.press_id)
    _hide(changes, known, key, asked)


def _hide(changes: Changes, known: dict[str, StoredMessage], key: str, asked: str | None) -> None:
    """Keep of an answer to a form which question it answered: what it says belongs to the form alone."""
    if asked is not None:
        message = replace(known[key], kind=ANSWER, text=f"{ANSWERED}{asked}")
        known[key] = changes.messages[key] = message


def _left(
    changes: Changes,
    known: dict[str, StoredMessage],
    event: FormLeftV1,
    scenario: Scenario | None,
    desk: FrontDesk | None,
    before: Conversation,
) -> None:
    """Note that a form was left: what it says is read in its queue's log, never here."""
    key = form_key(event)
    if key in known:
        _repeat(changes, event.id, before)
        return
    known[key] = changes.messages[key] = StoredMessage(
        id=key,
        at=event.time,
        direction="in",
        kind="form",
        text=FORM_LABEL,
        cause=event.id,
        clock=(event.time, event.id),
    )
    changes.conversation = _speaks(changes.conversation, event)
    waits = scenario.steps.get(changes.conversation.progress.step or "") if scenario is not None else None
    if event.chat.channel in SHOW_FORMS and isinstance(waits, Form):
        _turn(changes, known, event, Input(left_form=True), scenario, desk, acknowledges=None)


def _button_label(scenario: Scenario | None, data: str) -> str:
    return data.rsplit(":", 1)[-1] if scenario is not None else data


def _edited(changes: Changes, known: dict[str, StoredMessage], event: MessageEditedV1) -> None:
    key = message_key(event.chat_contact_id, event.message_id)
    there = known.get(key)
    clock = (event.time, event.id)
    if there is not None and (there.clock >= clock or there.kind == ANSWER):
        changes.repeated += 1
        return
    label = event.attachments[0].label if event.attachments else ""
    text = " · ".join(part for part in (label, event.text) if part)
    if there is None:
        sent = datetime.fromisoformat(event.sent_at) if event.sent_at else event.time
        there = StoredMessage(
            id=key, at=sent, direction="in", kind="text", text=text, cause=event.id, clock=clock, original=False
        )
    known[key] = changes.messages[key] = replace(there, text=text, edited_at=event.time, clock=clock)


def _speaks(conversation: Conversation, event: MessageReceivedV1 | ButtonPressedV1 | FormLeftV1) -> Conversation:
    return replace(conversation, language=event.sender.language or conversation.language, address=event.address)


def _repeat(changes: Changes, event_id: str, before: Conversation) -> None:
    """Publish again what a delivery led to when it first came, under the same ids."""
    changes.repeated += 1
    changes.outputs += before.outputs.get(event_id, ())


def _turn(
    changes: Changes,
    known: dict[str, StoredMessage],
    event: MessageReceivedV1 | ButtonPressedV1 | FormLeftV1,
    given: Input,
    scenario: Scenario | None,
    desk: FrontDesk | None,
    acknowledges: str | None,
) -> str | None:
    """Take one turn; returns the question of a form that it answered."""
    conversation = changes.conversation
    person = Known(conversation.language, conversation.has_phone, conversation.has_email)
    if isinstance(event, MessageReceivedV1) and event.comment is not None:
        desk = None  # in public nothing is asked that belongs into a form
    stand = Stand(conversation.progress, conversation.form, conversation.told_closed)
    reaction = react(stand, scenario, desk, person, given, shows_forms=event.chat.channel in SHOW_FORMS)
    turn = reaction.turn
    outputs: tuple[Output, ...] = outputs_of(event, turn, acknowledges)
    if reaction.filled is not None and desk is not None:
        outputs = (*_form_of(event, reaction.filled, desk, person.language), *outputs)
    steps = tuple(StepTaken(event.time, n.step, n.kind, n.text[:NOTE_CHARACTERS]) for n in turn.notes)
    changes.conversation = replace(
        conversation,
        progress=turn.progress,
        form=reaction.form,
        told_closed=reaction.told,
        steps=(*conversation.steps, *steps)[-KEPT_STEPS:],
        outputs={**conversation.outputs, event.id: outputs} if outputs else conversation.outputs,
    )
    for number, output in enumerate(outputs):
        if isinstance(output, DetailsProvidedV1):
            changes.conversation = with_details(changes.conversation, output.details)
        elif isinstance(output, MessageRequestedV1) and output.text:
            known[output.id] = changes.messages[output.id] = _to_be_sent(output, number)
    changes.outputs += outputs
    return reaction.answered


def _form_of(event: ChatEvent, filled: Answers, desk: FrontDesk, language: str | None) -> FormEvents:
    left = Left(
        id=f"{event.id}/left",
        time=event.time,
        workspace_id=event.workspace_id,
        chat=event.chat,
        via="scenario",
        language=language,
        while_closed=not desk.opening.is_open,
        address=event.address,
    )
    return form_events(left, desk.queue, filled, desk.seal)


def _to_be_sent(output: MessageRequestedV1, number: int) -> StoredMessage:
    return StoredMessage(
        id=output.id,
        at=output.time + timedelta(milliseconds=1 + number),  # after what it answers, in its order
        direction="out",
        kind="text",
        text=output.text,
        cause=output.cause,
        clock=(output.time, output.id),
        status="queued",
    )

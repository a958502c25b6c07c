"""One turn of a chat: what its scenario and its queue make of an input, and what of that is kept. Pure."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from services.ingest.domain.contact_form import Answers
from services.ingest.domain.form_left import FormEvents, Left, form_events
from services.ingest.domain.front_desk import FrontDesk, Stand, react
from services.ingest.domain.kept_chat import Conversation, StepTaken, StoredMessage, with_details
from services.ingest.domain.outputs import Output, outputs_of
from services.ingest.domain.scenario import Scenario
from services.ingest.domain.scenario_turn import Input, Known
from shared.contracts.chat import (
    ButtonPressedV1,
    Channel,
    ChatEvent,
    DetailsProvidedV1,
    FormLeftV1,
    MessageReceivedV1,
)
from shared.contracts.sending import MessageRequestedV1

KEPT_STEPS = 20
SHOW_FORMS: frozenset[Channel] = frozenset({"widget"})
"""Channels that show a contact form as a whole."""
NOTE_CHARACTERS = 200


@dataclass
class Changes:
    """What a batch does to one conversation."""

    conversation: Conversation
    messages: dict[str, StoredMessage] = field(default_factory=dict[str, StoredMessage])
    outputs: list[Output] = field(default_factory=list[Output])
    repeated: int = 0
    """Inputs that had come before."""


def take_chat_turn(
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

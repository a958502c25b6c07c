"""How a batch of a chat's events changes its conversation. Pure: the whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.ingest.domain.chat_turn import SHOW_FORMS, Changes, take_chat_turn
from services.ingest.domain.front_desk import FrontDesk
from services.ingest.domain.kept_chat import (
    Conversation,
    StoredMessage,
    form_key,
    message_key,
    press_key,
    with_details,
)
from services.ingest.domain.scenario import Form, Scenario
from services.ingest.domain.scenario_turn import Input
from shared.contracts.chat import (
    ButtonPressedV1,
    ChatEvent,
    DetailsProvidedV1,
    FormLeftV1,
    MessageEditedV1,
    MessageReceivedV1,
    SignedInV1,
)

__all__ = ["Changes", "Conversation", "StoredMessage", "follow"]

ANSWER = "form-answer"
"""The kind of a message that answered a form's question."""
ANSWERED = "Answered: "
FORM_LABEL = "Contact form"
"""What stands in a form's place in the conversation."""


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
    asked = take_chat_turn(changes, known, event, given, scenario, desk, acknowledges=None)
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
    asked = take_chat_turn(changes, known, event, given, scenario, desk, acknowledges=event.press_id)
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
        take_chat_turn(changes, known, event, Input(left_form=True), scenario, desk, acknowledges=None)


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

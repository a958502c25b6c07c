"""A contact form on a channel that shows none: its questions one by one. What is answered is in the form alone."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.ingest.domain.contact_form import YES, Answer, FormFaultsError, read_answer
from services.ingest.domain.form_words import DIALOG, FAULTS, THANKS, TITLE, in_words, spoken
from services.ingest.domain.scenario_turn import Input, Reply, StepNote
from shared.contracts.queues import ContactForm, FormField, QueueStateV1
from shared.contracts.sending import Button

STEP = "form"
"""What the last steps call it."""
_STOP = frozenset({"cancel", "/cancel", "cancelar", "abbrechen"})
_SKIP = frozenset({"skip", "/skip", "-", "saltar", "omitir", "überspringen"})
_DONE = frozenset({"done", "/done", "listo", "fertig"})
_YES = frozenset({"yes", "y", "ok", "sí", "si", "ja"})
_NO = frozenset({"no", "n", "nein"})


@dataclass(frozen=True)
class FormDialog:
    """How far somebody is in a form. `answers` hold what was skipped, too, as nothing."""

    queue_id: str
    asked: str
    """The id of the question that waits."""
    answers: Mapping[str, Answer] = field(default_factory=dict[str, Answer])
    picked: tuple[str, ...] = ()
    """Of a question with several answers: those so far."""

    def __repr__(self) -> str:
        return f"FormDialog({self.queue_id}, {self.asked})"


@dataclass(frozen=True)
class FormTurn:
    """What follows from one input."""

    dialog: FormDialog | None
    replies: tuple[Reply, ...]
    notes: tuple[StepNote, ...]
    filled: Mapping[str, Answer] | None = None
    """All answers, once there is nothing more to ask."""


def begin(queue: QueueStateV1, language: str | None) -> FormTurn:
    """Ask the first question."""
    words = DIALOG[spoken(language)]
    intro = f"{in_words(queue.form.title, language, TITLE)}\n{words['stop_hint']}"
    turn = _next(queue, FormDialog(queue.id, ""), language, ())
    return replace(turn, replies=(Reply(intro), *turn.replies))


def go_on(  # noqa: PLR0911 - one for each thing that somebody may do
    dialog: FormDialog, queue: QueueStateV1, language: str | None, given: Input, region: str | None
) -> FormTurn:
    """Take an answer, and ask what comes next. What does not fit is asked again."""
    words = DIALOG[spoken(language)]
    question = _question(queue.form, dialog.asked)
    if question is None:  # the form was edited under this dialog
        return _next(queue, dialog, language, ())
    label = in_words(question.label, language)
    word = given.text.strip().casefold() if given.pressed is None else ""
    if word in _STOP:
        return FormTurn(None, (Reply(words["stopped"], remove_keyboard=True),), (StepNote(STEP, "gave_up", label),))
    if given.pressed is not None and not given.pressed.startswith(f"form:{_short(question.id)}:"):
        return FormTurn(dialog, (), ())  # a button of an earlier question
    pressed = given.pressed.rpartition(":")[2] if given.pressed is not None else ""
    if not question.required and (word in _SKIP or pressed == "skip"):
        return _answered(queue, dialog, question, (), language, "answered")
    try:
        answer = _read(question, dialog, given, pressed, word, language, region)
    except FormFaultsError as error:
        sorry = Reply(FAULTS[error.faults[0].kind][spoken(language)])
        return FormTurn(dialog, (sorry, _ask(question, language)), (StepNote(STEP, "not_understood", label),))
    if question.several and not (pressed == "done" or word in _DONE):
        picked = (*dialog.picked, *(one for one in answer if one not in dialog.picked))
        return FormTurn(replace(dialog, picked=picked), (_ask(question, language, picked),), ())
    return _answered(queue, dialog, question, answer, language, "answered")


def _answered(
    queue: QueueStateV1, dialog: FormDialog, question: FormField, answer: Answer, language: str | None, kind: str
) -> FormTurn:
    answers = {**dialog.answers, question.id: answer}
    note = StepNote(STEP, "answered" if kind == "answered" else "not_understood", in_words(question.label, language))
    return _next(queue, FormDialog(dialog.queue_id, "", answers), language, (note,))


def _next(queue: QueueStateV1, dialog: FormDialog, language: str | None, notes: tuple[StepNote, ...]) -> FormTurn:
    for question in queue.form.fields:
        if question.id not in dialog.answers:
            note = StepNote(STEP, "asked", in_words(question.label, language))
            asked = replace(dialog, asked=question.id, picked=())
            return FormTurn(asked, (_ask(question, language),), (*notes, note))
    known = {one.id for one in queue.form.fields}
    filled = {name: answer for name, answer in dialog.answers.items() if answer and name in known}
    thanks = Reply(in_words(queue.form.thanks, language, THANKS), remove_keyboard=True)
    return FormTurn(None, (thanks,), (*notes, StepNote(STEP, "ended")), filled)


def _question(form: ContactForm, id_: str) -> FormField | None:
    return next((one for one in form.fields if one.id == id_), None)


def _read(
    question: FormField,
    dialog: FormDialog,
    given: Input,
    pressed: str,
    word: str,
    language: str | None,
    region: str | None,
) -> Answer:
    """Read an answer to a question. Raises `FormFaultsError`."""
    if question.kind == "consent":
        said = "yes" if pressed == YES or word in _YES else "no" if pressed == "no" or word in _NO else "?"
        return read_answer(question, said) or ()
    if question.kind == "choice":
        if question.several and (pressed == "done" or word in _DONE):
            return read_answer(question, list(dialog.picked)) or ()
        wanted = [word] if not question.several else [part.strip() for part in word.split(",")]
        chosen = [
            choice.id
            for number, choice in enumerate(question.choices, start=1)
            if pressed == _short(choice.id)
            or (not pressed and ({in_words(choice.label, language).casefold(), str(number)} & set(wanted)))
        ]
        return read_answer(question, chosen or ["?"]) or ()
    text = given.text
    if question.kind == "phone" and given.card is not None:
        text = f"+{given.card.phone.removeprefix('+')}"
    found = read_answer(question, text, region)
    return found if found is not None else read_answer(_as_required(question), None) or ()


def _as_required(question: FormField) -> FormField:
    """Return a question that has to be answered: nothing at all is no answer; whoever wants none says so."""
    return question.model_copy(update={"required": True})


def _ask(question: FormField, language: str | None, picked: tuple[str, ...] = ()) -> Reply:
    words = DIALOG[spoken(language)]
    place = f"form:{_short(question.id)}"
    buttons: list[Button] = []
    if question.kind == "consent":
        buttons.append(Button(text=words["yes"], data=f"{place}:{YES}"))
        if not question.required:
            buttons.append(Button(text=words["no"], data=f"{place}:no"))
    buttons += [
        Button(text=in_words(choice.label, language)[:64], data=f"{place}:{_short(choice.id)}")
        for choice in question.choices
        if choice.id not in picked
    ]
    if picked:
        buttons.append(Button(text=words["done"], data=f"{place}:done"))
    elif not question.required and question.kind != "consent":
        buttons.append(Button(text=words["skip"], data=f"{place}:skip"))
    text = in_words(question.label, language)
    if picked:
        chosen = [in_words(one.label, language) for one in question.choices if one.id in picked]
        text = f"{text}\n✓ {', '.join(chosen)}"
    return Reply(text, tuple(buttons))


def _short(id_: str) -> str:
    """Name a question or a choice in what a button carries: Telegram takes 64 bytes."""
    return hashlib.blake2b(id_.encode(), digest_size=5).hexdigest()

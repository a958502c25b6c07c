"""Runs a scenario: one input of a person's, and what follows from it. No clock, no network, no database."""

from dataclasses import replace

from services.ingest.domain.kind_words import LEAVE, SHARE_PHONE, SORRY
from services.ingest.domain.scenario import MAX_STEPS, Ask, Branch, End, Form, Say, Scenario, in_language
from services.ingest.domain.scenario_answers import Answer, read_answer
from services.ingest.domain.scenario_turn import Input, Known, Progress, Provided, Reply, StepNote, Turn
from shared.contracts.sending import Button

__all__ = ["Input", "Known", "Progress", "Reply", "Turn", "take_turn"]

OPEN_FORM = "form:open"
"""Behind the button that opens the contact form, where the channel shows forms."""
MAX_STEPS_A_TURN = MAX_STEPS
"""A checked scenario passes no step twice in one turn; a guard all the same."""


def take_turn(scenario: Scenario, progress: Progress, known: Known, given: Input) -> Turn:
    """Answer one input. A dialog that has ended stays silent until a restart word."""
    if _restarts(scenario, given) and (progress.step or progress.ended):
        turn = Turn(Progress(), notes=(StepNote(scenario.start, "restarted", given.text.strip()),))
        return _go(scenario, turn, known, scenario.start)
    if progress.ended:
        return Turn(progress)
    if progress.step is None:
        return _go(scenario, Turn(progress), known, scenario.start)
    step = scenario.steps.get(progress.step)
    if isinstance(step, Form):
        left = given.left_form or given.pressed == OPEN_FORM
        waiting = Turn(Progress(answers=progress.answers))
        return _go(scenario, waiting, known, step.next if left else progress.step)
    if not isinstance(step, Ask):  # the scenario was edited under this dialog
        return _go(scenario, Turn(Progress(answers=progress.answers)), known, scenario.start)
    return _answer(scenario, progress, known, step, given)


def _restarts(scenario: Scenario, given: Input) -> bool:
    """Tell whether somebody wrote a restart word. What follows a command, as in `/start offer`, is passed over."""
    text = given.text.strip()
    word = text.split(maxsplit=1)[0] if text.startswith("/") else text
    return given.pressed is None and word in scenario.restart_words


def _answer(scenario: Scenario, progress: Progress, known: Known, step: Ask, given: Input) -> Turn:
    name = progress.step or ""
    if given.pressed is not None and not given.pressed.startswith(f"{name}:"):
        return Turn(progress)  # a button of an earlier question
    answer = read_answer(scenario, step, given, known.language)
    if answer is None:
        return _not_understood(scenario, progress, known, step, given)
    answers = {**progress.answers, step.save_as: answer.value} if step.save_as else progress.answers
    known = replace(
        known,
        has_phone=known.has_phone or answer.kind == "phone",
        has_email=known.has_email or answer.kind == "email",
    )
    turn = Turn(
        Progress(answers=answers),
        provided=(Provided(answer.kind, answer.value),) if answer.kind is not None and answer.typed else (),
        notes=(StepNote(name, "answered", _said(answer, given)),),
    )
    return _go(scenario, turn, known, answer.next or step.next)


def _said(answer: Answer, given: Input) -> str:
    return given.text.strip() or answer.value


def _not_understood(scenario: Scenario, progress: Progress, known: Known, step: Ask, given: Input) -> Turn:
    name = progress.step or ""
    tries = progress.tries + 1
    note = StepNote(name, "not_understood", given.text.strip())
    if step.give_up is not None and tries >= step.attempts:
        turn = Turn(Progress(answers=progress.answers), notes=(note, StepNote(name, "gave_up")))
        return _go(scenario, turn, known, step.give_up)
    sorry = in_language(step.sorry or SORRY[step.for_], known.language, (*scenario.languages, "en"))
    return Turn(replace(progress, tries=tries), replies=(_question(scenario, name, step, known, sorry),), notes=(note,))


def _go(scenario: Scenario, turn: Turn, known: Known, name: str) -> Turn:  # noqa: C901 - a case for each step
    """Walk from a step until something is asked, or the end."""
    for _ in range(MAX_STEPS_A_TURN):
        step = scenario.steps.get(name)
        if step is None:
            break
        match step:
            case Say():
                turn = _said_so(turn, name, in_language(step.text, known.language, scenario.languages))
                name = step.next
            case Branch():
                name = step.cases.get(_value(step, turn.progress, known), step.otherwise)
            case Ask():
                if _known_already(step, known):
                    name = step.next
                    continue
                text = in_language(step.text, known.language, scenario.languages)
                return replace(
                    turn,
                    progress=replace(turn.progress, step=name, tries=0, ended=False),
                    replies=(*turn.replies, _question(scenario, name, step, known, text)),
                    notes=(*turn.notes, StepNote(name, "asked", text)),
                )
            case Form():
                if known.forms == "none":
                    name = step.next
                    continue
                return _offered(scenario, turn, known, name, step)
            case End():
                if step.text is not None:
                    turn = _said_so(turn, name, in_language(step.text, known.language, scenario.languages))
                return _ended(turn, name)
    return _ended(turn, name)


def _offered(scenario: Scenario, turn: Turn, known: Known, name: str, step: Form) -> Turn:
    leave = in_language(LEAVE, known.language, (*scenario.languages, "en"))
    text = in_language(step.text, known.language, scenario.languages) if step.text is not None else leave
    reply = Reply(text, (Button(text=leave, data=OPEN_FORM),) if known.forms == "shown" else ())
    spoken = known.forms == "shown" or step.text is not None
    return replace(
        turn,
        progress=replace(turn.progress, step=name, tries=0, ended=False),
        replies=(*turn.replies, reply) if spoken else turn.replies,
        notes=(*turn.notes, StepNote(name, "asked", text)),
    )


def _ended(turn: Turn, name: str) -> Turn:
    return replace(
        turn,
        progress=replace(turn.progress, step=None, ended=True, tries=0),
        notes=(*turn.notes, StepNote(name, "ended")),
    )


def _said_so(turn: Turn, name: str, text: str) -> Turn:
    first = not turn.replies
    return replace(
        turn,
        replies=(*turn.replies, Reply(text, remove_keyboard=first and bool(turn.notes))),
        notes=(*turn.notes, StepNote(name, "said", text)),
    )


def _known_already(step: Ask, known: Known) -> bool:
    """Nobody is asked twice for what they gave."""
    match step.for_:
        case "phone":
            return known.has_phone
        case "email":
            return known.has_email
        case "contact":
            return known.has_phone or known.has_email
        case _:
            return False


def _value(step: Branch, progress: Progress, known: Known) -> str:
    match step.on.partition(":"):
        case ("answer", _, name):
            return progress.answers.get(name, "")
        case ("language", _, _):
            return (known.language or "").split("-", 1)[0].lower()
        case ("has_phone", _, _):
            return "yes" if known.has_phone else "no"
        case _:
            return "yes" if known.has_email else "no"


def _question(scenario: Scenario, name: str, step: Ask, known: Known, text: str) -> Reply:
    buttons = tuple(
        Button(text=in_language(choice.text, known.language, scenario.languages), data=f"{name}:{choice.id}")
        for choice in step.choices
    )
    share = None
    if step.for_ in {"phone", "contact"}:
        share = in_language(SHARE_PHONE, known.language, (*scenario.languages, "en"))
    return Reply(text, buttons, ask_contact=share)

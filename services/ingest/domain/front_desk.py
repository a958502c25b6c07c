"""Who answers somebody who writes: the scenario, a contact form's questions, or what is said while nobody is there."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.domain.contact_form import Answers, gather
from services.ingest.domain.form_dialog import FormDialog, FormTurn, begin, go_on
from services.ingest.domain.form_left import Seal
from services.ingest.domain.form_words import CLOSED, STILL_CLOSED, in_words, opens_in_words
from services.ingest.domain.scenario import Form, Scenario
from services.ingest.domain.scenario_run import take_turn
from services.ingest.domain.scenario_turn import Input, Known, Progress, Reply, StepNote, Turn
from shared.contracts.opening import Opening
from shared.contracts.queues import QueueStateV1

_TWICE = ", twice"


@dataclass(frozen=True)
class FrontDesk:
    """The queue that a connection feeds, and how it stands with it now."""

    queue: QueueStateV1
    opening: Opening
    seal: Seal
    now: datetime

    @property
    def asks(self) -> bool:
        """Whether it has a form at all."""
        return bool(self.queue.form.fields)

    @property
    def closed_time(self) -> str:
        """Name this closed time: what is said once in it is not said again."""
        until = self.opening.until
        return f"{self.queue.id} until {until.isoformat()}" if until else f"{self.queue.id} rev {self.queue.rev}"


@dataclass(frozen=True)
class Stand:
    """Where a conversation stands."""

    progress: Progress
    form: FormDialog | None
    told: str | None
    """The closed time in which they were told that nobody is there, and whether they were told twice."""


@dataclass(frozen=True)
class Reaction:
    """What follows, and where the conversation stands then."""

    turn: Turn
    form: FormDialog | None
    told: str | None
    answered: str | None = None
    """The question of a form that this answered: what was written belongs to the form alone."""
    filled: Answers | None = None


def react(
    stand: Stand, scenario: Scenario | None, desk: FrontDesk | None, known: Known, given: Input, *, shows_forms: bool
) -> Reaction:
    """Answer one input. `shows_forms`: whether the channel shows a form as a whole."""
    asks = desk is not None and desk.asks
    known = replace(known, forms="none" if not asks else "shown" if shows_forms else "asked")
    if stand.form is not None and desk is not None and stand.form.queue_id == desk.queue.id and asks:
        return _in_form(stand, stand.form, scenario, desk, known, given)
    stand = replace(stand, form=None)
    if desk is not None and not desk.opening.is_open and not given.left_form:
        when = desk.queue.when_closed
        if when != "bot" or scenario is None:
            return _closed(stand, desk, known, with_form=when != "message" and asks)
    if scenario is None:
        return Reaction(Turn(stand.progress), None, stand.told)
    return _asked(take_turn(scenario, stand.progress, known, given), stand, scenario, desk, known)


def _asked(turn: Turn, stand: Stand, scenario: Scenario, desk: FrontDesk | None, known: Known) -> Reaction:
    """Begin the form's questions where the scenario has come to its form, and the channel shows none."""
    waits = scenario.steps.get(turn.progress.step or "")
    if desk is None or known.forms != "asked" or not isinstance(waits, Form):
        return Reaction(turn, None, stand.told)
    return Reaction(_joined(turn, begin(desk.queue, known.language)), _dialog(desk, known), stand.told)


def _dialog(desk: FrontDesk, known: Known) -> FormDialog | None:
    return begin(desk.queue, known.language).dialog


def _in_form(
    stand: Stand, form: FormDialog, scenario: Scenario | None, desk: FrontDesk, known: Known, given: Input
) -> Reaction:
    queue = desk.queue
    asked = next((one for one in queue.form.fields if one.id == form.asked), None)
    label = in_words(asked.label, known.language) if asked is not None else ""
    step = go_on(form, queue, known.language, given, scenario.region if scenario is not None else None)
    turn = _joined(Turn(stand.progress), step)
    if step.dialog is not None:
        return Reaction(turn, step.dialog, stand.told, answered=label)
    filled = gather(queue.form, step.filled) if step.filled is not None else None
    reaction = Reaction(turn, None, stand.told, answered=label, filled=filled)
    waits = scenario.steps.get(stand.progress.step or "") if scenario is not None else None
    if scenario is None or not isinstance(waits, Form):
        return reaction
    onward = _asked(take_turn(scenario, stand.progress, known, Input(left_form=True)), stand, scenario, desk, known)
    both = replace(
        onward.turn,
        replies=(*turn.replies, *onward.turn.replies),
        notes=(*turn.notes, *onward.turn.notes),
    )
    return replace(reaction, turn=both, form=onward.form)


def _closed(stand: Stand, desk: FrontDesk, known: Known, *, with_form: bool) -> Reaction:
    """Say in a closed time that nobody is there; ask the form's questions where the queue wants that.

    Who writes on, after the form too, is told once more that it is kept; then it is quiet, or a chatty visitor would
    get as many answers as they have lines.
    """
    told_again = f"{desk.closed_time}{_TWICE}"
    if stand.told == told_again:
        return Reaction(Turn(stand.progress), None, stand.told)
    if stand.told == desk.closed_time:
        return Reaction(_said(stand, _still_closed(desk, known)), None, told_again)
    reply = Reaction(_said(stand, _offline(desk, known)), None, desk.closed_time)
    if not with_form:
        return reply
    if known.forms == "shown":
        return reply  # the website chat shows the form by itself
    return replace(reply, turn=_joined(reply.turn, begin(desk.queue, known.language)), form=_dialog(desk, known))


def _said(stand: Stand, words: str) -> Turn:
    return Turn(stand.progress, replies=(Reply(words),), notes=(StepNote("closed", "said"),))


def _still_closed(desk: FrontDesk, known: Known) -> str:
    opens = opens_in_words(desk.opening.until, desk.now, desk.queue.time_zone, known.language)
    return "\n".join(line for line in (in_words({}, known.language, STILL_CLOSED), opens) if line)


def _offline(desk: FrontDesk, known: Known) -> str:
    queue = desk.queue
    ways = [
        ": ".join(dict.fromkeys(part for part in (in_words(way.label, known.language), way.value) if part))
        for way in queue.other_ways
    ]
    opens = opens_in_words(desk.opening.until, desk.now, queue.time_zone, known.language)
    return "\n".join(line for line in (in_words(queue.offline, known.language, CLOSED), opens, *ways) if line)


def _joined(turn: Turn, form: FormTurn) -> Turn:
    return replace(turn, replies=(*turn.replies, *form.replies), notes=(*turn.notes, *form.notes))

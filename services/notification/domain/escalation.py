"""Who is told of a form, by which way, and who next while nobody has looked. Pure: people, clocks and ids come in.

A form is *seen* when a person acted on it. Until then each step follows the one before after the queue's own time:
push, email, one colleague after another, the lead. A step that reaches nobody is noted and the next follows at once,
so the last one is never later than `latest` says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.notification.domain.ways import Silence, Way

StepKind = Literal["intake", "push", "email", "colleague", "lead"]
Told = Literal["live", "push", "email", "banner"]
"""How somebody is told: a line to their open pages, a push to their browsers, an email, a banner that stays."""
Why = Literal["off", "quiet", "left", "not_on", "not_online", "no_browser", "emailed_already", "asked_already"]
"""Why somebody is passed over. `left`: they may not read requests any more; `not_on`: this way is not switched on;
`no_browser`: none of theirs takes pushes.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A user as it stands with them for one form at one moment."""

    id: str
    may_read: bool = True
    online: bool = False
    ways: frozenset[Way] = frozenset()
    silence: Silence | None = None
    has_browser: bool = False
    """Whether a browser of theirs takes pushes."""
    emailed: bool = False
    """Whether this form has an email to them already, sent or not."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who is told, and how."""

    user_id: str
    by: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Somebody who is passed over, and why."""

    user_id: str
    why: Why


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is done and logged."""

    kind: StepKind
    reached: tuple[Reached, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def by(self, way: Told) -> list[str]:
        """Return who is told by one way."""
        return [one.user_id for one in self.reached if way in one.by]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a queue escalates."""

    after: timedelta
    colleagues: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one form's escalation is."""

    steps: int = 0
    """How many are done, those that reached nobody among them."""
    asked: tuple[str, ...] = ()
    """Who was asked personally."""

    def next_kind(self, pace: Pace) -> StepKind:
        """Return what comes next; a queue whose settings change goes on with the lead at the latest."""
        if self.steps == 0:
            return "push"
        if self.steps == 1:
            return "email"
        return "colleague" if self.steps < 2 + pace.colleagues else "lead"


@dataclass(frozen=True, slots=True)
class Circle:
    """Who may be told of a form."""

    members: tuple[Person, ...]
    """In the queue's order."""
    leads: tuple[Person, ...]
    """The queue's lead; every admin where there is none who may read requests."""


@dataclass(frozen=True, slots=True)
class Advance:
    """What is to be done now, and how it goes on."""

    steps: tuple[Step, ...]
    progress: Progress
    is_over: bool
    """The lead was told: nothing follows but that somebody looks."""


def latest(at: datetime, pace: Pace) -> datetime:
    """Return by when the last step is due for a form that nobody looks at."""
    return at + pace.after * (3 + pace.colleagues)


def next_due(due_at: datetime, now: datetime, pace: Pace) -> datetime:
    """Return when the next step follows one that was due at `due_at` and is done now.

    A small delay does not add up; after a long one people still get half the time to look.
    """
    return min(now + pace.after, max(due_at + pace.after, now + pace.after / 2))


def at_intake(members: Iterable[Person]) -> Step:
    """Decide who is told the moment a form comes in."""
    return _step("intake", members, _on_intake)


def advance(progress: Progress, pace: Pace, circle: Circle) -> Advance:
    """Do the next step; while one reaches nobody, the next at once. The last is done whoever it reaches."""
    steps: list[Step] = []
    while True:
        kind = progress.next_kind(pace)
        step = _do(kind, circle, progress.asked)
        steps.append(step)
        circle = _emailed(circle, step.by("email"))
        asked = tuple(one.user_id for one in step.reached) if kind == "colleague" else ()
        progress = replace(progress, steps=progress.steps + 1, asked=progress.asked + asked)
        if kind == "lead" or step.reached:
            return Advance(tuple(steps), progress, is_over=kind == "lead")


def _do(kind: StepKind, circle: Circle, asked: Sequence[str]) -> Step:
    match kind:
        case "push":
            return _step("push", circle.members, _by_push)
        case "email":
            return _step("email", circle.members, _by_email)
        case "colleague":
            return _ask_colleague(circle.members, asked)
        case "lead":
            # neither settings nor quiet hours count here: this one cannot be switched off
            told = tuple(Reached(one.id, ("banner",) if one.emailed else ("banner", "email")) for one in circle.leads)
            return Step("lead", told)
        case "intake":
            raise AssertionError("unreachable: a form comes in once")


def _step(kind: StepKind, people: Iterable[Person], how: Callable[[Person], Reached | Why]) -> Step:
    reached: list[Reached] = []
    skipped: list[Skipped] = []
    for person in people:
        found = _passed_over(person) or how(person)
        if isinstance(found, Reached):
            reached.append(found)
        else:
            skipped.append(Skipped(person.id, found))
    return Step(kind, tuple(reached), tuple(skipped))


def _passed_over(person: Person) -> Why | None:
    return "left" if not person.may_read else person.silence


def _on_intake(person: Person) -> Reached | Why:
    by: list[Told] = []
    if person.online and person.ways & {"sound", "desktop"}:
        by.append("live")
    elif "push" in person.ways and person.has_browser:
        by.append("push")
    if "email" in person.ways and not person.emailed:
        by.append("email")
    if by:
        return Reached(person.id, tuple(by))
    return "not_online" if person.ways & {"sound", "desktop"} and not person.online else "not_on"


def _by_push(person: Person) -> Reached | Why:
    if "push" not in person.ways:
        return "not_on"
    return Reached(person.id, ("push",)) if person.has_browser else "no_browser"


def _by_email(person: Person) -> Reached | Why:
    if "email" not in person.ways:
        return "not_on"
    return "emailed_already" if person.emailed else Reached(person.id, ("email",))


def _ask_colleague(members: Sequence[Person], asked: Sequence[str]) -> Step:
    """Ask the first who can be reached: online ones first, then in the queue's order."""
    skipped: list[Skipped] = []
    for person in sorted(members, key=_offline):
        why = "asked_already" if person.id in asked else _passed_over(person)
        by = _every_way(person)
        if why is None and by:
            return Step("colleague", (Reached(person.id, by),), tuple(skipped))
        skipped.append(Skipped(person.id, why or "not_online"))
    return Step("colleague", (), tuple(skipped))


def _offline(person: Person) -> bool:
    return not person.online


def _every_way(person: Person) -> tuple[Told, ...]:
    by: list[Told] = []
    if person.online and person.ways & {"sound", "desktop"}:
        by.append("live")
    if "push" in person.ways and person.has_browser:
        by.append("push")
    if "email" in person.ways and not person.emailed:
        by.append("email")
    return tuple(by)


def _emailed(circle: Circle, users: Sequence[str]) -> Circle:
    def now_emailed(people: tuple[Person, ...]) -> tuple[Person, ...]:
        return tuple(replace(one, emailed=one.emailed or one.id in users) for one in people)

    return Circle(now_emailed(circle.members), now_emailed(circle.leads)) if users else circle

"""The ways through a scenario, and those that would send people messages without end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from services.ingest.domain.scenario import Ask, Branch, End, Form, Say, Scenario, Step


@dataclass(frozen=True)
class ScenarioFault:
    """One thing that is wrong, and where."""

    place: str
    message: str
    code: str
    """What kind of fault it is, for who says it in other words."""
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the words name, such as the step that is not there."""


def exits(step: Step) -> Iterator[tuple[str, str]]:
    """Yield each place of a step that leads somewhere, and where."""
    match step:
        case Say() | Form():
            yield "next", step.next
        case Ask():
            yield "next", step.next
            if step.give_up is not None:
                yield "give_up", step.give_up
            for number, choice in enumerate(step.choices):
                if choice.next is not None:
                    yield f"choices.{number}.next", choice.next
        case Branch():
            for value, target in step.cases.items():
                yield f"cases.{value}", target
            yield "otherwise", step.otherwise
        case End():
            return


def silent_loops(scenario: Scenario) -> Iterator[ScenarioFault]:
    """Find ways round that never wait for an answer.

    Nobody is asked twice: once a phone or an email is known, the steps that ask for it are passed over, so what
    waits for one person runs on for another.
    """
    seen: set[str] = set()
    for has_phone in (False, True):
        for has_email in (False, True):
            walk = _Walk(scenario, has_phone=has_phone, has_email=has_email)
            for fault in walk.loops():
                if fault.place not in seen:
                    seen.add(fault.place)
                    yield fault


class _Walk:
    """Walks a scenario as it runs for a person of whom a phone, an email, both or neither is known."""

    def __init__(self, scenario: Scenario, *, has_phone: bool, has_email: bool) -> None:
        self._scenario = scenario
        self._known = {"phone": has_phone, "email": has_email, "contact": has_phone or has_email}
        self._branches = {"has_phone": "yes" if has_phone else "no", "has_email": "yes" if has_email else "no"}
        names = [name for name in ("phone", "email") if self._known[name]]
        self._when = f" (once {' and '.join(names)} {'is' if len(names) == 1 else 'are'} known)" if names else ""
        self._known_of = ",".join(names)
        self._done: set[str] = set()

    def loops(self) -> Iterator[ScenarioFault]:
        for name in self._scenario.steps:
            yield from self._from(name, [])

    def _from(self, name: str, path: list[str]) -> Iterator[ScenarioFault]:
        if name in self._done or name not in self._scenario.steps:
            return
        path.append(name)
        for place, target in self._at_once(self._scenario.steps[name]):
            if target in path:
                way = " → ".join([*path[path.index(target) :], target])
                words = f"loops without asking anything{self._when}: {way}"
                yield ScenarioFault(
                    f"steps.{name}.{place}", words, "silent_loop", {"way": way, "known": self._known_of}
                )
            else:
                yield from self._from(target, path)
        path.pop()
        self._done.add(name)

    def _at_once(self, step: Step) -> Iterator[tuple[str, str]]:
        """Yield where a step leads without waiting."""
        match step:
            case Ask():
                if self._known.get(step.for_, False):
                    yield "next", step.next
            case Branch() if step.on in self._branches:
                value = self._branches[step.on]
                yield (f"cases.{value}", step.cases[value]) if value in step.cases else ("otherwise", step.otherwise)
            case _:
                yield from exits(step)

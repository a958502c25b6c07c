"""Checks a scenario before it is used: each error names its place, as `steps.reach.next`."""

from collections.abc import Iterator, Mapping

from phonenumbers import SUPPORTED_REGIONS
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.ingest.domain.scenario import Ask, Branch, End, Form, Say, Scenario, Step, Text
from services.ingest.domain.scenario_ways import ScenarioFault, exits, silent_loops


class InvalidScenarioError(Exception):
    """A scenario that cannot be used; `faults` says why."""

    def __init__(self, faults: list[ScenarioFault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.message}" for fault in faults[:3]))
        self.faults = faults


def read_scenario(document: object) -> Scenario:
    """Read and check a document. Raises `InvalidScenarioError` with everything that is wrong."""
    try:
        scenario = Scenario.model_validate(document)
    except ValidationError as error:
        raise InvalidScenarioError([_of_form(one) for one in error.errors(include_url=False)]) from error
    faults = list(_faults(scenario))
    if faults:
        raise InvalidScenarioError(faults)
    return scenario


def _of_form(error: ErrorDetails) -> ScenarioFault:
    """Tell what pydantic found, by its own names of what is wrong."""
    values = {name: str(value) for name, value in error.get("ctx", {}).items() if isinstance(value, str | int)}
    return ScenarioFault(_place(error["loc"]), error["msg"], error["type"], values)


_VARIANTS = {"<words>", "<languages>", "[key]"}
_STEPS_OWN = 2


def _place(location: tuple[int | str, ...]) -> str:
    """Write pydantic's location as one would find it in the document, without the names of its variants.

    After a step's own name comes the kind of step it was read as: a step may well be called `end`.
    """
    if location[:1] == ("steps",):
        location = (*location[:_STEPS_OWN], *location[_STEPS_OWN + 1 :])
    return ".".join(str(part) for part in location if part not in _VARIANTS) or "scenario"


def _faults(scenario: Scenario) -> Iterator[ScenarioFault]:
    if scenario.start not in scenario.steps:
        yield _no_step("start", scenario.start)
    for name, step in scenario.steps.items():
        for place, target in exits(step):
            if target not in scenario.steps:
                yield _no_step(f"steps.{name}.{place}", target)
        yield from _texts(scenario, name, step)
        if isinstance(step, Ask):
            yield from _choices(name, step)
        if isinstance(step, Branch):
            yield from _branch(scenario, name, step)
    if scenario.region is not None and scenario.region not in SUPPORTED_REGIONS:
        words = f"{scenario.region!r} is no region that has phone numbers"
        yield ScenarioFault("region", words, "no_region", {"region": scenario.region})
    yield from silent_loops(scenario)
    yield from _unreachable(scenario)


def _no_step(place: str, step: str) -> ScenarioFault:
    return ScenarioFault(place, f"there is no step {step!r}", "no_step", {"step": step})


def _texts(scenario: Scenario, name: str, step: Step) -> Iterator[ScenarioFault]:
    first = scenario.languages[0]
    found: dict[str, Text | None] = {}
    if isinstance(step, Say | Ask | Form | End):
        found["text"] = step.text
    if isinstance(step, Ask):
        found["sorry"] = step.sorry
        found |= {f"choices.{number}.text": choice.text for number, choice in enumerate(step.choices)}
    for place, text in found.items():
        if isinstance(text, Mapping) and first not in text:
            words = f"has no text in {first!r}, the scenario's first language"
            yield ScenarioFault(f"steps.{name}.{place}", words, "no_first_language", {"language": first})


def _choices(name: str, step: Ask) -> Iterator[ScenarioFault]:
    place = f"steps.{name}.choices"
    if step.for_ == "choice" and not step.choices:
        yield ScenarioFault(place, "a choice needs at least one answer", "no_choices")
    if step.for_ != "choice" and step.choices:
        words = f"only `for: choice` has answers to choose from, not {step.for_!r}"
        yield ScenarioFault(place, words, "only_choice", {"for": step.for_})
    seen: set[str] = set()
    for number, choice in enumerate(step.choices):
        if choice.id in seen:
            yield ScenarioFault(f"{place}.{number}.id", f"{choice.id!r} is there twice", "twice", {"id": choice.id})
        seen.add(choice.id)


def _branch(scenario: Scenario, name: str, step: Branch) -> Iterator[ScenarioFault]:
    kind, _, answer = step.on.partition(":")
    asks = [s for s in scenario.steps.values() if isinstance(s, Ask) and s.save_as == answer]
    if kind == "answer" and not asks:
        words = f"no step saves an answer as {answer!r}"
        yield ScenarioFault(f"steps.{name}.on", words, "nobody_saves", {"answer": answer})
    if kind == "answer" and asks and all(ask.for_ == "choice" for ask in asks):
        known = {choice.id for ask in asks for choice in ask.choices}
        for value in step.cases:
            if value not in known:
                words = f"{answer!r} has no answer {value!r}"
                told = {"answer": answer, "value": value}
                yield ScenarioFault(f"steps.{name}.cases.{value}", words, "no_such_answer", told)
    if kind in {"has_phone", "has_email"}:
        for value in step.cases:
            if value not in {"yes", "no"}:
                place, words = f"steps.{name}.cases.{value}", "the cases here are `yes` and `no`"
                yield ScenarioFault(place, words, "yes_or_no")


def _unreachable(scenario: Scenario) -> Iterator[ScenarioFault]:
    if scenario.start not in scenario.steps:
        return
    reached: set[str] = set()
    waiting = [scenario.start]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in scenario.steps:
            continue
        reached.add(name)
        waiting += [target for _, target in exits(scenario.steps[name])]
    for name in scenario.steps:
        if name not in reached:
            yield ScenarioFault(f"steps.{name}", "no step leads here", "unreachable")

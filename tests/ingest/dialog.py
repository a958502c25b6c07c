"""A dialog as a person has it: they write or press, and see what is said."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.ingest.domain.scenario import Scenario
from services.ingest.domain.scenario_check import InvalidScenarioError, read_scenario
from services.ingest.domain.scenario_run import Input, Known, Progress, Turn, take_turn
from shared.contracts.chat import ContactCard

Document = dict[str, Any]


def scenario(steps: Mapping[str, Any], **more: Any) -> Document:
    """Make a document; the first step is where it starts."""
    return {"name": "Test", "start": next(iter(steps)), "steps": dict(steps), **more}


def say(text: Any, then: str) -> Document:
    return {"do": "say", "text": text, "next": then}


def ask(what: str, then: str, **more: Any) -> Document:
    return {"do": "ask", "for": what, "text": f"Your {what}?", "next": then, **more}


def choice(id_: str, text: Any, **more: Any) -> Document:
    return {"id": id_, "text": text, **more}


def branch(on: str, cases: Mapping[str, str], otherwise: str) -> Document:
    return {"do": "branch", "on": on, "cases": dict(cases), "otherwise": otherwise}


def end(text: Any = None) -> Document:
    return {"do": "end"} | ({"text": text} if text is not None else {})


def faults(document: object) -> dict[str, str]:
    """Return what is wrong with a document, by place."""
    try:
        read_scenario(document)
    except InvalidScenarioError as error:
        return {fault.place: fault.message for fault in error.faults}
    return {}


class Dialog:
    """One person and one scenario, remembered between turns as a conversation remembers them."""

    def __init__(self, document: Document, language: str | None = None, **known: bool) -> None:
        self.scenario: Scenario = read_scenario(document)
        self.progress = Progress()
        self.known = replace(Known(language), **known)
        self.turn = Turn(self.progress)

    def writes(self, text: str) -> list[str]:
        return self._does(Input(text=text))

    def presses(self, data: str) -> list[str]:
        return self._does(Input(text=data.rsplit(":", 1)[-1], pressed=data))

    def shares(self, phone: str, *, own: bool = True) -> list[str]:
        return self._does(Input(card=ContactCard(phone=phone, own=own)))

    def edited_to(self, document: Document) -> None:
        self.scenario = read_scenario(document)

    def _does(self, given: Input) -> list[str]:
        self.turn = take_turn(self.scenario, self.progress, self.known, given)
        self.progress = self.turn.progress
        kinds = {one.kind for one in self.turn.provided}
        self.known = replace(
            self.known,
            has_phone=self.known.has_phone or "phone" in kinds,
            has_email=self.known.has_email or "email" in kinds,
        )
        return [reply.text for reply in self.turn.replies]

    @property
    def provided(self) -> list[tuple[str, str]]:
        return [(one.kind, one.value) for one in self.turn.provided]

    @property
    def notes(self) -> list[tuple[str, str]]:
        return [(note.step, note.kind) for note in self.turn.notes]

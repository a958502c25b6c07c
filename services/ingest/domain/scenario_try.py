"""Tries a scenario out: turns of a dialog with nobody, of which nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.ingest.domain.given import read_phone
from services.ingest.domain.scenario import Scenario
from services.ingest.domain.scenario_run import take_turn
from services.ingest.domain.scenario_turn import Input, Known, Progress, Provided, Turn


@dataclass(frozen=True)
class Tried:
    """How far a try-out has come, and what its person has given so far."""

    progress: Progress = field(default_factory=Progress)
    has_phone: bool = False
    has_email: bool = False


@dataclass(frozen=True)
class TriedTurn:
    """What follows from one input, and what to go on with."""

    turn: Turn
    details: tuple[Provided, ...]
    """The phone and email that were given: typed, or on the contact that was shared."""
    tried: Tried


def try_turn(scenario: Scenario, tried: Tried, language: str | None, given: Input) -> TriedTurn:
    """Answer one input as the scenario would answer a person's."""
    turn = take_turn(scenario, tried.progress, Known(language, tried.has_phone, tried.has_email), given)
    details = (*turn.provided, *_on_card(given, turn))
    kinds = {one.kind for one in details}
    return TriedTurn(
        turn, details, Tried(turn.progress, tried.has_phone or "phone" in kinds, tried.has_email or "email" in kinds)
    )


def _on_card(given: Input, turn: Turn) -> Iterator[Provided]:
    """Yield the phone of a shared contact that answered a question: where it is real, the channel itself tells it."""
    if given.card is not None and any(note.kind == "answered" for note in turn.notes):
        phone = read_phone(f"+{given.card.phone.removeprefix('+')}")
        if phone is not None:
            yield Provided("phone", phone)

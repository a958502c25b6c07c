"""What somebody's input answers to a question: a choice, a text, a phone or an email; or nothing."""

from dataclasses import dataclass
from typing import Literal

from services.ingest.domain.given import read_card_phone, read_email, read_phone
from services.ingest.domain.scenario import Ask, Choice, Scenario, in_language
from services.ingest.domain.scenario_turn import Input


@dataclass(frozen=True)
class Answer:
    """What was understood."""

    value: str
    kind: Literal["phone", "email"] | None = None
    typed: bool = True
    """False for a card: the channel told of it already."""
    next: str | None = None


def read_answer(scenario: Scenario, step: Ask, given: Input, language: str | None) -> Answer | None:
    """Read the answer to a question; None where it is none."""
    text = given.text.strip()
    if step.for_ == "choice":
        choice = _chosen(scenario, step, given, language)
        return Answer(choice.id, next=choice.next) if choice else None
    if step.for_ == "text":
        return Answer(text) if text and given.pressed is None else None
    if step.for_ in {"phone", "contact"}:
        if given.card is not None:
            phone = read_card_phone(given.card.phone)
            return Answer(phone, "phone", typed=False) if phone else None
        phone = read_phone(text, scenario.region)
        if phone is not None:
            return Answer(phone, "phone")
    if step.for_ in {"email", "contact"}:
        email = read_email(text)
        if email is not None:
            return Answer(email, "email")
    return None


def _chosen(scenario: Scenario, step: Ask, given: Input, language: str | None) -> Choice | None:
    """Find the answer that was pressed, or typed: its words, or its number."""
    wanted = given.pressed.split(":", 1)[1] if given.pressed else None
    typed = given.text.strip().casefold()
    for number, choice in enumerate(step.choices, start=1):
        label = in_language(choice.text, language, scenario.languages).casefold()
        if choice.id == wanted or (wanted is None and typed in {label, str(number)}):
            return choice
    return None
